// What was counted, day by day, as a chart draws it. Pure.
import type { Series } from '@/shared/charts/series';
import { datesOf, type Days } from '@/shared/charts/wholeDays';
import type { Tally } from '../api/serviceLevels';

export const figures = ['held', 'breached', 'unanswered', 'open'] as const;
export type Figure = (typeof figures)[number];
const colors: Record<Figure, string> = { held: 'var(--chart-3)', breached: 'var(--chart-critical)', unanswered: 'var(--chart-2)', open: 'var(--chart-others)' };

// A series for each figure, day by day.
export function seriesOf(days: Days, tallies: Tally[], names: Record<Figure, string>): Series[] {
  const found = new Map(tallies.map((one) => [one.key, one]));
  return figures.map((key) => ({ key, name: names[key], color: colors[key], values: datesOf(days).map((day) => found.get(day)?.[key] ?? 0) }));
}
