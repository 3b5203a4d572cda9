// Only what became other is sent.
import { expect, test } from 'vitest';
import type { Said } from '@/shared/wrapup/wrapUp';
import { changeOf, draftOf, type Draft } from './wrapUpDraft';

const said: Said = { reason: { id: '2', name: '售后 / 退款' }, tags: ['催办'], fields: { phone: '138****5678', amount: 5 } };
const cases: [string, Partial<Draft>, object][] = [
  ['nothing', {}, {}],
  ['another reason', { reason: '3' }, { reason_id: '3' }],
  ['no reason any more', { reason: null }, { reason_id: null }],
  ['a tag more', { tags: ['催办', '投诉'] }, { tags: ['催办', '投诉'] }],
  ['a field, and not the masked one beside it', { fields: { amount: 6 } }, { fields: { amount: 6 } }],
  ['a field as it was', { fields: { amount: 5 } }, {}],
  ['a field taken away, and one that was never there', { fields: { amount: null, shop: null } }, { fields: { amount: null } }],
];
test.each(cases)('%s', (_, part, expected) => {
  expect(changeOf({ ...draftOf(said), ...part }, said)).toEqual(expected);
});

// Written by one while a colleague changes the same conversation.
const meanwhile: [string, Partial<Draft>, Partial<Said>, object][] = [
  ['a colleague’s tag stays', { tags: ['催办', '投诉'] }, { tags: ['催办', '物流'] }, { tags: ['催办', '物流', '投诉'] }],
  ['what a colleague took away stays away', { tags: ['催办', '投诉'] }, { tags: [] }, { tags: ['投诉'] }],
  ['only what was taken away here goes', { tags: [] }, { tags: ['催办', '物流'] }, { tags: ['物流'] }],
  ['both gave the same', { tags: ['催办', '投诉'] }, { tags: ['催办', '投诉'] }, {}],
  ['a colleague’s reason is not written back', { tags: ['催办', '投诉'] }, { reason: { id: '3', name: '售前' } }, { tags: ['催办', '投诉'] }],
  ['a reason that was chosen here is', { reason: '4' }, { reason: { id: '3', name: '售前' } }, { reason_id: '4' }],
  ['a colleague’s field is not, either', { fields: { amount: 6 } }, { fields: { amount: 5, shop: '杭州' } }, { fields: { amount: 6 } }],
];
test.each(meanwhile)('%s', (_, part, now, expected) => {
  expect(changeOf({ ...draftOf(said), ...part }, { ...said, ...now })).toEqual(expected);
});

test('what is suggested is said only when there is nothing', () => {
  expect(draftOf({ ...said, reason: null }, '9').reason).toBe('9');
  expect(draftOf(said, '9').reason).toBe('2');
});
