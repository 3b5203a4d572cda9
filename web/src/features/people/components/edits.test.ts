import { describe, expect, test } from 'vitest';
import type { Profile } from '../api/people';
import { changeOf, hidesNumber, shownValue, withoutHidden, type Edits } from './edits';

const profile = { version: 4, nickname: '林小满', note: '爱喝茶', level: 2, tags: ['老客户', '茶叶'], attributes: { city: '杭州', size: 38 } } as unknown as Profile;

describe('only what differs is sent, with the version that was seen', () => {
  test.each<[string, Edits, object | null]>([
    ['nothing', {}, null],
    ['what is as it was', { nickname: '林小满', note: '爱喝茶', level: 2, tags: ['老客户', '茶叶'], attributes: { city: '杭州', gone: null } }, null],
    ['blanks around a name', { nickname: ' 林小满 ' }, null],
    ['a name', { nickname: ' 林大满' }, { nickname: '林大满' }],
    ['a note that was emptied', { note: '' }, { note: '' }],
    ['level zero', { level: 0 }, { level: 0 }],
    ['tags in another order', { tags: ['茶叶', '老客户'] }, { tags: ['茶叶', '老客户'] }],
    ['one attribute taken away, one new', { attributes: { city: null, size: 38, born: '2000-01-31' } }, { attributes: { city: null, born: '2000-01-31' } }],
    ['zero is a value', { attributes: { size: 0 } }, { attributes: { size: 0 } }],
  ])('%s', (_, edits, expected) => expect(changeOf(profile, edits)).toEqual(expected && { version: 4, ...expected }));
});

test('what a colleague changed meanwhile shows, but where one writes oneself', () => {
  const edits: Edits = { attributes: { city: '上海' } };
  const newer = { ...profile, version: 5, attributes: { city: '北京', size: 40 } } as Profile;
  expect(shownValue(newer, edits, 'city')).toBe('上海');
  expect(shownValue(newer, edits, 'size')).toBe(40);
  expect(shownValue(newer, edits, 'born')).toBeNull();
  expect(changeOf(newer, edits)).toEqual({ version: 5, attributes: { city: '上海' } });
  expect(shownValue(newer, { attributes: { city: null } }, 'city')).toBeNull();
});

test.each([
  ['电话 138****5678', true],
  ['138 **** 5678', true],
  ['138-***-*5678', true],
  ['110101********123X', true],
  ['１３８****５６７８', true],
  ['** 重要 **', false],
  ['13812345678', false],
  ['评分 5**，很好', false],
])('%s hides a number: %s', (text, expected) => expect(hidesNumber(text)).toBe(expected));

test('numbers that lie apart do not lock a text; places count characters', () => {
  const text = '😀 138****5678 或 139****5678';
  expect(hidesNumber(withoutHidden(text, [{ at: 2, length: 11 }, { at: 16, length: 11 }]))).toBe(false);
  expect(withoutHidden(text, [{ at: 2, length: 11 }])).toBe('😀  或 139****5678');
  expect(hidesNumber(withoutHidden(text, [{ at: 2, length: 11 }]))).toBe(true);
});
