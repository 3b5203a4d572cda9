// The figures of a funnel as they are shown. Pure.
import { percentText } from '@/shared/charts/numbers';
import type { Series } from '@/shared/charts/series';
import { datesOf, type Days } from '@/shared/charts/wholeDays';
import type { Figures } from '../api/satisfaction';
import { scores } from './filters';

export const steps = ['closed', 'askable', 'asked', 'delivered', 'answered'] as const;
export type Step = (typeof steps)[number];

// A share of fewer than these says little.
export const fewAnswers = 30;

const part = (n: number, of: number) => (of > 0 ? n / of : 0);

// Each step: how many, what part of the first, and what part of the step before; null: of nothing.
export const funnelOf = (figures: Figures) =>
  steps.map((step, index) => {
    const before = index > 0 ? figures[steps[index - 1]!] : 0;
    return { step, n: figures[step], part: part(figures[step], figures.closed), ofBefore: before > 0 ? figures[step] / before : null };
  });

// The best first.
export const spreadOf = (figures: Figures) => scores.map((score) => ({ score, n: figures.scores[score], part: part(figures.scores[score], figures.answered) }));

export const shareText = (share: number | null) => (share === null ? '—' : percentText(share));

// What came of the questions that reached a customer; who was silent shows how many the others speak for.
export const moods = ['content', 'fair', 'low', 'silent'] as const;
export type Mood = (typeof moods)[number];
const colors: Record<Mood, string> = { content: 'var(--chart-3)', fair: 'var(--chart-1)', low: 'var(--chart-critical)', silent: 'var(--chart-others)' };

export const moodsOf = ({ scores: n, delivered, answered }: Figures): Record<Mood, number> => ({ content: n[5] + n[4], fair: n[3], low: n[2] + n[1], silent: Math.max(0, delivered - answered) });

export function seriesOf(days: Days, items: Figures[], names: Record<Mood, string>): Series[] {
  const found = new Map(items.map((one) => [one.key, moodsOf(one)]));
  return moods.map((mood) => ({ key: mood, name: names[mood], color: colors[mood], values: datesOf(days).map((day) => found.get(day)?.[mood] ?? 0) }));
}
