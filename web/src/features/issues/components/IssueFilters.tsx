// One bar of filters, applied at once.
import { Button, Input, Select } from 'antd';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TimeRange } from '@/shared/charts/TimeRange';
import { usePermissions } from '@/shared/session/session';
import { useMembers } from '../api/issues';
import { kinds, severities, sorts, states, type Filters } from './filters';

interface Props {
  appid: string;
  filters: Filters;
  asOf: number;
  releases: string[];
  busy: boolean;
  change(next: Filters): void;
  refresh(): void;
}

export function IssueFilters({ appid, filters, asOf, releases, busy, change, refresh }: Props) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const members = useMembers(appid, can('members.read', appid));
  const set = <K extends keyof Filters>(name: K, value: Filters[K]) => change({ ...filters, [name]: value });
  const many = (name: 'state' | 'kind' | 'severity', options: { value: string; label: string }[], empty: string) => (
    <Select mode="multiple" aria-label={t(`issues.filters.${name}`)} placeholder={empty} style={{ minWidth: 132 }} maxTagCount={1} allowClear value={filters[name]} options={options} onChange={(value: string[]) => set(name, value)} />
  );
  const people = (members.data ?? []).map((one) => ({ value: one.account_id, label: one.display_name || one.username }));
  return (
    <div className="filters" role="search" aria-label={t('issues.filters.label')}>
      <Input.Search key={filters.text} aria-label={t('issues.filters.text')} placeholder={t('issues.filters.text')} defaultValue={filters.text} allowClear style={{ width: 240 }} onSearch={(text) => set('text', text.trim())} />
      <TimeRange range={filters.range} asOf={asOf} change={(range) => set('range', range)} />
      {many('state', [...states.map((value) => ({ value: value as string, label: t(`issues.states.${value}`) })), { value: 'all', label: t('common.all') }], t('issues.filters.open'))}
      {many('kind', kinds.map((value) => ({ value, label: t(`issues.kinds.${value}`) })), t('issues.filters.kind'))}
      {many('severity', severities.map((value) => ({ value, label: value })), t('issues.filters.severity'))}
      <Select aria-label={t('issues.filters.release')} placeholder={t('issues.filters.release')} style={{ minWidth: 110 }} allowClear showSearch value={filters.release || undefined} options={releases.map((value) => ({ value, label: value }))} onChange={(value?: string) => set('release', value ?? '')} />
      <Select
        aria-label={t('issues.filters.assignee')}
        placeholder={t('issues.filters.assignee')}
        style={{ minWidth: 120 }}
        allowClear
        value={filters.assignee || undefined}
        options={[{ value: 'me', label: t('issues.me') }, { value: 'none', label: t('issues.nobody') }, ...people]}
        onChange={(value?: string) => set('assignee', value ?? '')}
      />
      <Select aria-label={t('issues.filters.ignored')} style={{ minWidth: 120 }} value={filters.ignored} options={(['no', 'yes', 'only'] as const).map((value) => ({ value, label: t(`issues.ignoring.${value}`) }))} onChange={(value) => set('ignored', value)} />
      <Select aria-label={t('issues.filters.sort')} style={{ minWidth: 130 }} value={filters.sort} options={sorts.map((value) => ({ value, label: t(`issues.sorts.${value}`) }))} onChange={(value) => set('sort', value)} />
      <Button icon={<RefreshCw size={15} aria-hidden />} loading={busy} aria-label={t('issues.refresh')} title={t('issues.refresh')} onClick={refresh} />
    </div>
  );
}
