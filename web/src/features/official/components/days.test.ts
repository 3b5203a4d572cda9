import { expect, test } from 'vitest';
import { daysOf, linesOf } from './days';

const noon = 1795237200000; // 2026-11-21 13:00 in China
const start = Date.parse('2026-11-21T00:00:00+08:00');
const names = { wechat: 'w', mean: 'm', p50: 'p' };
const point = (source: 'wechat' | 'miniops', at: number, mean: number, p50: number | null = null) => ({ day: '', at, source, mean, p50, count: null });

test('days begin at midnight in China', () => {
  const days = daysOf({ from: noon - 2 * 86_400_000, to: noon });
  expect(days.starts).toEqual([start - 2 * 86_400_000, start - 86_400_000, start]);
  expect(days.end).toBe(start + 86_400_000);
});

test('both sides stand on the same days, with gaps where one knows nothing', () => {
  const days = daysOf({ from: noon - 86_400_000, to: noon });
  const lines = linesOf(days, [point('wechat', start - 86_400_000, 1500), point('miniops', start - 86_400_000, 1400, 1300), point('miniops', start, 900, 800)], names);
  expect(lines.map(({ key, values }) => [key, values])).toEqual([
    ['wechat', [1500, null]],
    ['mean', [1400, 900]],
    ['p50', [1300, 800]],
  ]);
});

test('a side without figures draws no line', () => {
  expect(linesOf(daysOf({ from: noon - 1, to: noon }), [point('wechat', start, 7)], names).map(({ key }) => key)).toEqual(['wechat']);
  expect(linesOf(daysOf({ from: noon - 1, to: noon }), [], names)).toEqual([]);
});
