// A metric over time as the charts draw it: buckets of the mini program's clock, and a value or a gap in each.
import type { Schemas } from '@/shared/api/client';
import type { Buckets } from '@/shared/charts/places';
import { intervals as fixed, startsOf, type Window } from '@/shared/charts/ranges';
import type { Value } from '@/shared/charts/series';
import type { Quantile } from './address';

export type Interval = Schemas['PerformanceSeries']['interval'];
type Point = Schemas['PerformancePoint'];

const minute = 60_000;
const day = 24 * 60 * minute;
// The first Monday of the epoch: 1970-01-01 was a Thursday.
const monday = 4 * day;

export function bucketsOf(interval: Interval, window: Window, offsetMinutes: number): Buckets {
  const offset = offsetMinutes * minute;
  if (interval === 'month') {
    const first = new Date(window.from + offset);
    const startOf = (month: number) => Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1) - offset;
    const starts: number[] = [];
    while (startOf(starts.length) < window.to) starts.push(startOf(starts.length));
    return { starts, end: startOf(starts.length) };
  }
  const ms = interval === 'week' ? 7 * day : fixed[interval];
  const shift = interval === 'week' ? monday : 0;
  const starts = startsOf({ from: window.from - shift, to: window.to - shift }, ms, offsetMinutes).map((at) => at + shift);
  return { starts, end: starts.at(-1)! + ms };
}

// As many buckets, just before them.
export const beforeOf = ({ starts, end }: Buckets): Window => ({ from: starts[0]! - (end - starts[0]!), to: starts[0]! });

export function valuesOf({ starts }: Pick<Buckets, 'starts'>, points: Point[], quantile: Quantile): Value[] {
  const found = new Map(points.map((one) => [one.at, one.quantiles[quantile]]));
  return starts.map((at) => found.get(at) ?? null);
}

// The names of a grouped series, the most frequent first; what is left of the others comes last.
export function namesOf(points: Point[], others: string): string[] {
  const counts = new Map<string, number>();
  for (const { name, count } of points) counts.set(name, (counts.get(name) ?? 0) + count);
  const rank = (name: string) => (name === others ? -1 : counts.get(name)!);
  return [...counts.keys()].sort((a, b) => rank(b) - rank(a));
}
