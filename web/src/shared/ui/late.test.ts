import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilLoaded } from './late';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const failed = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));

test('what does not come while the server is away comes when it is back', async () => {
  let away = true;
  const asked = vi.fn(() => (away ? failed() : Promise.resolve(new Response('ok'))));
  vi.stubGlobal('fetch', asked);
  const load = vi.fn(() => (away ? failed() : Promise.resolve('part')));
  const loaded = untilLoaded(load);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(load).toHaveBeenCalledTimes(1); // only the server is asked for, and ever more seldom
  expect(asked.mock.calls.length).toBeLessThan(20);
  away = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect(await loaded).toBe('part');
});

test('a proxy that answers for a server that is away is not the server', async () => {
  let status = 502;
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status })));
  const load = vi.fn(() => (status === 502 ? failed() : Promise.resolve('part')));
  const loaded = untilLoaded(load);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).toHaveBeenCalledTimes(1);
  status = 200;
  await vi.advanceTimersByTimeAsync(5000);
  expect(await loaded).toBe('part');
});

test('what a server that is there has not got is given up', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('ok')));
  const load = vi.fn(failed);
  await expect(untilLoaded(load)).rejects.toThrow('dynamically imported');
  expect(load.mock.calls.length).toBeGreaterThan(1);
});
