// What the address of the pages holds, beside the days. Pure.
import { intervals, orders, type By, type Interval, type Listed, type Question, type Span } from '../api/reports';
import { metrics, partsOf } from './figures';

export const sections = ['overview', 'agents', 'groups', 'hours', 'sources', 'reasons', 'tags', 'programs', 'conversations'] as const;
export type Section = (typeof sections)[number];
// The sections that are a table, and by what.
export const byOf: Partial<Record<Section, By>> = { agents: 'agent', groups: 'group', hours: 'hour', sources: 'source', reasons: 'reason', tags: 'tag' };

export const filterNames = ['agent', 'group', 'hour', 'source', 'reason', 'tag'] as const;
export type FilterName = (typeof filterNames)[number];
// As the address writes them; a source or tag may be '', a reason 'none': those without; an agent 'none': what is nobody's.
export type Filters = Partial<Record<FilterName, string>>;

const shapes: Record<FilterName, RegExp> = { agent: /^(none|\d{1,19})$/, group: /^\d{1,19}$/, hour: /^(\d|1\d|2[0-3])$/, source: /^[^]{0,1024}$/, reason: /^(none|\d{1,19})$/, tag: /^[^]{0,32}$/ };

export function filtersOf(search: URLSearchParams): Filters {
  const known = filterNames.flatMap((name) => {
    const value = search.get(name);
    return value !== null && shapes[name].test(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(known) as Filters;
}

// undefined: no longer.
export function withFilters(search: URLSearchParams, filters: Filters): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of Object.keys(filters) as FilterName[]) filters[name] === undefined ? next.delete(name) : next.set(name, filters[name]);
  return next;
}

export function questionOf({ from, to }: Span, { agent, group, hour, source, reason, tag }: Filters): Question {
  return { from, to, ...(agent && { agent_id: agent }), ...(group && { group_id: group }), ...(hour && { hour: Number(hour) }), ...(source !== undefined && { source }), ...(reason && { reason_id: reason }), ...(tag !== undefined && { tag }) };
}

const word = <T extends string>(words: readonly T[], given: string | null, otherwise: T): T => words.find((one) => one === given) ?? otherwise;

export function listedOf(search: URLSearchParams): Listed {
  const metric = word(metrics, search.get('metric'), 'conversations');
  const ended = Number(search.get('ended'));
  return { metric, part: word(partsOf(metric), search.get('part'), 'all'), order: word(orders, search.get('order'), 'newest'), ...(Number.isSafeInteger(ended) && ended > 0 && { ended_from: ended }) };
}

// What is as it would be without it is left out.
export function withListed(search: URLSearchParams, listed: Partial<Listed>): URLSearchParams {
  const next = new URLSearchParams(search);
  const { ended_from: ended, ...words } = listed;
  for (const [name, value] of Object.entries(words)) next.set(name, value);
  if ('ended_from' in listed || 'metric' in listed) ended === undefined ? next.delete('ended') : next.set('ended', String(ended));
  const { metric, part, order } = listedOf(next);
  for (const [name, value, usual] of [['metric', metric, 'conversations'], ['part', part, 'all'], ['order', order, 'newest']] as const) value === usual ? next.delete(name) : next.set(name, value);
  return next;
}

export const intervalAsked = (search: URLSearchParams): Interval | 'auto' => word(['auto', ...intervals] as const, search.get('interval'), 'auto');
