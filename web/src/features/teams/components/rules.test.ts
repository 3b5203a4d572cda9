import { beforeEach, describe, expect, test } from 'vitest';
import { renderHook, act } from '@testing-library/react';
import { beforeOfDrop, beforeOfStep, moved } from '@/shared/ui/order';
import type { Rule } from '../api/routing';
import { blank, bodyOf, drafted, newRule, ready, ruleChange, shownOf, untouched, useDrafts } from './drafts';
import { barsOf } from './replayBars';
import { freshStep, freshTarget, problemOf, targetComplete, targetOf, type Step, type Target } from './target';

const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const ids = (list: { id: string }[]) => list.map((one) => one.id).join('');

describe('a rule is moved', () => {
  test.each<[string, string | null, string]>([
    ['c', 'a', 'cabd'],
    ['a', null, 'bcda'],
    ['a', 'c', 'bacd'],
    ['b', 'b', 'abcd'],
    ['x', 'a', 'abcd'],
    ['a', 'gone', 'bcda'],
  ])('%s before %s', (id, before, expected) => expect(ids(moved(items, id, before))).toBe(expected));
  test.each<[string, -1 | 1, string]>([
    ['a', 1, 'bacd'],
    ['c', 1, 'abdc'],
    ['d', -1, 'abdc'],
    ['b', -1, 'bacd'],
  ])('%s by %i', (id, by, expected) => expect(ids(moved(items, id, beforeOfStep(items, id, by)!))).toBe(expected));
  test('at the ends there is no further', () => {
    expect(beforeOfStep(items, 'a', -1)).toBeUndefined();
    expect(beforeOfStep(items, 'd', 1)).toBeUndefined();
  });
  test.each<[string, string, string]>([
    ['a', 'c', 'bcad'],
    ['d', 'b', 'adbc'],
    ['a', 'd', 'bcda'],
  ])('%s is dropped on %s', (id, target, expected) => expect(ids(moved(items, id, beforeOfDrop(items, id, target)!))).toBe(expected));
  test('dropped on itself it stays', () => expect(beforeOfDrop(items, 'b', 'b')).toBeUndefined());
});

describe('a target', () => {
  const step = (part: Partial<Step> = {}): Step => ({ after_s: 60, groups: ['7'], drop_skills: false, drop_language: false, ...part });
  test('what the API leaves out is as usual', () => {
    expect(targetOf({ group: '7' } as never)).toEqual({ group: '7', skills: [], match_language: false, strategy: 'least_busy', last_agent_first: true, priority: 0, overflow: [] });
  });
  test.each<[string, Partial<Target>, boolean]>([
    ['as usual', {}, true],
    ['without a group', { group: '' }, false],
    ['a skill', { skills: [{ skill: '3', level: 5 }] }, true],
    ['a skill twice', { skills: [{ skill: '3', level: 1 }, { skill: '3', level: 2 }] }, false],
    ['too high a level', { skills: [{ skill: '3', level: 6 }] }, false],
    ['the highest priority', { priority: 1000 }, true],
    ['more than that', { priority: 1001 }, false],
    ['a step', { overflow: [step()] }, true],
    ['steps in order', { overflow: [step(), step({ after_s: 61, groups: [], drop_skills: true })] }, true],
    ['steps out of order', { overflow: [step(), step()] }, false],
    ['a step that allows nothing', { overflow: [step({ groups: [] })] }, false],
    ['six steps', { overflow: [1, 2, 3, 4, 5, 6].map((after_s) => step({ after_s })) }, false],
  ])('%s', (_, part, expected) => expect(targetComplete({ ...freshTarget('7'), ...part })).toBe(expected));
  test('the problem of a step is named', () => {
    expect([step({ after_s: 0 }), step({ after_s: 30 }), step({ groups: [] })].map((one, index) => problemOf([step(), one], 1) ?? index)).toEqual(['time', 'order', 'order']);
    expect(problemOf([step({ groups: [] })], 0)).toBe('nothing');
    expect(freshStep([step({ after_s: 120 })]).after_s).toBe(180);
  });
});

const rule = (id: string, part: Partial<Rule> = {}): Rule => ({ id, version: 3, position: 0, name: `规则 ${id}`, enabled: true, condition: { field: 'text', op: 'has', value: ['退款'] }, target: { group: '7' } as never, updated_by: 'boss', updated_at: 1, warnings: [], ...part });

describe('rules that are being written', () => {
  beforeEach(() => sessionStorage.clear());
  const rules = [rule('1'), rule('2')];
  test('are laid over the stored ones; a new one stands where it is to go', () => {
    const all = drafted(rules, { '2': { seen: 3, name: '改过' }, [newRule]: { seen: 0, name: '新的', before: '2', condition: null } });
    expect(all.map((one) => one.name)).toEqual(['规则 1', '新的', '改过']);
    expect(all[1]!.condition).toBeNull();
    expect(all.every(ready)).toBe(true);
    expect(ids(drafted(rules, { [newRule]: { seen: 0 } }))).toBe('12new');
  });
  test('as the simulator takes them: without an id', () => {
    expect(bodyOf({ ...shownOf(rule('1')), name: ' 退款 ' })).toEqual({ name: '退款', enabled: true, condition: { all: [{ field: 'text', op: 'has', value: ['退款'] }] }, target: freshTarget('7') });
  });
  test('only what differs is sent, with the version that is stored', () => {
    expect(ruleChange(rules[0]!, { seen: 1 })).toBeNull();
    expect(ruleChange(rules[0]!, { seen: 1, name: '规则 1 ', enabled: true, target: freshTarget('7') })).toBeNull();
    expect(ruleChange(rules[0]!, { seen: 1, name: '别的', condition: null })).toEqual({ version: 3, name: '别的', condition: null });
  });
  test('a space behind the name is kept while one is writing', () => {
    expect(untouched(rules[0]!, { seen: 3, name: '规则 1 ' })).toBe(false);
    expect(untouched(rules[0]!, { seen: 3, name: '规则 1', enabled: true })).toBe(true);
  });
  test('what is not finished is not ready', () => {
    expect(ready(blank())).toBe(false);
    expect(ready({ ...blank(), name: '都来', condition: null })).toBe(true);
    expect(ready({ ...blank(), name: '都来', condition: null, target: freshTarget('') })).toBe(false);
  });
  test('are kept for the tab, each mini program its own', () => {
    const first = renderHook(() => useDrafts('wx1'));
    act(() => first.result.current.put('2', { seen: 3, name: '改过' }));
    act(() => first.result.current.put(newRule, { seen: 0 }));
    act(() => first.result.current.put(newRule, null));
    expect(renderHook(() => useDrafts('wx1')).result.current.drafts).toEqual({ '2': { seen: 3, name: '改过' } });
    expect(renderHook(() => useDrafts('wx2')).result.current.drafts).toEqual({});
  });
});

test('the bars of a replay: who would get most comes first', () => {
  const bars = barsOf([{ group_id: '1', before: 40, after: 10 }, { group_id: '7', before: 0, after: 30 }, { group_id: '8', before: 5, after: 5 }]);
  expect(bars.map((one) => [one.group_id, one.difference, one.percent.before, one.percent.after])).toEqual([['7', '+30', 0, 75], ['1', '−30', 100, 25], ['8', '0', 12.5, 12.5]]);
  expect(barsOf([])).toEqual([]);
});
