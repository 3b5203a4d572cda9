// Actions of a macro or of an automation rule while they are written, in their order. What transfers, parks or closes is
// the last one. Pure.
import type { Schemas } from '../api/client';
import type { QuickReply, Scope } from './quickReplies';
import { mistakeOf } from './variables';

// Of macros and rules; macros have not all of them.
export type AnyStep = Schemas['AutomationAction'] & Pick<Schemas['MacroStep'], 'tags'>;
export type Kind = AnyStep['kind'];
export const endings: readonly Kind[] = ['transfer_agent', 'transfer_group', 'transfer_tier', 'park', 'close'];
export const stepsMax = 10;
export const priorityMax = 1000;
export const noticeMax = 200; // characters of what a supervisor is told

export interface Row<Step extends AnyStep = AnyStep> {
  key: number; // while it is written
  step: Step;
}

export const rowsOf = <Step extends AnyStep>(steps: Step[]): Row<Step>[] => steps.map((step, key) => ({ key, step }));
// Without blanks around tags.
export const stepsOf = <Step extends AnyStep>(rows: Row<Step>[]): Step[] => rows.map(({ step }) => (step.tag === undefined ? step : { ...step, tag: step.tag.trim() }));

export function fresh<K extends Kind>(kind: K): AnyStep & { kind: K } {
  if (kind === 'set_level') return { kind, level: 1 };
  if (kind === 'set_priority') return { kind, priority: 100 };
  if (kind === 'park') return { kind, minutes: 0 };
  return { kind };
}

const ends = ({ step }: Row) => endings.includes(step.kind);
// Which of the kinds can still be added.
export const addable = <K extends Kind>(rows: Row[], kinds: readonly K[]): K[] => (rows.length >= stepsMax ? [] : kinds.filter((kind) => !(endings.includes(kind) && rows.some(ends))));

// Behind all others, but before what ends it.
export function added<Step extends AnyStep>(rows: Row<Step>[], step: Step): Row<Step>[] {
  const row = { key: Math.max(-1, ...rows.map((one) => one.key)) + 1, step };
  const last = rows.at(-1);
  return last && ends(last) ? rows.toSpliced(-1, 0, row) : [...rows, row];
}

// undefined: it cannot go there.
export function moved<Step extends AnyStep>(rows: Row<Step>[], key: number, by: -1 | 1): Row<Step>[] | undefined {
  const at = rows.findIndex((one) => one.key === key);
  const [row, other] = [rows[at], rows[at + by]];
  if (!row || !other || ends(row) || ends(other)) return undefined;
  return rows.with(at, other).with(at + by, row);
}

// What is missing in one action, or wrong. What is shared sends shared quick replies only.
export type StepProblem = 'text' | 'variable' | 'reply' | 'personal' | 'tag' | 'priority' | 'agent' | 'group' | 'tier' | 'closed';
export function stepProblem(step: AnyStep, scope: Scope, replies: QuickReply[]): StepProblem | undefined {
  switch (step.kind) {
    case 'send_text':
      if (!step.text?.trim()) return 'text';
      return mistakeOf(step.text) && 'variable';
    case 'note':
    case 'notify_supervisor':
      return step.text?.trim() ? undefined : 'text';
    case 'send_reply': {
      const reply = replies.find((one) => one.id === step.quick_reply_id);
      if (!reply) return 'reply';
      return scope === 'shared' && reply.scope === 'personal' ? 'personal' : undefined;
    }
    case 'add_tag':
    case 'remove_tag':
      return step.tag?.trim() ? undefined : 'tag';
    case 'set_priority':
      return step.priority === undefined ? 'priority' : undefined;
    case 'transfer_agent':
      return step.account_id ? undefined : 'agent';
    case 'transfer_group':
      return step.group_id ? undefined : 'group';
    case 'transfer_tier':
      return step.tier ? undefined : 'tier';
    default:
      return undefined;
  }
}

// How many messages it comes to: a quick reply may be a text and a picture.
export function messagesOf(rows: Row[], replies: QuickReply[]): number {
  const of = ({ step }: Row) => {
    if (step.kind === 'send_text') return 1;
    const reply = step.kind === 'send_reply' ? replies.find((one) => one.id === step.quick_reply_id) : undefined;
    return reply ? Number(reply.content !== '') + Number(reply.picture_id !== '') : 0;
  };
  return rows.reduce((sum, row) => sum + of(row), 0);
}
