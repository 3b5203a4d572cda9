// What results and follow-ups are narrowed by; the address holds it, beside the days.
import type { Among, By, FollowUp } from '../api/satisfaction';

export const compared = ['agent', 'group', 'question'] as const satisfies By[];
export type Compared = (typeof compared)[number];
export const scores = [5, 4, 3, 2, 1] as const;
export type Score = (typeof scores)[number];
export const nobody = 'nobody';

export interface Filters {
  group: string;
  agent: string;
  score: Score | 0; // of the list alone, as is the next
  comment: boolean;
  by: Compared;
}

export interface FollowUpFilters {
  state: FollowUp['state'];
  owner: string; // an account, or nobody
  overdue: boolean; // open ones only
}

const id = (text: string | null) => (text && /^\d{1,19}$/.test(text) ? text : '');
const yes = (text: string | null) => text === 'yes';

export const filtersOf = (search: URLSearchParams): Filters => ({
  group: id(search.get('group')),
  agent: id(search.get('agent')),
  score: scores.find((one) => String(one) === search.get('score')) ?? 0,
  comment: yes(search.get('comment')),
  by: compared.find((one) => one === search.get('by')) ?? compared[0],
});

export function followUpFiltersOf(search: URLSearchParams): FollowUpFilters {
  const state = search.get('state') === 'done' ? 'done' : 'open';
  return { state, owner: search.get('owner') === nobody ? nobody : id(search.get('owner')), overdue: state === 'open' && yes(search.get('overdue')) };
}

// With what else the address holds; what is as it would be without an address is left out of it.
export function withFilters(search: URLSearchParams, filters: Partial<Filters & FollowUpFilters>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(filters)) {
    const usual = !value || value === compared[0] || value === 'open';
    if (usual) next.delete(name);
    else next.set(name, value === true ? 'yes' : String(value));
  }
  return next;
}

export const amongOf = ({ group, agent }: Filters): Among => ({ ...(group ? { group } : {}), ...(agent ? { agent } : {}) });
export const listedOf = (filters: Filters) => ({ ...amongOf(filters), ...(filters.score ? { score: filters.score } : {}), ...(filters.comment ? { with_comment: true } : {}) });
export const followUpsOf = ({ state, owner, overdue }: FollowUpFilters) => ({ state, ...(owner ? { owner } : {}), ...(overdue ? { overdue } : {}) });
