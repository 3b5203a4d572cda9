import { describe, expect, test } from 'vitest';
import type { Row } from '../api/people';
import { beyond, filtersOf, fits, narrowed, searchOf, sifts } from './filters';

const read = (address: string) => filtersOf(new URLSearchParams(address));
const now = 1_800_000_000_000;
const day = 86_400_000;
const row = (part: Partial<Row> = {}): Row => ({ id: '1', profile_id: '1', appid: 'wx1', openid: 'oA', nickname: '林小满 Lin', avatar_url: '', level: 3, tags: ['老客户', '茶叶'], source: '', first_seen_at: now - 90 * day, last_seen_at: now - day, blocked: false, ...part });

describe('the address holds the filters', () => {
  test.each(['', 'segment=7', 'text=%E6%9E%97&level=3&tag=VIP&blocked=no&seen=30'])('%s', (address) => expect(searchOf(read(address)).toString()).toBe(address));
  test('what nobody knows is left away', () => {
    expect(searchOf(read('level=12&blocked=maybe&seen=5&phone=13812345678')).toString()).toBe('');
  });
  test.each([
    ['', false, false],
    ['segment=7', false, true],
    ['level=1', true, true],
    ['seen=1', true, true],
  ])('"%s" sifts: %s, narrows: %s', (address, sifting, narrowing) => {
    expect(sifts(read(address))).toBe(sifting);
    expect(narrowed(read(address))).toBe(narrowing);
  });
});

describe('who fits', () => {
  test.each([
    ['', {}, true],
    ['text=lin', {}, true],
    ['text=王', {}, false],
    ['level=3', {}, true],
    ['level=4', {}, false],
    ['tag=茶叶', {}, true],
    ['tag=茶', {}, false],
    ['blocked=yes', {}, false],
    ['blocked=yes', { blocked: true }, true],
    ['blocked=no', { blocked: true }, false],
    ['seen=1', {}, true],
    ['seen=1', { last_seen_at: now - day - 1 }, false],
    ['seen=7&level=3&text=满', {}, true],
    ['seen=7&level=3&text=满', { level: 0 }, false],
  ])('%s %j: %s', (address, part, expected) => expect(fits(row(part), read(address), now)).toBe(expected));
});

describe('whether nobody further down can fit', () => {
  test.each([
    ['seen=1', 2 * day, true],
    ['seen=1', day, false],
    ['level=3', 2 * day, false],
    ['seen=1&segment=7', 2 * day, false], // a segment is in another order
  ])('%s, the last was seen %i ms ago: %s', (address, ago, expected) => expect(beyond(row({ last_seen_at: now - ago }), read(address), now)).toBe(expected));
  test('nobody was read', () => expect(beyond(undefined, read('seen=1'), now)).toBe(false));
});
