// Automation rules as a person reads them. Pure.
import { askedWords, type Say } from '@/shared/conditions/conditionWords';
import { rootOf } from '@/shared/conditions/conditions';
import { lengthOf } from '@/shared/quick_replies/steps';
import type { Compared, Rule } from '../api/automation';

export function whenWords({ event, minutes, score_max }: Rule['when'], t: Say): string {
  if (event === 'waiting' || event === 'customer_silent') return t(`automation.event_words.${event}`, { t: lengthOf(minutes ?? 0, t) });
  if (event === 'scored' && score_max !== undefined && score_max < 5) return t('automation.event_words.scored', { n: score_max });
  return t(`automation.events.${event}`);
}

export function warningWords({ kind, action }: Rule['warnings'][number], when: Rule['when'], t: Say): string {
  return kind === 'broken' ? t('automation.warnings.broken', { n: (action ?? 0) + 1 }) : t('automation.warnings.matches_everything', { event: t(`automation.events.${when.event}`) });
}

// With the values of the condition, when it is the one that was asked.
export const comparedWords = (compared: Compared, condition: Rule['condition'] | undefined, t: Say) => askedWords(compared, rootOf(condition), t);
