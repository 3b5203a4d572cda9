// Whether a figure became better: lower is better, small differences and few records say nothing.
import type { Quantile, Quantiles } from './address';

export type Verdict = 'better' | 'worse' | 'same' | 'few' | 'none';
export interface Change {
  verdict: Verdict;
  share: number; // of what it was; 0.1: a tenth slower
}
interface Figures {
  count: number;
  quantiles: Quantiles | null;
}

const recordsMin = 30;
const sharePerceived = 0.03;

// `few`: there is a difference, but too few records to trust it. `none`: nothing to compare with.
export function changeOf(now: Figures, before: Figures, quantile: Quantile): Change {
  const [a, b] = [before.quantiles?.[quantile], now.quantiles?.[quantile]];
  if (!a || b === undefined) return { verdict: 'none', share: 0 };
  const share = (b - a) / a;
  if (Math.min(now.count, before.count) < recordsMin) return { verdict: 'few', share };
  if (Math.abs(share) < sharePerceived) return { verdict: 'same', share };
  return { verdict: share < 0 ? 'better' : 'worse', share };
}
