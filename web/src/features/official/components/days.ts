// WeChat counts by days of China; both sides' figures stand on them.
import { startsOf, type Window } from '@/shared/charts/ranges';
import type { Buckets } from '@/shared/charts/places';
import type { Series, Value } from '@/shared/charts/series';
import type { Point } from '../api/official';

const dayMs = 86_400_000;
const chinaMinutes = 8 * 60;

export function daysOf(window: Window): Buckets {
  const starts = startsOf(window, dayMs, chinaMinutes);
  return { starts, end: starts.at(-1)! + dayMs };
}

const valuesOf = ({ starts }: Buckets, points: Point[], figure: (point: Point) => Value): Value[] => {
  const found = new Map(points.map((one) => [one.at, figure(one)]));
  return starts.map((at) => found.get(at) ?? null);
};

// A line for each figure that is known: WeChat's mean, our mean, our p50.
export function linesOf(days: Buckets, points: Point[], names: { wechat: string; mean: string; p50: string }): Series[] {
  const theirs = points.filter((one) => one.source === 'wechat');
  const ours = points.filter((one) => one.source === 'miniops');
  return [
    { key: 'wechat', name: names.wechat, color: 'var(--chart-1)', values: valuesOf(days, theirs, (one) => one.mean) },
    { key: 'mean', name: names.mean, color: 'var(--chart-2)', values: valuesOf(days, ours, (one) => one.mean) },
    { key: 'p50', name: names.p50, color: 'var(--chart-3)', values: valuesOf(days, ours, (one) => one.p50) },
  ].filter(({ values }) => values.some((one) => one !== null));
}
