// How far an export is, in percent: it is written from the newest back to its beginning. Pure.
import type { Export } from '../api/records';

// null: it has no beginning that is known.
export function doneOf({ state, question, reached_at }: Pick<Export, 'state' | 'question' | 'reached_at'>): number | null {
  if (state === 'waiting') return 0;
  if (!question?.from || !question.to || question.to <= question.from) return null;
  const gone = question.to - (reached_at ?? question.to);
  return Math.max(0, Math.min(99, Math.floor((gone / (question.to - question.from)) * 100)));
}
