import { describe, expect, test } from 'vitest';
import type { QuickReply } from './quickReplies';
import { addable, added, fresh, messagesOf, moved, rowsOf, stepProblem, type AnyStep, type Row } from './stepRows';

const kindsOf = (all: Row[] | undefined) => all?.map((one) => one.step.kind);
const reply = (id: string, part: Partial<QuickReply> = {}) => ({ id, scope: 'shared', content: '您好', picture_id: '', ...part }) as QuickReply;
const replies = [reply('1'), reply('2', { picture_id: 'p' }), reply('3', { scope: 'personal' })];

describe('the order', () => {
  const some = rowsOf<AnyStep>([{ kind: 'add_tag', tag: 'a' }, { kind: 'note', text: 'b' }, { kind: 'close' }]);
  test('what is added goes before what ends, and there is one end', () => {
    expect(kindsOf(added(some, fresh('send_text')))).toEqual(['add_tag', 'note', 'send_text', 'close']);
    expect(kindsOf(added([], fresh('park')))).toEqual(['park']);
    expect(added(some, fresh('note')).map((one) => one.key)).toEqual([0, 1, 3, 2]);
    expect(addable(some, ['send_text', 'park', 'set_level', 'close'])).toEqual(['send_text', 'set_level']);
    expect(addable([], ['note', 'close'])).toEqual(['note', 'close']);
    expect(addable(rowsOf<AnyStep>(Array.from({ length: 10 }, () => ({ kind: 'note' }))), ['note'])).toEqual([]);
  });
  test('what ends stays last', () => {
    expect(kindsOf(moved(some, 1, -1))).toEqual(['note', 'add_tag', 'close']);
    for (const [key, by] of [[0, -1], [1, 1], [2, -1], [2, 1], [7, 1]] as const) expect(moved(some, key, by), `${key} ${by}`).toBeUndefined();
  });
});

describe('what is missing', () => {
  test.each<[AnyStep, string | undefined]>([
    [{ kind: 'send_text' }, 'text'],
    [{ kind: 'send_text', text: '{{nobody}}' }, 'variable'],
    [{ kind: 'send_text', text: '{{date}}' }, undefined],
    [{ kind: 'note', text: '{{' }, undefined],
    [{ kind: 'notify_supervisor', text: ' ' }, 'text'],
    [{ kind: 'send_reply', quick_reply_id: '9' }, 'reply'],
    [{ kind: 'send_reply', quick_reply_id: '3' }, 'personal'],
    [{ kind: 'send_reply', quick_reply_id: '1' }, undefined],
    [{ kind: 'remove_tag', tag: ' ' }, 'tag'],
    [{ kind: 'set_level', level: 0 }, undefined],
    [{ kind: 'set_priority' }, 'priority'],
    [{ kind: 'set_priority', priority: 0 }, undefined],
    [{ kind: 'transfer_agent' }, 'agent'],
    [{ kind: 'transfer_group' }, 'group'],
    [{ kind: 'transfer_tier' }, 'tier'],
    [{ kind: 'transfer_tier', tier: 'expert' }, undefined],
    [{ kind: 'park', minutes: 0 }, undefined],
    [{ kind: 'close' }, undefined],
  ])('%o', (step, problem) => expect(stepProblem(step, 'shared', replies)).toBe(problem));
});

test('a text and a picture are two messages', () => {
  expect(messagesOf(rowsOf<AnyStep>([{ kind: 'send_reply', quick_reply_id: '2' }, { kind: 'send_text', text: '再见' }, { kind: 'note', text: '无' }]), replies)).toBe(3);
});
