// What the address of the search holds: the conditions, and the conversation that is read beside. Pure.
import { dayStart } from '@/shared/ui/days';
import type { Question } from '../api/records';

export const filterNames = ['q', 'from', 'to', 'customer', 'group', 'agent', 'score', 'reason_id', 'tag', 'customer_tag', 'source'] as const;
export type FilterName = (typeof filterNames)[number];
// As the address writes them; '': not asked for. from and to are days, both included.
export type Filters = Record<FilterName, string>;

const day = /^\d{4}-\d\d-\d\d$/;
const id = /^[1-9]\d{0,18}$/;
// As many characters as the server takes.
const shapes: Record<FilterName, RegExp> = { q: /^[^]{1,160}$/, from: day, to: day, customer: /^[^]{1,128}$/, group: id, agent: id, score: /^[1-5]$/, reason_id: id, tag: /^[^]{1,32}$/, customer_tag: /^[^]{1,32}$/, source: /^[^]{1,160}$/ };

export function filtersOf(search: URLSearchParams): Filters {
  const known = filterNames.map((name) => {
    const value = (search.get(name) ?? '').trim();
    return [name, shapes[name].test(value) ? value : ''];
  });
  return Object.fromEntries(known) as Filters;
}

// What is read beside goes with another question.
export function withFilters(search: URLSearchParams, filters: Partial<Filters>): URLSearchParams {
  const next = withOpen(search, '');
  for (const [name, value] of Object.entries(filters)) value.trim() ? next.set(name, value.trim()) : next.delete(name);
  return next;
}

// Whole days on the mini program's clock; the last one ends at the next midnight.
export function questionOf({ q, from, to, score, ...rest }: Filters, zone: string): Question {
  const begin = from ? dayStart(from, zone) : undefined;
  const last = to ? dayStart(to, zone) : undefined;
  const given = Object.entries({ text: q, ...rest }).filter(([, value]) => value !== '');
  return {
    ...Object.fromEntries(given),
    ...(begin !== undefined && { from: begin }),
    ...(last !== undefined && { to: dayStart(new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10), zone)! }),
    ...(score && { score: Number(score) }),
  };
}

export const openOf = (search: URLSearchParams) => {
  const open = search.get('open') ?? '';
  const seq = Number(search.get('seq'));
  return { open: id.test(open) ? open : '', seq: Number.isSafeInteger(seq) && seq > 0 ? seq : 0 };
};

// open '': nothing is read. seq 0: from the beginning.
export function withOpen(search: URLSearchParams, open: string, seq = 0): URLSearchParams {
  const next = new URLSearchParams(search);
  open ? next.set('open', open) : next.delete('open');
  seq ? next.set('seq', String(seq)) : next.delete('seq');
  return next;
}

export const sections = ['search', 'exports', 'persons', 'settings'] as const;
export type Section = (typeof sections)[number];
