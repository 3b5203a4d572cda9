// The log's filters: its state, its kind and its time; and what of them is set.
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Range } from '@/shared/charts/ranges';
import { TimeRange } from '@/shared/charts/TimeRange';
import { Chips } from '@/shared/ui/Chips';
import { offered, states, type Filters } from './filters';
import { kindGroups, kindText, kindWithGroup } from './kinds';

interface Props {
  filters: Filters;
  range: Range;
  asOf: number;
  change(part: Partial<Filters>): void;
  within(range: Range): void;
}

export function LogFilters({ filters, range, asOf, change, within }: Props) {
  const { t } = useTranslation();
  const chosen = [
    ...(filters.state ? [{ key: 'state', text: t('webhooks.log.chip', { name: t('webhooks.log.state'), value: t(`webhooks.states.${filters.state}`) }), remove: () => change({ state: '' }) }] : []),
    ...(filters.kind ? [{ key: 'kind', text: t('webhooks.log.chip', { name: t('webhooks.log.kind'), value: kindText(filters.kind) }), remove: () => change({ kind: '' }) }] : []),
  ];
  return (
    <>
      <div className="filters" role="search" aria-label={t('webhooks.log.filters')}>
        <TimeRange range={range} asOf={asOf} offered={[...offered]} change={within} />
        <Select aria-label={t('webhooks.log.state')} placeholder={t('webhooks.log.state')} style={{ minWidth: 120 }} allowClear value={filters.state || undefined} options={states.map((value) => ({ value, label: t(`webhooks.states.${value}`) }))} onChange={(value?: Filters['state']) => change({ state: value ?? '' })} />
        <Select
          aria-label={t('webhooks.log.kind')}
          placeholder={t('webhooks.log.kind')}
          style={{ minWidth: 160 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={filters.kind || undefined}
          options={kindGroups.flatMap(({ kinds }) => kinds.map((value) => ({ value, label: kindWithGroup(value) })))}
          onChange={(value?: Filters['kind']) => change({ kind: value ?? '' })}
        />
      </div>
      <Chips label={t('webhooks.log.filters')} items={chosen} clear={() => change({ state: '', kind: '' })} />
    </>
  );
}
