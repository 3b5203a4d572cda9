// Silences 静默: nobody is told of what matches, until it ends.
import { Button, Input, Modal, Select } from 'antd';
import { BellOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useEndSilence, useRules, useSilence, useSilences, type Silence } from '../api/alerts';

const hours = [1, 4, 24, 168] as const;

export function Silences({ appid, mayHandle }: { appid: string; mayHandle: boolean }) {
  const { t } = useTranslation();
  const silences = useSilences(appid);
  const rules = useRules(appid);
  const end = useEndSilence(appid);
  const { done, failed } = useNotify();
  const [adding, setAdding] = useState(false);
  const words = (one: Silence) =>
    [one.rule_id && (rules.data?.find((rule) => rule.id === one.rule_id)?.name ?? one.rule_id), one.kind && t(`alerts.kinds.${one.kind}`), one.severity_max && t('alerts.silences.up_to', { severity: t(`alerts.severities.${one.severity_max}`) }), one.group, one.page_prefix].filter(Boolean).join(' · ');
  return (
    <Panel
      title={t('alerts.silences.title')}
      extra={
        mayHandle && (
          <Button size="small" icon={<BellOff size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {t('alerts.silences.add')}
          </Button>
        )
      }
    >
      <Loaded query={silences} rows={2}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('alerts.silences.none')}</p>
          ) : (
            <ul className="alert-review">
              {items.map((one) => (
                <li key={one.id}>
                  <span>
                    <strong>{words(one)}</strong>{' '}
                    <span className="muted">
                      {one.reason} · {one.created_by} · {t('alerts.silences.until')} <Exact at={one.ends_at} />
                    </span>
                  </span>
                  {mayHandle && (
                    <Button size="small" onClick={() => end.mutateAsync(one.id).then(() => done(), failed)}>
                      {t('alerts.silences.end')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && <Dialog appid={appid} close={() => setAdding(false)} />}
    </Panel>
  );
}

function Dialog({ appid, close }: { appid: string; close(): void }) {
  const { t } = useTranslation();
  const rules = useRules(appid);
  const silence = useSilence(appid);
  const { done, failed } = useNotify();
  const [rule, setRule] = useState<string>();
  const [page, setPage] = useState('');
  const [reason, setReason] = useState('');
  const [time, setTime] = useState<number>(1);
  const save = () => silence.mutateAsync({ reason: reason.trim(), ends_at: Date.now() + time * 3_600_000, ...(rule ? { rule_id: rule } : {}), ...(page.trim() ? { page_prefix: page.trim() } : {}) }).then(() => (done(), close()), failed);
  return (
    <Modal open title={t('alerts.silences.add')} okText={t('alerts.silences.add')} cancelText={t('common.cancel')} okButtonProps={{ disabled: reason.trim() === '' || (!rule && !page.trim()) }} confirmLoading={silence.isPending} onCancel={close} onOk={() => void save()}>
      <div className="alert-fields">
        <Select aria-label={t('alerts.silences.rule')} placeholder={t('alerts.silences.rule')} allowClear value={rule} options={(rules.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={setRule} />
        <Input aria-label={t('alerts.silences.page')} placeholder={t('alerts.silences.page')} value={page} maxLength={200} onChange={(event) => setPage(event.target.value)} />
        <Select aria-label={t('alerts.silences.time')} value={time} options={hours.map((value) => ({ value: value as number, label: t(`alerts.silences.hours_${value}`) }))} onChange={setTime} />
        <Input aria-label={t('alerts.silences.reason')} placeholder={t('alerts.silences.reason')} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </div>
    </Modal>
  );
}
