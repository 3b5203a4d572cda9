// Lists in an order, and fields as the API takes them.
import { describe, expect, test } from 'vitest';
import { reasonOptions, type Reason } from '@/shared/wrapup/wrapUp';
import { changeOf, fresh, inputOf, mistakesOf } from './fieldDraft';
import { moved } from './order';

test('one step up or down, and not beyond the ends', () => {
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b'], 'a', -1)).toBeUndefined();
  expect(moved(['a', 'b'], 'b', 1)).toBeUndefined();
  expect(moved(['a'], 'x', 1)).toBeUndefined();
});

describe('fields', () => {
  test('what is missing', () => {
    expect(mistakesOf(fresh)).toEqual(['key', 'name']);
    expect(mistakesOf({ ...fresh, key: '1a', name: 'n', type: 'choice' })).toEqual(['key', 'choices']);
    expect(mistakesOf({ ...fresh, key: 'a', name: 'n', type: 'number', number_min: 2, number_max: 1 })).toEqual(['limits']);
  });
  test('limits belong to one type each', () => {
    const draft = { ...fresh, key: 'k', name: ' 金额 ', number_min: 0, choices: ['a'] };
    expect(inputOf({ ...draft, type: 'number' })).toEqual({ key: 'k', type: 'number', name: '金额', number_min: 0 });
    expect(changeOf({ ...draft, type: 'choice' })).toEqual({ name: '金额', choices: ['a'] });
    expect(changeOf({ ...draft, type: 'date' })).toEqual({ name: '金额' });
  });
});

test('reasons are offered below the one above, and the chosen one always', () => {
  const reason = (id: string, parent_id: string | null, part: Partial<Reason> = {}): Reason => ({ id, parent_id, name: `n${id}`, rule_ids: [], tags: [], archived: false, used: false, choosable: true, ...part });
  const all = [reason('1', null, { choosable: false }), reason('4', null), reason('2', '1'), reason('3', '1', { archived: true, choosable: false })];
  expect(reasonOptions(all).map((one) => one.label)).toEqual(['n1 / n2', 'n4']);
  expect(reasonOptions(all, null, true).map((one) => one.value)).toEqual(['1', '2', '4']);
  expect(reasonOptions(all, { id: '3', name: 'n1 / n3' }).map((one) => one.title)).toEqual(['n1 / n2', 'n4', 'n1 / n3']);
});
