// 保留期限: after how many days what was said, and its media, go for good.
import { Alert, Button, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useChangeRetention, useRetention, type Retention } from '../api/records';
import { daysMax, problemOf, shortened, type Days } from './retention';

export function RetentionPanel({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const retention = useRetention(appid);
  return (
    <Panel title={t('records.retention.title')}>
      <p className="muted panel-note">{t('records.retention.hint')}</p>
      <Loaded query={retention} rows={4}>{(now) => <Editor key={now.version} appid={appid} now={now} />}</Loaded>
    </Panel>
  );
}

const parts = ['messages_days', 'media_days'] as const;

function Editor({ appid, now }: { appid: string; now: Retention }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const change = useChangeRetention(appid);
  const [days, setDays] = useState<Days>({ messages_days: now.messages_days, media_days: now.media_days });
  const problem = problemOf(days);
  const changed = parts.some((part) => days[part] !== now[part]);
  const save = () => change.mutateAsync({ version: now.version, ...days }).then(() => notify.done(), notify.failed);
  // What is deleted does not come back.
  const submit = () => (shortened(now, days) ? notify.confirm(t('records.retention.sure'), t('records.retention.sure_text'), save, t('records.retention.shorten')) : void save());
  return (
    <div className="rec-retention">
      {parts.map((part) => {
        const name = t(`records.retention.${part}`);
        const done = part === 'messages_days' ? now.messages : now.media;
        return (
          <fieldset key={part}>
            <legend>{name}</legend>
            <Radio.Group aria-label={name} value={days[part] === 0 ? 'ever' : 'days'} onChange={({ target }) => setDays({ ...days, [part]: target.value === 'ever' ? 0 : now[part] || 180 })} options={[{ value: 'ever', label: t('records.retention.ever') }, { value: 'days', label: t('records.retention.days') }]} />
            {days[part] !== 0 && <InputNumber aria-label={t('records.retention.days_of', { name })} min={1} max={daysMax} precision={0} suffix={t('records.retention.unit')} style={{ width: 130 }} value={days[part]} onChange={(value) => value && setDays({ ...days, [part]: value })} />}
            <small className="muted num">
              {t('records.retention.deleted', { n: countText(done.deleted) })}
              {done.last_deleted_at !== null && (
                <>
                  {' · '}
                  <Ago at={done.last_deleted_at} />
                </>
              )}
            </small>
          </fieldset>
        );
      })}
      {problem && <Alert type="warning" showIcon title={t('records.retention.media_longer')} />}
      <div className="rec-acts">
        <Button type="primary" disabled={!changed || problem} loading={change.isPending} onClick={submit}>
          {t('common.save')}
        </Button>
        {now.updated_at !== null && (
          <small className="muted">
            {t('records.retention.updated', { name: now.updated_by ?? '' })} <Ago at={now.updated_at} />
          </small>
        )}
      </div>
    </div>
  );
}
