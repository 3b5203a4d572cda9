// An automation rule while it is being written. Pure.
import { conditionOf, fresh, rootOf, savable, type Group } from '@/shared/conditions/conditions';
import type { QuickReply } from '@/shared/quick_replies/quickReplies';
import { endings, messagesOf, rowsOf, stepProblem, stepsOf, type AnyStep, type Kind, type Row, type StepProblem } from '@/shared/quick_replies/stepRows';
import type { Change, Draft as Body, Event, Rule } from '../api/automation';

export const events = ['message_received', 'opened', 'reopened', 'assigned', 'transferred', 'parked', 'closed', 'waiting', 'customer_silent', 'service_level_warned', 'service_level_breached', 'scored'] as const satisfies Event[];
export const kinds = ['send_text', 'send_reply', 'note', 'add_tag', 'remove_tag', 'set_level', 'set_priority', 'notify_supervisor', 'transfer_agent', 'transfer_group', 'transfer_tier', 'park', 'close'] as const satisfies Kind[];
export const rulesMax = 100;
export const messagesMax = 3;
export const minutesMax = 2880;

export interface Draft {
  name: string;
  enabled: boolean;
  event: Event;
  minutes: number | null; // of what is timed
  score: number; // and less
  condition: Group | null;
  rows: Row[];
}

export const isTimed = (event: Event) => event === 'waiting' || event === 'customer_silent';
// What a closed conversation cannot have done to it.
const needsOpen = (kind: Kind) => kind === 'send_text' || kind === 'send_reply' || endings.includes(kind);
export const kindsAt = (event: Event): Kind[] => (event === 'closed' ? kinds.filter((kind) => !needsOpen(kind)) : [...kinds]);

const usual = { minutes: 10, score: 2 };
export const newDraft = (): Draft => ({ name: '', enabled: true, event: 'message_received', ...usual, condition: { all: [fresh()] }, rows: [] });
export const draftOf = ({ name, enabled, when, condition, actions }: Rule): Draft => ({ name, enabled, event: when.event, minutes: when.minutes ?? usual.minutes, score: when.score_max ?? usual.score, condition: rootOf(condition), rows: rowsOf(actions) });

function whenOf({ event, minutes, score }: Draft): Body['when'] {
  if (isTimed(event)) return { event, minutes: minutes ?? 0 };
  return event === 'scored' ? { event, score_max: score } : { event };
}
export const bodyOf = (draft: Draft) => ({ name: draft.name.trim(), enabled: draft.enabled, when: whenOf(draft), condition: conditionOf(draft.condition), actions: stepsOf(draft.rows) }) satisfies Body;

const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
// What differs from what was there when writing began, so that the rest stays a colleague's; null: nothing does.
export function changesOf(stored: Draft, draft: Draft): Omit<Change, 'version'> | null {
  const [before, after] = [bodyOf(stored), bodyOf(draft)];
  const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => differs(before[key], after[key]));
  return changed.length > 0 ? Object.fromEntries(changed.map((key) => [key, after[key]])) : null;
}

export const problemOf = (step: AnyStep, event: Event, replies: QuickReply[]): StepProblem | undefined => (event === 'closed' && needsOpen(step.kind) ? 'closed' : stepProblem(step, 'shared', replies));

const timeReady = ({ event, minutes }: Draft) => !isTimed(event) || (minutes !== null && minutes >= 1 && minutes <= minutesMax);
// Whether it can be tried; to be saved it has a name, too.
export const triable = (draft: Draft, replies: QuickReply[]) =>
  timeReady(draft) && savable(draft.condition) && draft.rows.length > 0 && messagesOf(draft.rows, replies) <= messagesMax && draft.rows.every(({ step }) => !problemOf(step, draft.event, replies));
export const ready = (draft: Draft, replies: QuickReply[]) => draft.name.trim() !== '' && triable(draft, replies);
