// What the list asks for; the address holds it.
import { rangeOf, windowOf, writeRange, type Preset, type Range } from '@/shared/charts/ranges';

export const states = ['found', 'classified', 'located', 'fixed', 'released'] as const;
export const kinds = ['js', 'api', 'network', 'resource', 'blank_screen', 'crash'] as const;
export const severities = ['P0', 'P1', 'P2', 'P3'] as const;
export const sorts = ['last_seen', 'first_seen', 'events', 'users'] as const;
const ignoredWords = ['no', 'yes', 'only'] as const;

export interface Filters {
  range: Range;
  state: string[]; // none: those that are open
  kind: string[];
  severity: string[];
  release: string;
  assignee: string;
  ignored: (typeof ignoredWords)[number];
  text: string;
  sort: (typeof sorts)[number];
}
export const usualRange: Preset = '7d';

const listOf = (search: URLSearchParams, name: string, known: readonly string[]) => (search.get(name) ?? '').split(',').filter((one) => known.includes(one));
const oneOf = <T extends string>(text: string | null, known: readonly T[]): T => known.find((one) => one === text) ?? known[0]!;

export const filtersOf = (search: URLSearchParams): Filters => ({
  range: rangeOf(search, usualRange),
  state: listOf(search, 'state', [...states, 'all']),
  kind: listOf(search, 'kind', kinds),
  severity: listOf(search, 'severity', severities),
  release: search.get('release') ?? '',
  assignee: search.get('assignee') ?? '',
  ignored: oneOf(search.get('ignored'), ignoredWords),
  text: search.get('text') ?? '',
  sort: oneOf(search.get('sort'), sorts),
});

export function searchOf(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  writeRange(search, filters.range, usualRange);
  for (const name of ['state', 'kind', 'severity'] as const) if (filters[name].length > 0) search.set(name, filters[name].join(','));
  for (const name of ['release', 'assignee', 'text'] as const) if (filters[name]) search.set(name, filters[name]);
  if (filters.ignored !== 'no') search.set('ignored', filters.ignored);
  if (filters.sort !== 'last_seen') search.set('sort', filters.sort);
  return search;
}

export function questionOf(filters: Filters, now: number) {
  const { from, to } = windowOf(filters.range, now);
  const chosen = filters.state.includes('all') ? states.join(',') : filters.state.join(',') || 'open';
  const maybe = (name: string, value: string) => (value ? { [name]: value } : {});
  return {
    from,
    to,
    state: chosen,
    ignored: filters.ignored,
    sort: filters.sort,
    ...maybe('kind', filters.kind.join(',')),
    ...maybe('severity', filters.severity.join(',')),
    ...maybe('release', filters.release),
    ...maybe('assignee', filters.assignee),
    ...maybe('text', filters.text),
  };
}
export type Question = ReturnType<typeof questionOf>;

export const narrowed = (filters: Filters) =>
  filters.state.length + filters.kind.length + filters.severity.length > 0 || !!(filters.release || filters.assignee || filters.text) || filters.ignored === 'only';

// The points of a trend as bars of equal width: those without events, too.
export function trendOf(points: { at: number; events: number }[], { from, to }: { from: number; to: number }, interval: number): number[] {
  const bars = Math.max(1, Math.min(200, Math.ceil((to - from) / interval)));
  const values = Array.from({ length: bars }, () => 0);
  for (const { at, events } of points) {
    const index = Math.floor((at - from) / interval);
    const place = Math.max(0, Math.min(bars - 1, index));
    values[place] = (values[place] ?? 0) + events;
  }
  return values;
}
