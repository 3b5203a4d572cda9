import { describe, expect, test } from 'vitest';
import { bucketsOf, datesOf, daysOf, rangeOfDays, spanOf } from './wholeDays';

const zone = 'Asia/Shanghai';
const at = (text: string) => Date.parse(`${text}+08:00`);
const now = at('2026-11-21T00:30:00');

describe('the days', () => {
  test.each([
    [{ preset: '7d' } as const, '2026-11-15', '2026-11-21'],
    [{ preset: '30d' } as const, '2026-10-23', '2026-11-21'],
    [{ preset: '1h' } as const, '2026-11-21', '2026-11-21'],
    [{ from: at('2026-11-01T00:00:00'), to: at('2026-11-02T00:00:00') }, '2026-11-01', '2026-11-01'],
    [{ from: at('2026-11-01T12:00:00'), to: at('2026-11-03T01:00:00') }, '2026-11-01', '2026-11-03'],
    [{ from: at('2020-01-01T00:00:00'), to: at('2026-11-22T00:00:00') }, '2025-11-21', '2026-11-21'],
  ])('%j', (range, from, to) => expect(daysOf(range, now, zone)).toEqual({ from, to }));

  test('the longest is what the server counts at once', () => expect(datesOf(daysOf({ from: 1, to: now }, now, zone))).toHaveLength(366));

  test('begin and end at midnight there', () => {
    const days = { from: '2026-11-20', to: '2026-11-21' };
    expect(spanOf(days, zone)).toEqual({ from: at('2026-11-20T00:00:00'), to: at('2026-11-22T00:00:00') });
    expect(daysOf(rangeOfDays(days, zone), now, zone)).toEqual(days);
    expect(bucketsOf(days, zone)).toEqual({ starts: [at('2026-11-20T00:00:00'), at('2026-11-21T00:00:00')], end: at('2026-11-22T00:00:00') });
  });

  test('are as long as they are where clocks are put back', () => {
    const berlin = bucketsOf({ from: '2026-10-24', to: '2026-10-26' }, 'Europe/Berlin');
    expect(berlin.starts.map((start, index) => ((berlin.starts[index + 1] ?? berlin.end) - start) / 3_600_000)).toEqual([24, 25, 24]);
  });
});
