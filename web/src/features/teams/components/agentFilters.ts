// What the list of agents is narrowed by; the address holds it, the server looks.
import type { AgentFilter } from '../api/teams';

export const presences = ['online', 'busy', 'away', 'offline'] as const;

export interface Filters {
  group: string;
  skill: string;
  presence: (typeof presences)[number] | '';
  language: string;
  q: string; // in the name
}
const names = ['group', 'skill', 'presence', 'language', 'q'] as const;

export const filtersOf = (search: URLSearchParams): Filters => ({
  group: search.get('group') ?? '',
  skill: search.get('skill') ?? '',
  presence: presences.find((one) => one === search.get('presence')) ?? '',
  language: (search.get('language') ?? '').slice(0, 16),
  q: (search.get('q') ?? '').slice(0, 64),
});

export function searchOf(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of names) if (filters[name]) search.set(name, filters[name]);
  return search;
}

export const narrowed = (filters: Filters) => names.some((name) => filters[name] !== '');

export const queryOf = ({ group, skill, presence, language, q }: Filters): AgentFilter => ({
  ...(group ? { group_id: group } : {}),
  ...(skill ? { skill_id: skill } : {}),
  ...(presence ? { presence } : {}),
  ...(language ? { language } : {}),
  ...(q ? { q } : {}),
});
