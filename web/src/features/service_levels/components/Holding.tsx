// Which row holds for a conversation: from the most specific on.
import { InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { defaultGroup, groupName, useGroups } from '@/shared/teams/teams';
import { Mark, Panel } from '@/shared/ui/page';
import { looksFor, priorityMax, type Row } from './targetDraft';
import { promiseText } from './words';

export function Holding({ appid, rows }: { appid: string; rows: Row[] }) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const [group, setGroup] = useState(defaultGroup);
  const [priority, setPriority] = useState(0);
  const steps = looksFor(rows, group, priority);
  const held = steps.find((one) => one.holds);
  const options = (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) }));
  return (
    <Panel title={t('service_levels.holding.title')}>
      <p className="muted panel-note">{t('service_levels.holding.hint')}</p>
      <div className="sl-line">
        <Select aria-label={t('service_levels.holding.group')} style={{ minWidth: 180 }} showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} value={options.length > 0 ? group : undefined} options={options} onChange={setGroup} />
        <label className="sl-line">
          {t('service_levels.holding.priority')}
          <InputNumber min={0} max={priorityMax} precision={0} style={{ width: 96 }} value={priority} onChange={(value) => setPriority(value ?? 0)} />
        </label>
      </div>
      <p className="sl-held" role="status">
        {held ? t('service_levels.holding.found', { n: held.index + 1, what: promiseText(rows[held.index]!, t) }) : t('service_levels.holding.nothing')}
      </p>
      <ol className="sl-steps">
        {steps.map(({ specificity, index, holds }) => (
          <li key={specificity}>
            {t(`service_levels.holding.steps.${specificity}`)}{' '}
            <Mark level={holds ? 'ok' : 'unknown'}>
              <span className={holds ? undefined : 'muted'}>{t(`service_levels.holding.verdicts.${holds ? 'holds' : index < 0 ? 'none' : 'later'}`, { n: index + 1 })}</span>
            </Mark>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
