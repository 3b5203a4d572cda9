// The reply window at a moment, as the list shows it. Pure.
import i18next from 'i18next';
import { countdown } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';

// low: little time or one message is left. over: nothing may be sent.
export type WindowLevel = 'fine' | 'low' | 'over';

const hourMs = 3_600_000;
const soonMs = 2 * hourMs;

export function windowAt(budget: Conversation['budget'], now: number): [WindowLevel, string] {
  const t = i18next.t;
  const left = (budget?.expires_at ?? 0) - now;
  if (!budget || left <= 0) return ['over', t('desk.budget.row_closed')];
  const n = budget.remaining;
  if (n === 0) return ['over', t('desk.budget.row_spent')];
  return [n === 1 || left < soonMs ? 'low' : 'fine', t('desk.budget.row_open', { n, t: left < soonMs ? countdown(left) : t('common.time.hours', { n: Math.floor(left / hourMs) }) })];
}
