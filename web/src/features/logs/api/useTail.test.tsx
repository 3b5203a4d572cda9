// The live tail against a server: it goes on from where it was, says when it lags, and survives a failure.
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { useTail } from './useTail';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const question = { source: 'log' as const, query: '支付', from: 0, to: 1 };
const second = () => act(() => vi.advanceTimersByTimeAsync(1000));

function tail(answers: ({ ids: string[]; skipped?: boolean } | 'unreachable')[]) {
  const cursors: (string | null)[] = [];
  fakeServer({
    'GET /miniprograms/wx1/logs/lines': ({ url }) => {
      cursors.push(url.searchParams.get('after'));
      expect(url.searchParams.get('query')).toBe('支付');
      expect(url.searchParams.has('from')).toBe(false);
      const answer = answers.shift() ?? { ids: [] };
      if (answer === 'unreachable') return answer;
      return { body: { items: answer.ids.map((id) => ({ id })), next_cursor: null, tail_cursor: `after ${answer.ids[0] ?? cursors.at(-1)}`, skipped: answer.skipped ?? false } };
    },
  });
  const hook = renderHook(({ active, cursor }: { active: boolean; cursor: string | null }) => useTail('wx1', question, cursor, active), { initialProps: { active: true, cursor: 'begin' as string | null } });
  return { cursors, hook, shown: () => hook.result.current.tail.rows.map((row) => ('line' in row ? row.line.id : 'gap')) };
}

test('asks every second from where it was, and stops when it is switched off', async () => {
  const { cursors, hook, shown } = tail([{ ids: ['2', '1'] }, { ids: ['3'], skipped: true }]);
  await second();
  await second();
  expect(cursors).toEqual(['begin', 'after 2']);
  expect(shown()).toEqual(['3', 'gap', '2', '1']);
  hook.rerender({ active: false, cursor: 'begin' });
  await second();
  expect(cursors).toHaveLength(2);
});

test('another question begins anew', async () => {
  const { hook, shown } = tail([{ ids: ['1'] }]);
  await second();
  hook.rerender({ active: true, cursor: 'other' });
  expect(shown()).toEqual([]);
});

test('a server that does not answer is asked again; what is shown is said to be old', async () => {
  const { hook, shown } = tail([...Array.from({ length: 7 }, () => 'unreachable' as const), { ids: ['1'] }]);
  await second();
  expect(hook.result.current.error).toMatchObject({ code: 'network.unreachable' });
  expect(hook.result.current.late).toBe(false);
  for (let n = 0; n < 6; n += 1) await second();
  expect(hook.result.current.late).toBe(true);
  await second();
  expect(shown()).toEqual(['1']);
  expect([hook.result.current.error, hook.result.current.late]).toEqual([null, false]);
});

test('while paused, lines wait', async () => {
  const { hook, shown } = tail([{ ids: ['1'] }, { ids: ['2'] }]);
  await second();
  act(() => hook.result.current.pause());
  await second();
  expect(shown()).toEqual(['1']);
  expect(hook.result.current.tail.held).toHaveLength(1);
  act(() => hook.result.current.resume());
  expect(shown()).toEqual(['2', '1']);
});
