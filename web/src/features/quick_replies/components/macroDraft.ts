// A macro while it is being written: its actions in their order. What transfers, parks or closes is the last one. Pure.
import type { Macro, QuickReply, Scope, Step } from '@/shared/quick_replies/quickReplies';
import { mistakeOf } from './variables';

export type Kind = Step['kind'];
export const kinds = ['send_text', 'send_reply', 'note', 'add_tag', 'remove_tag', 'set_level', 'transfer_agent', 'transfer_group', 'park', 'close'] as const satisfies Kind[];
const endings: Kind[] = ['transfer_agent', 'transfer_group', 'park', 'close'];
export const stepsMax = 10;
export const messagesMax = 5;

export interface Row {
  key: number; // while it is written
  step: Step;
}
export interface Draft {
  name: string;
  scope: Scope;
  rows: Row[];
}

export const newDraft = (): Draft => ({ name: '', scope: 'personal', rows: [] });
export const draftOf = ({ name, scope, actions }: Macro): Draft => ({ name, scope, rows: actions.map((step, key) => ({ key, step })) });
export const bodyOf = ({ name, scope, rows }: Draft) => ({ name: name.trim(), scope, actions: rows.map(({ step }) => (step.tag === undefined ? step : { ...step, tag: step.tag.trim() })) });
export const same = (a: Draft, b: Draft) => JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));

export function fresh(kind: Kind): Step {
  if (kind === 'set_level') return { kind, level: 1 };
  if (kind === 'park') return { kind, minutes: 0 };
  return { kind };
}

const ends = ({ step }: Row) => endings.includes(step.kind);
// Which kinds can still be added.
export const addable = (rows: Row[]): Kind[] => (rows.length >= stepsMax ? [] : kinds.filter((kind) => !(endings.includes(kind) && rows.some(ends))));

// Behind all others, but before what ends it.
export function added(rows: Row[], kind: Kind): Row[] {
  const row = { key: Math.max(-1, ...rows.map((one) => one.key)) + 1, step: fresh(kind) };
  const last = rows.at(-1);
  return last && ends(last) ? rows.toSpliced(-1, 0, row) : [...rows, row];
}

// undefined: it cannot go there.
export function moved(rows: Row[], key: number, by: -1 | 1): Row[] | undefined {
  const at = rows.findIndex((one) => one.key === key);
  const [row, other] = [rows[at], rows[at + by]];
  if (!row || !other || ends(row) || ends(other)) return undefined;
  return rows.with(at, other).with(at + by, row);
}

// What is missing in one action, or wrong.
export type StepProblem = 'text' | 'variable' | 'reply' | 'personal' | 'tag' | 'agent' | 'group';
export function stepProblem(step: Step, scope: Scope, replies: QuickReply[]): StepProblem | undefined {
  switch (step.kind) {
    case 'send_text':
      if (!step.text?.trim()) return 'text';
      return mistakeOf(step.text) && 'variable';
    case 'note':
      return step.text?.trim() ? undefined : 'text';
    case 'send_reply': {
      const reply = replies.find((one) => one.id === step.quick_reply_id);
      if (!reply) return 'reply';
      return scope === 'shared' && reply.scope === 'personal' ? 'personal' : undefined;
    }
    case 'add_tag':
    case 'remove_tag':
      return step.tag?.trim() ? undefined : 'tag';
    case 'transfer_agent':
      return step.account_id ? undefined : 'agent';
    case 'transfer_group':
      return step.group_id ? undefined : 'group';
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

export const ready = (draft: Draft, replies: QuickReply[]) =>
  draft.name.trim() !== '' && draft.rows.length > 0 && messagesOf(draft.rows, replies) <= messagesMax && draft.rows.every(({ step }) => !stepProblem(step, draft.scope, replies));
