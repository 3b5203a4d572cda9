// What the figures and the list are narrowed by; the address holds it, beside the days.
import { kinds, type Kind } from '@/shared/service_levels/marks';
import type { Among } from '../api/serviceLevels';

export interface Filters {
  kind: Kind | '';
  group: string;
  agent: string;
  open: 'yes' | 'no' | ''; // whether it still counts
}
export const filterNames = ['kind', 'group', 'agent', 'open'] as const;

const id = (text: string | null) => (text && /^\d{1,19}$/.test(text) ? text : '');

export const filtersOf = (search: URLSearchParams): Filters => ({
  kind: kinds.find((one) => one === search.get('kind')) ?? '',
  group: id(search.get('group')),
  agent: id(search.get('agent')),
  open: (['yes', 'no'] as const).find((one) => one === search.get('open')) ?? '',
});

// With what else the address holds.
export function withFilters(search: URLSearchParams, filters: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(filters)) value ? next.set(name, value) : next.delete(name);
  return next;
}

export const narrowed = (filters: Filters) => filterNames.some((name) => filters[name] !== '');

export const amongOf = ({ kind, group, agent }: Filters): Among => ({ ...(kind ? { kind } : {}), ...(group ? { group } : {}), ...(agent ? { agent } : {}) });
export const breachesOf = (filters: Filters) => ({ ...amongOf(filters), ...(filters.open ? { open: filters.open === 'yes' } : {}) });
