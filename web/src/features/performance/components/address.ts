// The page's address ↔ what is looked at. What is as it would be without an address is left out of it.
import type { Schemas } from '@/shared/api/client';
import { parseWords, writeWords } from '@/shared/api/words';
import { rangeOf, windowOf, writeRange, zoneOffset, type Preset, type Range, type Window } from '@/shared/charts/ranges';

export type Metric = Schemas['PerformanceMetric'];
export type Dimension = Schemas['PerformanceDimension'];
export type Quantiles = Schemas['PerformanceQuantiles'];
export type Quantile = keyof Quantiles;

export const sections = ['overview', 'compare', 'heatmap', 'loads', 'requests', 'advice'] as const;
export const mainMetrics = ['startup', 'page_switch', 'script', 'render', 'request', 'package'] as const satisfies Metric[];
export const moreMetrics = ['lcp', 'set_data', 'first_paint', 'resource', 'page_load'] as const satisfies Metric[];
export const metrics: readonly Metric[] = [...mainMetrics, ...moreMetrics];
export const quantiles = ['p50', 'p75', 'p90', 'p95', 'p99'] as const satisfies Quantile[];
// Those of the bar; the others are set by a press on a value.
export const barFields = ['release', 'page', 'region', 'network', 'device', 'device_level', 'os'] as const satisfies Dimension[];
export const filterFields = [...barFields, 'scene', 'build', 'url'] as const satisfies Dimension[];
export const groupings = ['release', 'page', 'region', 'network', 'scene'] as const;
export const intervals = ['auto', 'hour', 'day', 'week', 'month'] as const;
export const sorts = ['impact', 'count', 'p50', 'p75', 'p90', 'p95', 'p99'] as const;
export const baselines = ['before', 'week', 'release', 'custom'] as const;
export const heatRows = ['page', 'device', 'region', 'release'] as const;
export const heatColumns = ['hour_of_day', 'day', 'metric'] as const;
export const loadOrders = ['slowest', 'newest'] as const;
export const presetsOffered: Preset[] = ['1h', '24h', '7d', '30d', '90d'];
export const usualRange: Preset = '7d';

export type FilterField = (typeof filterFields)[number];
export type Words = Partial<Record<FilterField, string[]>>;

export interface View {
  range: Range;
  words: Words;
  metric: Metric;
  lines: Quantile[]; // of the trend; the first decides where one quantile must do
  interval: (typeof intervals)[number];
  by: (typeof groupings)[number] | ''; // a line for each value
  dimension: Dimension; // of the table
  sort: (typeof sorts)[number];
  baseline: (typeof baselines)[number]; // what the range is compared with
  a: string; // releases that are compared; '' leaves it to the page
  b: string;
  earlier: Window | null; // of the baseline `custom`
  rows: (typeof heatRows)[number];
  columns: (typeof heatColumns)[number];
  order: (typeof loadOrders)[number];
  load: string; // the page load that is open
}

const usualLines: Quantile[] = ['p75', 'p95'];

export function dimensionsOf(metric: Metric): Dimension[] {
  const own: Partial<Record<Metric, Dimension[]>> = { request: ['url', 'status'], resource: ['url'], package: ['package'] };
  return [...(own[metric] ?? []), 'page', 'region', 'device', 'device_level', 'network', 'release', 'os', 'os_version', 'brand', 'wechat', 'base_library', 'scene', 'build'];
}

const oneOf = <T extends string, U>(text: string | null, known: readonly T[], otherwise: U): T | U => known.find((one) => one === text) ?? otherwise;

export function viewOf(search: URLSearchParams): View {
  const metric = oneOf(search.get('metric'), metrics, 'startup');
  const lines = quantiles.filter((one) => (search.get('lines') ?? '').split(',').includes(one));
  const [from, to] = [Number(search.get('a_from')), Number(search.get('a_to'))];
  const given = filterFields.flatMap((field) => (search.get(field) ? [[field, parseWords(search.get(field)!).any]] : []));
  return {
    range: rangeOf(search, usualRange),
    words: Object.fromEntries(given) as Words,
    metric,
    lines: lines.length > 0 ? lines : usualLines,
    interval: oneOf(search.get('interval'), intervals, 'auto'),
    by: oneOf(search.get('by'), groupings, ''),
    dimension: oneOf(search.get('where'), dimensionsOf(metric), 'page'),
    sort: oneOf(search.get('sort'), sorts, 'impact'),
    baseline: oneOf(search.get('against'), baselines, 'before'),
    a: search.get('a') ?? '',
    b: search.get('b') ?? '',
    earlier: Number.isSafeInteger(from) && Number.isSafeInteger(to) && from > 0 && to > from ? { from, to } : null,
    rows: oneOf(search.get('rows'), heatRows, 'page'),
    columns: oneOf(search.get('columns'), heatColumns, 'hour_of_day'),
    order: oneOf(search.get('order'), loadOrders, 'slowest'),
    load: search.get('load') ?? '',
  };
}

export function searchOf(view: View): URLSearchParams {
  const search = new URLSearchParams();
  const set = (name: string, value: string, usual = '') => value !== usual && search.set(name, value);
  writeRange(search, view.range, usualRange);
  for (const field of filterFields) set(field, writeWords({ any: view.words[field] ?? [], not: false }));
  set('metric', view.metric, 'startup');
  set('lines', view.lines.join(','), usualLines.join(','));
  set('interval', view.interval, 'auto');
  set('by', view.by);
  set('where', view.dimension, 'page');
  set('sort', view.sort, 'impact');
  set('against', view.baseline, 'before');
  set('a', view.a);
  set('b', view.b);
  if (view.earlier) {
    search.set('a_from', String(view.earlier.from));
    search.set('a_to', String(view.earlier.to));
  }
  set('rows', view.rows, 'page');
  set('columns', view.columns, 'hour_of_day');
  set('order', view.order, 'slowest');
  set('load', view.load);
  return search;
}

// What every question has: the stretch of time, on whose clock, and which records.
export interface Question extends Window, Partial<Record<FilterField, string>> {
  offset_minutes: number;
}

export function questionOf({ range, words }: Pick<View, 'range' | 'words'>, now: number, zone: string): Question {
  const window = windowOf(range, now);
  const given = filterFields.flatMap((field) => (words[field] ? [[field, writeWords({ any: words[field], not: false })]] : []));
  return { ...window, offset_minutes: zoneOffset(zone, window.to), ...(Object.fromEntries(given) as Partial<Record<FilterField, string>>) };
}

export const askedOf = ({ range, words }: View) => JSON.stringify([range, words]);

export const narrowed = ({ words }: View) => Object.keys(words).length > 0;

export const isFilter = (dimension: string): dimension is FilterField => filterFields.some((one) => one === dimension);

// One more value that may be; a page that is looked at alone stays alone.
export function withWord(words: Words, field: FilterField, word: string): Words {
  return { ...words, [field]: [...(words[field] ?? []).filter((one) => one !== word), word] };
}

export function withWords(words: Words, field: FilterField, any: string[]): Words {
  const { [field]: _, ...rest } = words;
  return any.length > 0 ? { ...rest, [field]: any } : rest;
}

const week = 7 * 86_400_000;

export interface Sides {
  a_from: number;
  a_to: number;
  a_release?: string;
  b_from: number;
  b_to: number;
  b_release?: string;
}

// The range is b; `newest` are the releases that there are, the newest first.
export function sidesOf({ baseline, a, b, earlier }: Pick<View, 'baseline' | 'a' | 'b' | 'earlier'>, { from, to }: Window, newest: string[]): Sides | null {
  const at = { b_from: from, b_to: to };
  if (baseline === 'before') return { ...at, a_from: from - (to - from), a_to: from };
  if (baseline === 'week') {
    const back = Math.ceil((to - from - 60_000) / week) * week;
    return { ...at, a_from: from - back, a_to: to - back };
  }
  if (baseline === 'custom') return earlier && { ...at, a_from: earlier.from, a_to: earlier.to };
  const b_release = b || newest.find((one) => one !== a);
  const a_release = a || newest.slice(b_release && newest.includes(b_release) ? newest.indexOf(b_release) + 1 : 0).find((one) => one !== b_release);
  return a_release && b_release ? { ...at, a_from: from, a_to: to, a_release, b_release } : null;
}
