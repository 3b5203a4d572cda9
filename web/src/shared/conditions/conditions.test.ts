import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, setLanguage, startI18n } from '@/i18n';
import { complete, conditionOf, fresh, leavesOf, rootOf, savable, withField, withOp, withParts, type Group, type Leaf, type Part } from './conditions';
import { calendarWords, conditionWords } from './conditionWords';

const days = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
const calendar = { time_zone: 'Asia/Shanghai', days };
const text: Leaf = { field: 'text', op: 'has', value: ['退款'] };
const nested = (depth: number): Part => (depth === 1 ? text : { all: [nested(depth - 1)] });

describe('the tree', () => {
  test('to the editor and back to the API', () => {
    expect(rootOf(null)).toBeNull();
    expect(rootOf(undefined)).toBeNull();
    expect(conditionOf(null)).toBeNull();
    const leaf = { field: 'level', op: 'at_least', value: 3 };
    expect(rootOf(leaf)).toEqual({ all: [leaf] });
    const tree = { any: [leaf, { all: [leaf, text] }] };
    expect(rootOf(tree)).toBe(tree);
    expect(conditionOf(rootOf(tree))).toBe(tree);
  });
  test('comparisons are numbered as they are read', () => {
    const [a, b, c] = ['甲', '乙', '丙'].map((value) => ({ ...text, value: [value] }));
    expect(leavesOf({ any: [a!, { all: [b!] }, c!] })).toEqual([a, b, c]);
    expect(leavesOf(null)).toEqual([]);
  });
  test('other parts, the same kind of group', () => {
    expect(withParts({ any: [text] }, [])).toEqual({ any: [] });
    expect(withParts({ all: [text] }, [])).toEqual({ all: [] });
  });
});

describe('a field brings its comparisons and a first value', () => {
  test.each<[Leaf['field'], Leaf]>([
    ['page', { field: 'page', op: 'is', value: [] }],
    ['level', { field: 'level', op: 'at_least', value: 1 }],
    ['waiting', { field: 'waiting', op: 'at_least', value: 60 }],
    ['open', { field: 'open', op: 'is', value: true }],
    ['time', { field: 'time', op: 'within' }],
    ['parameter', { field: 'parameter', op: 'is', key: '', value: [] }],
  ])('%s', (field, expected) => expect(withField(fresh(), field)).toEqual(expected));
  test('between the two kinds of parameter the name stays', () => {
    expect(withField({ field: 'parameter', op: 'set', key: 'channel' }, 'signed_parameter')).toEqual({ field: 'signed_parameter', op: 'is', key: 'channel', value: [] });
    expect(withField({ field: 'parameter', op: 'set', key: 'channel' }, 'tag')).toEqual({ field: 'tag', op: 'has', value: [] });
  });
});

describe('another comparison', () => {
  test('keeps a value that is written in the same way', () => expect(withOp(text, 'has_not')).toEqual({ ...text, op: 'has_not' }));
  test('without a value has none', () => expect(withOp({ field: 'parameter', op: 'is', key: 'a', value: ['1'] }, 'set')).toEqual({ field: 'parameter', op: 'set', key: 'a' }));
  test('with a value again begins anew', () => expect(withOp({ field: 'parameter', op: 'set', key: 'a' }, 'is')).toEqual({ field: 'parameter', op: 'is', key: 'a', value: [] }));
});

describe('complete', () => {
  test.each<[Leaf, boolean]>([
    [text, true],
    [{ ...text, value: [] }, false],
    [{ ...text, value: [' \t'] }, false],
    [{ ...text, value: Array.from({ length: 20 }, (_, n) => `${n}`) }, true],
    [{ ...text, value: Array.from({ length: 21 }, (_, n) => `${n}`) }, false],
    [{ ...text, value: ['字'.repeat(200)] }, true],
    [{ ...text, value: ['字'.repeat(201)] }, false],
    [{ ...text, op: 'starts_with' }, false],
    [{ field: 'page', op: 'is', value: ['pages/cart'] }, true],
    [{ field: 'page', op: 'is', value: ['//'] }, false],
    [{ field: 'level', op: 'is', value: 9 }, true],
    [{ field: 'level', op: 'is', value: 10 }, false],
    [{ field: 'level', op: 'is', value: 1.5 }, false],
    [{ field: 'waiting', op: 'at_least', value: 0 }, false],
    [{ field: 'waiting', op: 'at_most', value: 172_800 }, true],
    [{ field: 'waiting', op: 'at_most', value: 172_801 }, false],
    [{ field: 'open', op: 'is', value: false }, true],
    [{ field: 'open', op: 'is' }, false],
    [{ field: 'time', op: 'within' }, false],
    [{ field: 'time', op: 'outside', value: calendar }, true],
    [{ field: 'parameter', op: 'set', key: 'channel' }, true],
    [{ field: 'parameter', op: 'set', key: '' }, false],
    [{ field: 'parameter', op: 'is', key: 'level', value: ['3'] }, false],
    [{ field: 'signed_parameter', op: 'is', key: 'level', value: ['3'] }, true],
    [{ field: 'language', op: 'is_not', value: ['en'] }, true],
  ])('%j: %s', (leaf, expected) => expect(complete(leaf)).toBe(expected));
});

describe('the server takes', () => {
  const times = (count: number): Group => ({ any: Array.from({ length: count }, () => text) });
  test.each<[string, Group | null, boolean]>([
    ['every conversation', null, true],
    ['one comparison', { all: [text] }, true],
    ['no empty group', { all: [] }, false],
    ['no empty group inside', { all: [text, { any: [] }] }, false],
    ['four levels', nested(4) as Group, true],
    ['not five', nested(5) as Group, false],
    ['thirty comparisons', times(30), true],
    ['not more', times(31), false],
    ['none that lacks its value', { all: [fresh()] }, false],
  ])('%s', (_, root, expected) => expect(savable(root)).toBe(expected));
});

describe('in words', () => {
  beforeAll(async () => {
    await startI18n('zh');
    await loadStrings('teams');
  });
  test('a condition', async () => {
    const root: Group = { all: [{ ...text, value: ['退款', '退货'] }, { any: [{ field: 'level', op: 'at_least', value: 3 }, { field: 'signed_parameter', op: 'set', key: 'vip' }] }, { field: 'open', op: 'is', value: false }] };
    await setLanguage('zh', false);
    expect(conditionWords(root, i18next.t)).toBe('客户的消息 含有 “退款”或“退货” 且 （客户等级 至少 3 或 签名参数 “vip” 有） 且 现在 是 非工作时间');
    expect(conditionWords(null, i18next.t)).toBe('所有会话');
    await setLanguage('en', false);
    expect(conditionWords(root, i18next.t)).toBe('What they write has “退款” or “退货” and (Level at least 3 or Signed parameter “vip” is there) and Now is not working time');
  });
  test('a calendar: days in a row with the same hours are named once', async () => {
    await setLanguage('zh', false);
    const day = [{ from: '09:00', to: '12:00' }, { from: '13:30', to: '18:00' }];
    const say = (some: object, special: object[] = []) => calendarWords({ time_zone: 'UTC', days: { ...days, ...some }, special: special as never }, i18next.t);
    expect(say({})).toBe('全天');
    expect(say({ mon: day, tue: day, wed: day, sat: [{ from: '10:00', to: '16:00' }] }, [{}, {}])).toBe('周一至周三 09:00–12:00，13:30–18:00；周六 10:00–16:00；特殊日期 2 个');
    expect(say({ mon: day, wed: day })).toBe('周一 09:00–12:00，13:30–18:00；周三 09:00–12:00，13:30–18:00');
  });
});
