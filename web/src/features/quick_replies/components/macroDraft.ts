// A macro while it is being written. Pure.
import type { Macro, QuickReply, Scope, Step } from '@/shared/quick_replies/quickReplies';
import { messagesOf, rowsOf, stepProblem, stepsOf, type Row } from '@/shared/quick_replies/stepRows';

export const kinds = ['send_text', 'send_reply', 'note', 'add_tag', 'remove_tag', 'set_level', 'transfer_agent', 'transfer_group', 'transfer_tier', 'park', 'close'] as const satisfies Step['kind'][];
export const messagesMax = 5;

export interface Draft {
  name: string;
  scope: Scope;
  rows: Row<Step>[];
}

export const newDraft = (): Draft => ({ name: '', scope: 'personal', rows: [] });
export const draftOf = ({ name, scope, actions }: Macro): Draft => ({ name, scope, rows: rowsOf(actions) });
export const bodyOf = ({ name, scope, rows }: Draft) => ({ name: name.trim(), scope, actions: stepsOf(rows) });
export const same = (a: Draft, b: Draft) => JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));

export const ready = (draft: Draft, replies: QuickReply[]) =>
  draft.name.trim() !== '' && draft.rows.length > 0 && messagesOf(draft.rows, replies) <= messagesMax && draft.rows.every(({ step }) => !stepProblem(step, draft.scope, replies));
