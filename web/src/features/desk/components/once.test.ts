import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { firstOfTabs } from './once';

// As browsers do it: a name is held until its promise is settled.
function fakeLocks() {
  const held = new Set<string>();
  return {
    async request(name: string, _: object, callback: (lock: object | null) => unknown) {
      if (held.has(name)) return callback(null);
      held.add(name);
      await callback({ name });
      held.delete(name);
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { locks: fakeLocks() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
const focused = (yes: boolean) => vi.spyOn(document, 'hasFocus').mockReturnValue(yes);

test('the tab that is looked at goes first; of the others none', async () => {
  focused(false);
  const hidden = [firstOfTabs('m1'), firstOfTabs('m1')];
  focused(true);
  const seen = firstOfTabs('m1');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await Promise.all([seen, ...hidden])).toEqual([true, false, false]);
});

test('when none is looked at, one tells of each message, also a second later', async () => {
  focused(false);
  const all = ['m1', 'm1', 'm2', 'm1'].map(firstOfTabs);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await Promise.all(all)).toEqual([true, false, true, false]);
  const late = firstOfTabs('m1');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await late).toBe(false);
});

test('without locks each tab tells', async () => {
  vi.stubGlobal('navigator', {});
  expect(await firstOfTabs('m1')).toBe(true);
});
