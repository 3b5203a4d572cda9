// Bars of the server as the chart of a distribution draws them.
import type { Bin } from '@/shared/charts/Distribution';
import { quantiles, type Quantiles } from './address';

interface Bar {
  from_ms: number;
  to_ms: number | null; // null: and more
  count: number;
}

// The last bar may have no end: it is drawn as wide as the others, and says "and more".
export const binsOf = (bars: Bar[]): Bin[] => bars.map(({ from_ms, to_ms, count }) => (to_ms === null ? { from: from_ms, to: Infinity, count } : { from: from_ms, to: to_ms, count }));

export const marksOf = (figures: Quantiles | null) => (figures ? quantiles.map((one) => ({ p: Number(one.slice(1)), value: figures[one] })) : []);
