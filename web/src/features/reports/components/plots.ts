// Figures bucket by bucket, as the plots draw them. Pure.
import type { Buckets } from '@/shared/charts/places';
import { zoneOffset } from '@/shared/charts/ranges';
import type { Series, Value } from '@/shared/charts/series';
import { bucketsOf, datesOf, spanOf, type Days } from '@/shared/charts/wholeDays';
import { dayStart } from '@/shared/ui/days';
import type { Figures, Interval, Metric, Row } from '../api/reports';
import { isThere } from './figures';

const hourMs = 3_600_000;
const most: Record<Interval, number> = { hour: 31, day: 400, week: 400, month: 400 }; // days

// Those that can be told apart, and that the server answers at once.
export const intervalsFor = (days: Days): Interval[] => (Object.keys(most) as Interval[]).filter((one) => datesOf(days).length <= most[one]);

export function intervalFor(asked: Interval | 'auto', days: Days): Interval {
  if (asked !== 'auto' && intervalsFor(days).includes(asked)) return asked;
  const n = datesOf(days).length;
  return n <= 2 ? 'hour' : n <= 120 ? 'day' : 'week';
}

const begins: Record<'week' | 'month', (date: string) => boolean> = {
  week: (date) => new Date(`${date}T00:00:00Z`).getUTCDay() === 1,
  month: (date) => date.endsWith('-01'),
};

// The first one begins with the days, wherever in its week or month that is.
export function slotsOf(days: Days, zone: string, interval: Interval): Buckets {
  const { from, to } = spanOf(days, zone);
  if (interval === 'day') return bucketsOf(days, zone);
  if (interval === 'hour') return { starts: Array.from({ length: Math.ceil((to - from) / hourMs) }, (_, n) => from + n * hourMs), end: to };
  const dates = datesOf(days).filter((date, index) => index === 0 || begins[interval](date));
  return { starts: dates.map((date) => dayStart(date, zone)!), end: to };
}

export const hourOf = (at: number, zone: string) => new Date(at + zoneOffset(zone, at) * 60_000).getUTCHours();

export function valuesOf(starts: number[], rows: Row[], read: (figures: Figures) => Value, otherwise: Value): Value[] {
  const found = new Map(rows.map((one) => [one.from, one.figures]));
  return starts.map((start) => {
    const figures = found.get(start);
    return figures ? read(figures) : otherwise;
  });
}

export type Names = (key: string) => string;
const colors: Record<string, string> = { median: 'var(--chart-1)', mean: 'var(--chart-3)', p90: 'var(--chart-2)', response: 'var(--chart-critical)', wait: 'var(--chart-2)', resolution: 'var(--chart-1)', first_contact: 'var(--chart-3)', satisfaction: 'var(--chart-4)' };

export const openedOf = (starts: number[], rows: Row[], name: Names): Series[] => [{ key: 'conversations', name: name('conversations'), values: valuesOf(starts, rows, (one) => one.conversations.count, 0) }];

// Median and p90 beside the mean, in units of `ms`.
export const timesOf = (starts: number[], rows: Row[], metric: Metric, ms: number, name: Names): Series[] =>
  (['median', 'mean', 'p90'] as const).map((key) => ({
    key,
    name: name(key),
    color: colors[key],
    values: valuesOf(starts, rows, (one) => ((value) => (value === null ? null : value / ms))((one[metric] as Figures['response'])[`${key}_ms`]), null),
  }));
export const longestOf = (rows: Row[], metric: Metric) => Math.max(0, ...rows.map((one) => ((figure) => Math.max(figure.p90_ms ?? 0, figure.mean_ms ?? 0))(one.figures[metric] as Figures['response'])));

export const missedOf = (starts: number[], rows: Row[], name: Names): Series[] =>
  (['response', 'wait'] as const).map((key) => ({ key, name: name(key), color: colors[key], values: valuesOf(starts, rows, (one) => one[key].missed, 0) }));

export const sharesOf = (starts: number[], rows: Row[], totals: Figures, name: Names): Series[] =>
  (['resolution', 'first_contact', 'satisfaction'] as const)
    .filter((key) => isThere(totals, key))
    .map((key) => ({ key, name: name(key), color: colors[key], values: valuesOf(starts, rows, (one) => one[key].share, null) }));
