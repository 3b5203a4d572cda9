// One bar for the figures and the list: days, group, agent; and what of them is set.
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { groupName, useAgents, useGroups } from '@/shared/teams/teams';
import { Chips } from '@/shared/ui/Chips';
import type { Filters } from './filters';
import { useNames } from './names';

interface Props {
  appid: string;
  filters: Filters;
  change(next: Partial<Filters>): void;
  children: ReactNode; // before them, in the same bar
}

const offered = ['group', 'agent'] as const;

export function ResultFilters({ appid, filters, change, children }: Props) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const agents = useAgents(appid);
  const names = useNames(appid);
  const options = {
    group: (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) })),
    agent: (agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name })),
  };
  const chosen = offered.filter((name) => filters[name]);
  return (
    <>
      <div className="filters" role="search" aria-label={t('satisfaction.filters.title')}>
        {children}
        {offered.map((name) => (
          <Select key={name} aria-label={t(`satisfaction.filters.${name}`)} placeholder={t(`satisfaction.filters.${name}`)} style={{ minWidth: 130 }} allowClear showSearch={options[name].length > 8 ? { optionFilterProp: 'label' } : false} value={filters[name] || undefined} options={options[name]} onChange={(value?: string) => change({ [name]: value ?? '' })} />
        ))}
      </div>
      <Chips label={t('satisfaction.filters.title')} items={chosen.map((key) => ({ key, text: `${t(`satisfaction.filters.${key}`)}: ${names[key](filters[key])}`, remove: () => change({ [key]: '' }) }))} clear={() => change({ group: '', agent: '' })} />
    </>
  );
}
