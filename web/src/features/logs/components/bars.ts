// The histogram's intervals and parts, and its answers as series by level.
import { bucketAt, endOf, type Buckets } from '@/shared/charts/places';
import { startsOf, type Window } from '@/shared/charts/ranges';
import type { Series } from '@/shared/charts/series';

const steps = [1000, 5000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 86_400_000] as const;
export type Step = (typeof steps)[number];
const barsMax = 120;
export const stepFor = (span: number): Step => steps.find((one) => span / one <= barsMax) ?? 86_400_000;

export function bucketsOf(window: Window, step: number, offsetMinutes: number): Buckets {
  const starts = startsOf(window, step, offsetMinutes);
  return { starts, end: (starts.at(-1) ?? window.from) + step };
}

// Parts of a long range, cut between bars, the newest first.
export function partsOf(window: Window, buckets: Buckets): Window[] {
  const days = (window.to - window.from) / 86_400_000;
  const wanted = days <= 1.1 ? 1 : days <= 8 ? 4 : 6;
  const each = Math.ceil(buckets.starts.length / wanted);
  const parts: Window[] = [];
  for (let last = buckets.starts.length - 1; last >= 0; last -= each) {
    const first = Math.max(0, last - each + 1);
    parts.push({ from: Math.max(window.from, buckets.starts[first]!), to: Math.min(window.to, endOf(buckets, last)) });
  }
  return parts.length > 0 ? parts : [window];
}

export interface Answer {
  part: Window;
  items: { at: number; count: number; levels: Record<string, number> }[];
}

const order = ['debug', 'info', 'warn', 'error', 'fatal', ''];

type Item = Answer['items'][number];

// Where an interval begins a little off ours, as on the day a clock is changed, its lines are still counted.
export function countsOf(buckets: Buckets, items: Item[], count: (item: Item) => number): number[] {
  const counts = buckets.starts.map(() => 0);
  for (const item of items) {
    const index = bucketAt(buckets, Math.max(item.at, buckets.starts[0] ?? 0));
    if (index >= 0) counts[index]! += count(item);
  }
  return counts;
}

// Level by level; null where the answer is still awaited.
export function barsOf(buckets: Buckets, answers: Answer[]): Pick<Series, 'key' | 'values'>[] {
  const items = answers.flatMap((one) => one.items);
  const asked = buckets.starts.map((at, index) => answers.some(({ part }) => part.from < endOf(buckets, index) && part.to > at));
  const there = order.filter((level) => items.some(({ levels }) => (levels[level] ?? 0) > 0));
  return there.map((level) => ({ key: level, values: countsOf(buckets, items, ({ levels }) => levels[level] ?? 0).map((count, index) => (asked[index] ? count : null)) }));
}
