// What a figure says, and which conversations stand behind it. Pure.
import { countText, percentText } from '@/shared/charts/numbers';
import { parts, type Figures, type Listed, type Metric } from '../api/reports';
import { spanText } from './spans';

export const metrics = ['conversations', 'reopened', 'first_reaction', 'first_answer', 'response', 'wait', 'handling', 'transfers', 'resolution', 'first_contact', 'satisfaction'] as const;

export type Form = 'count' | 'duration' | 'share' | 'score';
const forms: Record<Metric, Form> = { conversations: 'count', reopened: 'count', first_reaction: 'duration', first_answer: 'duration', response: 'duration', wait: 'duration', handling: 'duration', transfers: 'count', resolution: 'share', first_contact: 'share', satisfaction: 'score' };
export const formOf = (metric: Metric) => forms[metric];
export const durations = metrics.filter((one) => forms[one] === 'duration');

export const figureNames = ['count', 'median', 'mean', 'p90', 'missed', 'open', 'share', 'hits', 'others', 'score', 'answer_rate'] as const;
export type FigureName = (typeof figureNames)[number];
// What there is of each beside its chief figure, the first.
export const figuresOf: Record<Form, FigureName[]> = {
  count: ['count'],
  duration: ['median', 'mean', 'p90', 'count', 'missed', 'open'],
  share: ['share', 'hits', 'others', 'open'],
  score: ['share', 'answer_rate', 'score', 'count', 'missed'],
};

export interface Told {
  value: number | null;
  text: string;
  behind?: Listed; // what it was counted from; none: there is nothing
}

const nothing: Told = { value: null, text: '—' };

export function tell(figures: Figures, metric: Metric, name: FigureName): Told {
  const figure = figures[metric] as Partial<Record<string, number | null>>;
  const count = figure.count ?? 0;
  const counts = (n: number, part: Listed['part']): Told => ({ value: n, text: countText(n), behind: n > 0 ? { metric, part, order: 'newest' } : undefined });
  const value = (n: number | null | undefined, text: (n: number) => string, part: Listed['part'], order: Listed['order']): Told => (n === null || n === undefined ? nothing : { value: n, text: text(n), behind: { metric, part, order } });
  switch (name) {
    case 'count':
      return counts(count, 'counted');
    case 'hits':
      return counts(figure.hits ?? 0, 'hits');
    case 'others':
      return counts(count - (figure.hits ?? 0), 'others');
    case 'missed':
    case 'open':
      return counts(figure[name] ?? 0, name);
    case 'median':
    case 'mean':
    case 'p90':
      return value(figure[`${name}_ms`], spanText, 'counted', 'largest');
    case 'share':
      return value(figure.share, percentText, 'counted', 'newest');
    case 'score':
      return value(figure.mean, (n) => n.toFixed(2), 'counted', 'newest');
    case 'answer_rate':
      return value(figure.answer_rate, percentText, 'all', 'newest');
  }
}

// Of a figure's parts those that it has.
export const partsOf = (metric: Metric): readonly Listed['part'][] => {
  const form = formOf(metric);
  if (form === 'count') return ['all'];
  return parts.filter((one) => (form === 'duration' ? one !== 'hits' && one !== 'others' : form === 'score' || one !== 'missed'));
};

// A share of nothing, as when customers are not asked for a score, is no figure.
export const isThere = (figures: Figures, metric: Metric) => formOf(metric) !== 'score' || figures.satisfaction.count + figures.satisfaction.missed + figures.satisfaction.open > 0;

// The columns of a table: too many to be read at once, so there are three views.
export type View = 'answers' | 'work' | 'outcome';
export interface Column {
  metric: Metric;
  names: FigureName[];
}
export const views: Record<View, Column[]> = {
  answers: [
    { metric: 'conversations', names: ['count'] },
    { metric: 'first_answer', names: ['median', 'mean', 'p90', 'missed'] },
    { metric: 'response', names: ['median', 'mean', 'p90', 'missed'] },
  ],
  work: [
    { metric: 'conversations', names: ['count'] },
    { metric: 'wait', names: ['median', 'mean', 'p90', 'missed'] },
    { metric: 'handling', names: ['median', 'mean', 'p90'] },
    { metric: 'transfers', names: ['count'] },
  ],
  outcome: [
    { metric: 'conversations', names: ['count'] },
    { metric: 'reopened', names: ['count'] },
    { metric: 'resolution', names: ['share', 'hits'] },
    { metric: 'first_contact', names: ['share', 'open'] },
    { metric: 'satisfaction', names: ['share', 'answer_rate', 'score'] },
  ],
};
export const viewNames = Object.keys(views) as View[];
export const viewOf = (search: URLSearchParams): View => viewNames.find((one) => one === search.get('view')) ?? 'answers';
