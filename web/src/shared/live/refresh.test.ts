import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refresh, seldomMs, soonMs } from './refresh';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setup() {
  const read: string[] = [];
  const state = { hidden: false };
  const refresh = new Refresh((appid) => read.push(appid), { now: () => Date.now(), random: () => 0.5, hidden: () => state.hidden });
  return { read, refresh, state };
}

test('other counts are read soon, however often they are told', () => {
  const { read, refresh } = setup();
  refresh.told('wx1', true);
  refresh.told('wx1', true);
  refresh.told('wx2', true);
  expect(read).toEqual([]);
  vi.advanceTimersByTime(soonMs);
  expect(read).toEqual(['wx1', 'wx2']);
});

test('the same counts seldom', () => {
  const { read, refresh } = setup();
  refresh.told('wx1', false);
  vi.advanceTimersByTime(0);
  for (let second = 0; second < 10; second++) {
    refresh.told('wx1', false);
    vi.advanceTimersByTime(1000);
  }
  expect(read).toHaveLength(1 + Math.floor(10_000 / seldomMs));
});

test('other counts do not wait for what was to come seldom', () => {
  const { read, refresh } = setup();
  refresh.told('wx1', true);
  vi.advanceTimersByTime(soonMs);
  refresh.told('wx1', false);
  refresh.told('wx1', true);
  vi.advanceTimersByTime(soonMs);
  expect(read).toHaveLength(2);
  vi.advanceTimersByTime(seldomMs);
  expect(read).toHaveLength(2);
});

test('while nobody looks nothing is read; then once', () => {
  const { read, refresh, state } = setup();
  state.hidden = true;
  for (let second = 0; second < 20; second++) {
    refresh.told('wx1', true);
    vi.advanceTimersByTime(1000);
  }
  expect(read).toEqual([]);
  state.hidden = false;
  refresh.shown();
  refresh.shown();
  expect(read).toEqual(['wx1']);
});

test('stopped, it reads nothing', () => {
  const { read, refresh } = setup();
  refresh.told('wx1', true);
  refresh.stop();
  vi.advanceTimersByTime(seldomMs);
  expect(read).toEqual([]);
});
