import { describe, expect, test } from 'vitest';
import { seriesOf } from './days';
import { amongOf, breachesOf, filtersOf, narrowed, withFilters } from './filters';

test('a series for each figure, with nothing on days without', () => {
  const names = { held: '达标', breached: '超时', unanswered: '没有回复', open: '计时中' };
  const series = seriesOf({ from: '2026-11-20', to: '2026-11-22' }, [{ key: '2026-11-21', held: 4, breached: 1, unanswered: 0, open: 2, share: 0.8 }], names);
  expect(series.map((one) => [one.name, one.values])).toEqual([['达标', [0, 4, 0]], ['超时', [0, 1, 0]], ['没有回复', [0, 0, 0]], ['计时中', [0, 2, 0]]]);
});

describe('filters in the address', () => {
  test('what makes no sense is left out', () => {
    const filters = filtersOf(new URLSearchParams('kind=hold&group=7&agent=<b>&open=maybe'));
    expect(filters).toEqual({ kind: '', group: '7', agent: '', open: '' });
    expect([narrowed(filters), narrowed({ ...filters, group: '' })]).toEqual([true, false]);
  });
  test('stand beside the days', () => {
    const search = withFilters(new URLSearchParams('range=30d&group=7&open=no'), { kind: 'resolution', group: '' });
    expect(search.toString()).toBe('range=30d&open=no&kind=resolution');
    expect(amongOf(filtersOf(search))).toEqual({ kind: 'resolution' });
    expect(breachesOf(filtersOf(search))).toEqual({ kind: 'resolution', open: false });
  });
});
