import { describe, expect, test } from 'vitest';
import type { Attribute } from '../api/settings';
import { choiceOf, complete, formOf, fresh, leavesOf, opsOf, rootOf, savable, withChoice, withOp, withParts, type Group, type Leaf, type Part } from './conditions';
import { dayStart, dayText } from '@/shared/ui/days';

const attribute = (key: string, type: Attribute['type']) => ({ id: key, key, name: key, type, choices: type === 'choice' ? ['杭州', '上海'] : [], chars_max: null, number_min: null, number_max: null, revoke_code: 0, position: 0 }) as Attribute;
const attributes = [attribute('city', 'choice'), attribute('size', 'number'), attribute('born', 'date'), attribute('memo', 'text')];
const nested = (depth: number): Part => (depth === 1 ? fresh() : { all: [nested(depth - 1)] });

describe('the tree', () => {
  test('one comparison is put into a group; a tree stays as it was stored', () => {
    const leaf = { field: 'tag', op: 'has', value: 'VIP' };
    expect(rootOf(leaf)).toEqual({ all: [leaf] });
    const tree = { any: [leaf, { all: [leaf, leaf] }] };
    expect(rootOf(tree)).toBe(tree);
    expect(leavesOf(rootOf(tree))).toHaveLength(3);
  });
  test('other parts, the same kind of group', () => {
    expect(withParts({ any: [fresh()] }, [])).toEqual({ any: [] });
    expect(withParts({ all: [fresh()] }, [])).toEqual({ all: [] });
  });
});

describe('a field brings its comparisons and a first value', () => {
  test.each([
    ['level', { field: 'level', op: 'at_least', value: 1 }],
    ['tag', { field: 'tag', op: 'has' }],
    ['blocked', { field: 'blocked', op: 'is', value: true }],
    ['source', { field: 'source', op: 'is' }],
    ['last_seen', { field: 'last_seen', op: 'within_days', value: 30 }],
    ['attribute:city', { field: 'attribute', key: 'city', op: 'is' }],
  ])('%s', (choice, expected) => {
    expect(withChoice(choice, attributes)).toEqual(expected);
    expect(choiceOf(withChoice(choice, attributes))).toBe(choice);
  });
  test('only numbers and dates have an order', () => {
    const ops = (key: string) => opsOf(withChoice(`attribute:${key}`, attributes), attributes);
    for (const key of ['size', 'born']) expect(ops(key)).toEqual(['is', 'is_not', 'at_least', 'at_most', 'set', 'not_set']);
    for (const key of ['city', 'memo']) expect(ops(key)).toEqual(['is', 'is_not', 'set', 'not_set']);
  });
});

describe('another comparison', () => {
  const seen: Leaf = { field: 'last_seen', op: 'within_days', value: 7 };
  test('keeps a value that is written in the same way', () => expect(withOp(seen, 'not_within_days', attributes)).toEqual({ ...seen, op: 'not_within_days' }));
  test('drops one that is not', () => expect(withOp(seen, 'since', attributes)).toEqual({ field: 'last_seen', op: 'since' }));
  test('without a value has none', () => {
    const city: Leaf = { field: 'attribute', key: 'city', op: 'is', value: '杭州' };
    expect(withOp(city, 'set', attributes)).toEqual({ field: 'attribute', key: 'city', op: 'set' });
    expect(formOf(withOp(city, 'set', attributes), attributes)).toBe('none');
  });
});

describe('complete', () => {
  test.each<[Leaf, boolean]>([
    [{ field: 'level', op: 'at_least', value: 9 }, true],
    [{ field: 'level', op: 'at_least', value: 10 }, false],
    [{ field: 'level', op: 'at_least', value: 1.5 }, false],
    [{ field: 'level', op: 'has', value: 1 }, false],
    [{ field: 'tag', op: 'has' }, false],
    [{ field: 'tag', op: 'has', value: '茶'.repeat(32) }, true],
    [{ field: 'tag', op: 'has', value: '茶'.repeat(33) }, false],
    [{ field: 'blocked', op: 'is', value: false }, true],
    [{ field: 'source', op: 'starts_with', value: 'pages/' }, true],
    [{ field: 'first_seen', op: 'since', value: 1_800_000_000_000 }, true],
    [{ field: 'first_seen', op: 'since' }, false],
    [{ field: 'first_seen', op: 'within_days', value: 0 }, false],
    [{ field: 'first_seen', op: 'within_days', value: 3650 }, true],
    [{ field: 'attribute', key: 'size', op: 'at_most', value: -0.5 }, true],
    [{ field: 'attribute', key: 'size', op: 'is', value: '7' }, false],
    [{ field: 'attribute', key: 'born', op: 'at_least', value: '2000-02-29' }, true],
    [{ field: 'attribute', key: 'born', op: 'at_least', value: '2000' }, false],
    [{ field: 'attribute', key: 'city', op: 'at_least', value: '杭州' }, false],
    [{ field: 'attribute', key: 'city', op: 'not_set' }, true],
    [{ field: 'attribute', key: 'gone', op: 'set' }, false],
  ])('%j: %s', (leaf, expected) => expect(complete(leaf, attributes)).toBe(expected));
});

describe('the server takes', () => {
  const times = (count: number): Group => ({ any: Array.from({ length: count }, fresh) });
  test.each<[string, Group, boolean]>([
    ['one comparison', { all: [fresh()] }, true],
    ['no empty group', { all: [] }, false],
    ['no empty group inside', { all: [fresh(), { any: [] }] }, false],
    ['four levels', nested(4) as Group, true],
    ['not five', nested(5) as Group, false],
    ['thirty comparisons', times(30), true],
    ['not more', times(31), false],
    ['none that lacks its value', { all: [{ field: 'tag', op: 'has' }] }, false],
  ])('%s', (_, root, expected) => expect(savable(root, attributes)).toBe(expected));
});

describe("days are the mini program's", () => {
  test.each([
    ['2026-11-22', 'Asia/Shanghai', '2026-11-21T16:00:00Z'],
    ['2026-11-22', 'UTC', '2026-11-22T00:00:00Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'], // the first of summer time
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00Z'],
  ])('%s in %s', (text, zone, begins) => {
    expect(dayStart(text, zone)).toBe(Date.parse(begins));
    expect(dayText(Date.parse(begins), zone)).toBe(text);
    expect(dayText(Date.parse(begins) - 1, zone)).not.toBe(text);
  });
  test.each(['', '2026-13-01', '22.11.2026'])('"%s" is none', (text) => expect(dayStart(text, 'UTC')).toBeUndefined());
});
