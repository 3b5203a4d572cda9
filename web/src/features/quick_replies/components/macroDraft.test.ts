import { describe, expect, test } from 'vitest';
import type { QuickReply, Step } from '@/shared/quick_replies/quickReplies';
import { addable, added, bodyOf, messagesOf, moved, ready, same, stepProblem, type Row } from './macroDraft';

const rows = (...steps: Step[]): Row[] => steps.map((step, key) => ({ key, step }));
const kindsOf = (all: Row[] | undefined) => all?.map((one) => one.step.kind);
const reply = (id: string, part: Partial<QuickReply> = {}) => ({ id, scope: 'shared', content: '您好', picture_id: '', ...part }) as QuickReply;
const replies = [reply('1'), reply('2', { picture_id: 'p' }), reply('3', { scope: 'personal' })];

describe('the order', () => {
  const some = rows({ kind: 'add_tag', tag: 'a' }, { kind: 'note', text: 'b' }, { kind: 'close' });
  test('what is added goes before what ends, and there is one end', () => {
    expect(kindsOf(added(some, 'send_text'))).toEqual(['add_tag', 'note', 'send_text', 'close']);
    expect(kindsOf(added(rows(), 'park'))).toEqual(['park']);
    expect(added(some, 'note').map((one) => one.key)).toEqual([0, 1, 3, 2]);
    expect(addable(some)).toEqual(['send_text', 'send_reply', 'note', 'add_tag', 'remove_tag', 'set_level']);
    expect(addable(rows())).toContain('close');
    expect(addable(Array.from({ length: 10 }, (_, key) => ({ key, step: { kind: 'note' } })))).toEqual([]);
  });
  test('what ends stays last', () => {
    expect(kindsOf(moved(some, 1, -1))).toEqual(['note', 'add_tag', 'close']);
    for (const [key, by] of [[0, -1], [1, 1], [2, -1], [2, 1], [7, 1]] as const) expect(moved(some, key, by), `${key} ${by}`).toBeUndefined();
  });
});

describe('what is missing', () => {
  test.each<[Step, string | undefined]>([
    [{ kind: 'send_text' }, 'text'],
    [{ kind: 'send_text', text: '{{nobody}}' }, 'variable'],
    [{ kind: 'send_text', text: '{{date}}' }, undefined],
    [{ kind: 'note', text: '{{' }, undefined],
    [{ kind: 'send_reply', quick_reply_id: '9' }, 'reply'],
    [{ kind: 'send_reply', quick_reply_id: '3' }, 'personal'],
    [{ kind: 'send_reply', quick_reply_id: '1' }, undefined],
    [{ kind: 'remove_tag', tag: ' ' }, 'tag'],
    [{ kind: 'set_level', level: 0 }, undefined],
    [{ kind: 'transfer_agent' }, 'agent'],
    [{ kind: 'transfer_group' }, 'group'],
    [{ kind: 'park', minutes: 0 }, undefined],
    [{ kind: 'close' }, undefined],
  ])('%o', (step, problem) => expect(stepProblem(step, 'shared', replies)).toBe(problem));
});

test('a text and a picture are two messages, and five can be sent', () => {
  const two: Step = { kind: 'send_reply', quick_reply_id: '2' };
  const draft = { name: '道别', scope: 'shared' as const, rows: rows(two, two, { kind: 'send_text', text: '再见' }) };
  expect(messagesOf(draft.rows, replies)).toBe(5);
  expect(ready(draft, replies)).toBe(true);
  expect(ready({ ...draft, rows: [...draft.rows, { key: 9, step: two }] }, replies)).toBe(false);
  expect(ready({ ...draft, name: ' ' }, replies)).toBe(false);
  expect(ready({ ...draft, rows: [] }, replies)).toBe(false);
});

test('blanks around names are no change', () => {
  const draft = { name: '打标签', scope: 'personal' as const, rows: rows({ kind: 'add_tag', tag: 'VIP' }) };
  expect(same(draft, { ...draft, name: ' 打标签 ', rows: rows({ kind: 'add_tag', tag: 'VIP ' }) })).toBe(true);
  expect(bodyOf(draft)).toEqual({ name: '打标签', scope: 'personal', actions: [{ kind: 'add_tag', tag: 'VIP' }] });
});
