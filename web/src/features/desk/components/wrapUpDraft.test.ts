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

test('what is suggested is said only when there is nothing', () => {
  expect(draftOf({ ...said, reason: null }, '9').reason).toBe('9');
  expect(draftOf(said, '9').reason).toBe('2');
});
