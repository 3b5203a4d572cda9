import { beforeAll, describe, expect, test } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import { ApiProblem } from '@/shared/api/client';
import { act, runBulk, type Done, type Line } from './bulk';
import type { Conversation } from './cache';

beforeAll(() => startI18n('zh'));

const some = (n: number) => Array.from({ length: n }, (_, index) => ({ id: `${index + 1}`, appid: 'wx1', openid: `o${index}`, tags: ['旧'], assignee: null }) as unknown as Conversation);
const never = new AbortController().signal;
const states = (lines: Line[]) => lines.map((one) => one.state);

describe('many', () => {
  test('a few at a time, each with its own answer', async () => {
    let now = 0;
    let most = 0;
    const told: number[] = [];
    const step = async (one: Conversation): Promise<Done> => {
      most = Math.max(most, (now += 1));
      await Promise.resolve();
      now -= 1;
      if (Number(one.id) % 5 === 0) throw new ApiProblem(409, 'test.no', '不行');
      return {};
    };
    const lines = await runBulk(some(20), step, (all) => told.push(all.filter((one) => one.state === 'done').length), never);
    expect(most).toBe(4);
    expect(lines.filter((one) => one.state === 'failed').map((one) => [one.conversation.id, one.problem])).toEqual([['5', '不行'], ['10', '不行'], ['15', '不行'], ['20', '不行']]);
    expect(told.at(-1)).toBe(16);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  test('stopped: what was begun is finished, the rest is left alone', async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const lines = await runBulk(
      some(10),
      async ({ id }) => {
        asked.push(id);
        if (id === '2') stop.abort();
        await Promise.resolve();
        return {};
      },
      () => {},
      stop.signal,
    );
    expect(asked).toEqual(['1', '2']);
    expect(states(lines)).toEqual(['done', 'done', ...Array<string>(8).fill('stopped')]);
  });

  test('none at all', async () => expect(await runBulk([], async () => ({}), () => {}, never)).toEqual([]));
});

describe('one', () => {
  const [one] = some(1) as [Conversation];
  const answers = (calls: string[]) => fakeServer(Object.fromEntries(calls.map((call) => [call, () => ({ body: { id: '1', tags: [] } })])));

  test('closed with what is said, and reopened', async () => {
    const server = answers(['POST /conversations/1/close', 'POST /conversations/1/reopen']);
    const { undo } = await act({ kind: 'close', outcome: 'unresolved', reason_id: '9', tags: ['新'] }, one);
    expect(server.asked[0]!.body).toEqual({ outcome: 'unresolved', reason_id: '9', tags: ['旧', '新'] });
    await undo!();
    expect(server.asked[1]!.call).toBe('POST /conversations/1/reopen');
  });
  test('tagged beside the tags there are, and those again', async () => {
    const server = answers(['PATCH /conversations/1/wrap-up']);
    const { undo } = await act({ kind: 'tag', tags: ['新', '旧'] }, one);
    await undo!();
    expect(server.asked.map((ask) => ask.body)).toEqual([{ tags: ['旧', '新'] }, { tags: ['旧'] }]);
  });
  test('taken from the queue and given back; from a colleague there is no way back', async () => {
    const server = answers(['POST /conversations/1/take', 'POST /conversations/1/release']);
    await (await act({ kind: 'take' }, one)).undo!();
    expect(server.asked.map((ask) => ask.call)).toEqual(['POST /conversations/1/take', 'POST /conversations/1/release']);
    expect((await act({ kind: 'take' }, { ...one, assignee: { id: '2', display_name: '小李' } })).undo).toBeUndefined();
  });
  test('a macro is taken back by its run, when there is something to take back', async () => {
    const run = (undoable: boolean) => ({ body: { id: '80', actions: [{ kind: 'close', undoable }] } });
    const server = fakeServer({ 'POST /miniprograms/wx1/macros/7/run': () => run(server.asked.length < 2), 'POST /miniprograms/wx1/macro-runs/80/undo': () => ({ body: { actions: [], kept: [] } }) });
    await (await act({ kind: 'macro', id: '7' }, one)).undo!();
    expect(server.asked.map((ask) => ask.call)).toEqual(['POST /miniprograms/wx1/macros/7/run', 'POST /miniprograms/wx1/macro-runs/80/undo']);
    expect((await act({ kind: 'macro', id: '7' }, one)).undo).toBeUndefined();
  });
  test('refused, it says why', async () => {
    fakeServer({ 'POST /conversations/1/take': () => ({ status: 409, body: { code: 'desk.already_taken' } }) });
    const [line] = await runBulk([one], (each) => act({ kind: 'take' }, each), () => {}, never);
    expect(line).toMatchObject({ state: 'failed', problem: '已被同事接入' });
  });
});
