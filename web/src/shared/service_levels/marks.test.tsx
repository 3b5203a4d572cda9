// Countdowns: what they say at each moment, in which shape, and that they tick together.
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startI18n } from '@/i18n';
import { useSecond } from '../ui/second';
import { Countdown } from './Countdown';
import { countsWaiting, endingOf, lengthText, pressing, shapeAt, textAt, type Mark } from './marks';

beforeAll(() => startI18n('zh'));

const now = Date.UTC(2026, 10, 21, 2);
const hour = 3_600_000;
const mark = (part: Partial<Mark> = {}): Mark => ({ kind: 'first_answer', level: 'none', paused: false, due_at: now + 270_000, left_ms: null, ...part });

describe('a countdown in words', () => {
  test.each<[Partial<Mark>, string, string]>([
    [{}, 'none', '4:30'],
    [{ level: 'half', due_at: now + 59_999 }, 'half', '0:59'],
    [{ level: 'most', due_at: now + 1 }, 'most', '0:00'],
    [{ level: 'most', due_at: now }, 'breached', '超时 0:00'],
    [{ level: 'breached', due_at: now - 123_000 }, 'breached', '超时 2:03'],
    [{ due_at: now + 3 * hour + 1_200_000 }, 'none', '3 小时 20 分'],
    [{ due_at: now + 80 * hour }, 'none', '3 天'],
    [{ due_at: null }, 'paused', '没有工作时间'],
    [{ paused: true, due_at: null, left_ms: 90_000 }, 'paused', '暂停 1:30'],
    [{ paused: true, due_at: null, left_ms: -90_000, level: 'breached' }, 'paused', '暂停 · 已超 1:30'],
  ])('%j', (part, shape, text) => {
    expect(shapeAt(mark(part), now)).toBe(shape);
    expect(textAt(mark(part), now)).toBe(text);
  });
});

test('the most pressing is the first one, of what is not closed', () => {
  const [one, other] = [mark(), mark({ kind: 'resolution' })];
  expect(pressing({ state: 'waiting', service_levels: [one, other] } as never)).toBe(one);
  expect(pressing({ state: 'closed', service_levels: [one] } as never)).toBeUndefined();
  expect(pressing({ state: 'waiting' } as never)).toBeUndefined();
  expect([countsWaiting(one), countsWaiting(other), countsWaiting(undefined)]).toEqual([true, false, false]);
});

test.each([
  [0, '0 秒'],
  [1499, '1 秒'],
  [90_000, '1 分钟 30 秒'],
  [300_000, '5 分钟'],
  [86_400_000, '24 小时'],
  [5_400_000, '1 小时 30 分钟'],
])('a length of %d ms is %s', (ms, text) => expect(lengthText(ms)).toBe(text));

test('how a clock ended', () => {
  expect(endingOf({ state: 'closed', kind: 'resolution' })).toBe('done');
  expect(endingOf({ state: 'closed', kind: 'next_answer' })).toBe('unanswered');
  expect(endingOf({ state: 'paused', kind: 'resolution' })).toBe('paused');
});

describe('as it ticks', () => {
  beforeEach(() => void vi.useFakeTimers({ now }));
  afterEach(() => void vi.useRealTimers());

  test('it turns into how much too late it is, and says it by shape and word', () => {
    render(<Countdown mark={mark({ level: 'most', due_at: now + 2000 })} named />);
    const shown = screen.getByTitle(/^首次响应 · 将超时 · /);
    expect(shown.className).toContain('countdown-most');
    expect(shown.textContent).toBe('首次响应0:02将超时');
    act(() => void vi.advanceTimersByTime(3000));
    expect(shown.className).toContain('countdown-breached');
    expect(shown.textContent).toBe('首次响应超时 0:01');
  });

  test('one timer is enough for all, and only what differs is drawn again', () => {
    const drawn = { fast: 0, slow: 0 };
    const Fast = () => {
      drawn.fast += 1;
      return <i>{useSecond((at) => String(at))}</i>;
    };
    const Slow = () => {
      drawn.slow += 1;
      return <i>{useSecond((at) => String(Math.floor((at - now) / 60_000)))}</i>;
    };
    const { unmount } = render(
      <>
        <Fast />
        <Slow />
        <Countdown mark={mark()} />
      </>,
    );
    expect(vi.getTimerCount()).toBe(1);
    const before = { ...drawn };
    for (let n = 0; n < 5; n += 1) act(() => void vi.advanceTimersByTime(1000));
    expect(drawn.fast - before.fast).toBe(5);
    expect(drawn.slow - before.slow).toBe(0);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
