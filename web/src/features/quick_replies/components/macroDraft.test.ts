import { expect, test } from 'vitest';
import type { QuickReply, Step } from '@/shared/quick_replies/quickReplies';
import { rowsOf } from '@/shared/quick_replies/stepRows';
import { bodyOf, ready, same } from './macroDraft';

const reply = (id: string, part: Partial<QuickReply> = {}) => ({ id, scope: 'shared', content: '您好', picture_id: '', ...part }) as QuickReply;

test('five messages can be sent; a name and an action have to be there', () => {
  const replies = [reply('2', { picture_id: 'p' })];
  const two: Step = { kind: 'send_reply', quick_reply_id: '2' };
  const draft = { name: '道别', scope: 'shared' as const, rows: rowsOf([two, two, { kind: 'send_text', text: '再见' }]) };
  expect(ready(draft, replies)).toBe(true);
  expect(ready({ ...draft, rows: [...draft.rows, { key: 9, step: two }] }, replies)).toBe(false);
  expect(ready({ ...draft, name: ' ' }, replies)).toBe(false);
  expect(ready({ ...draft, rows: [] }, replies)).toBe(false);
});

test('blanks around names are no change', () => {
  const draft = { name: '打标签', scope: 'personal' as const, rows: rowsOf<Step>([{ kind: 'add_tag', tag: 'VIP' }]) };
  expect(same(draft, { ...draft, name: ' 打标签 ', rows: rowsOf<Step>([{ kind: 'add_tag', tag: 'VIP ' }]) })).toBe(true);
  expect(bodyOf(draft)).toEqual({ name: '打标签', scope: 'personal', actions: [{ kind: 'add_tag', tag: 'VIP' }] });
});
