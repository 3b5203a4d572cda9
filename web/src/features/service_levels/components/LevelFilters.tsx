// One bar of filters for the figures and the list, and what of them is set.
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { kinds } from '@/shared/service_levels/marks';
import { groupName, useAgents, useGroupName, useGroups } from '@/shared/teams/teams';
import { Chips } from '@/shared/ui/Chips';
import { filterNames, type Filters } from './filters';
import { useAgentName } from './useAgentName';

interface Props {
  appid: string;
  filters: Filters;
  offered: readonly (typeof filterNames)[number][];
  change(next: Partial<Filters>): void;
  children: ReactNode; // before them, in the same bar
}

export function LevelFilters({ appid, filters, offered, change, children }: Props) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const agents = useAgents(appid);
  const nameOfGroup = useGroupName(appid);
  const nameOfAgent = useAgentName(appid);
  const options: Record<keyof Filters, { value: string; label: string }[]> = {
    kind: kinds.map((value) => ({ value, label: t(`desk.levels.kinds.${value}`) })),
    group: (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) })),
    agent: (agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name })),
    open: (['yes', 'no'] as const).map((value) => ({ value, label: t(`service_levels.filters.opens.${value}`) })),
  };
  const textOf = (name: keyof Filters) => {
    if (name === 'group') return nameOfGroup(filters.group);
    if (name === 'agent') return nameOfAgent(filters.agent);
    return options[name].find((one) => one.value === filters[name])?.label ?? '';
  };
  const chosen = offered.filter((name) => filters[name]);
  const none = { kind: '', group: '', agent: '', open: '' } as const;
  return (
    <>
      <div className="filters" role="search" aria-label={t('service_levels.filters.title')}>
        {children}
        {offered.map((name) => (
          <Select key={name} aria-label={t(`service_levels.filters.${name}`)} placeholder={t(`service_levels.filters.${name}`)} style={{ minWidth: 130 }} allowClear showSearch={options[name].length > 8 ? { optionFilterProp: 'label' } : false} value={filters[name] || undefined} options={options[name]} onChange={(value?: string) => change({ [name]: value ?? '' })} />
        ))}
      </div>
      <Chips label={t('service_levels.filters.title')} items={chosen.map((key) => ({ key, text: `${t(`service_levels.filters.${key}`)}: ${textOf(key)}`, remove: () => change({ [key]: '' }) }))} clear={() => change(none)} />
    </>
  );
}
