import { QueryClient } from '@tanstack/react-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { startI18n } from '@/i18n';
import { ApiProblem } from '@/shared/api/client';
import { act, runBulk, type Done, type Line } from './bulk';
import type { Conversation } from './cache';
import { keys, newest } from './conversations';

beforeAll(() => startI18n('zh'));

const some = (n: number) => Array.from({ length: n }, (_, index) => ({ id: `${index + 1}`, appid: 'wx1', openid: `o${index}`, tags: ['旧'], assignee: null, version: 1 }) as unknown as Conversation);
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
  // A conversation at the server, which says no to what was made of an older one.
  const tagged = (...tags: string[]) => {
    let now = { ...one, tags };
    const change = ({ body }: { body: unknown }) => {
      const { version, tags: said } = body as { version: number; tags: string[] };
      if (version !== now.version) return { status: 409, body: { code: 'desk.conversation_changed' } };
      now = { ...now, tags: said, version: version + 1 };
      return { body: now };
    };
    const server = fakeServer({ 'GET /conversations/1': () => ({ body: now }), 'PATCH /conversations/1/wrap-up': change, 'POST /conversations/1/close': change });
    return { server, tags: () => now.tags, colleagueTags: (tag: string) => void (now = { ...now, tags: [...now.tags, tag], version: now.version + 1 }) };
  };

  test('closed with what is said, and reopened', async () => {
    const server = answers(['POST /conversations/1/close', 'POST /conversations/1/reopen']);
    const { undo } = await act({ kind: 'close', outcome: 'unresolved', reason_id: '9', tags: ['新'] }, one);
    expect(server.asked[0]!.body).toEqual({ outcome: 'unresolved', reason_id: '9', version: 1, tags: ['旧', '新'] });
    await undo!();
    expect(server.asked[1]!.call).toBe('POST /conversations/1/reopen');
  });
  test('closed without tags, it is closed whatever became of it', async () => {
    const server = answers(['POST /conversations/1/close']);
    await act({ kind: 'close', outcome: 'resolved', tags: [] }, one);
    expect(server.asked[0]!.body).toEqual({ outcome: 'resolved' });
  });
  test('tagged beside the tags there are, and those again', async () => {
    const { server } = tagged('旧');
    const { undo } = await act({ kind: 'tag', tags: ['新', '旧'] }, one);
    await undo!();
    expect(server.asked.map((ask) => ask.body)).toEqual([{ version: 1, tags: ['旧', '新'] }, { version: 2, tags: ['旧'] }]);
    expect((await act({ kind: 'tag', tags: ['旧'] }, { ...one, version: 3 })).undo, 'nothing was added').toBeUndefined();
  });
  test('what a colleague tagged meanwhile stays, when it is tagged and when that is taken back', async () => {
    const { tags, colleagueTags } = tagged('旧');
    colleagueTags('同事的');
    const { undo } = await act({ kind: 'tag', tags: ['新'] }, one);
    expect(tags()).toEqual(['旧', '同事的', '新']);
    colleagueTags('又一个');
    await undo!();
    expect(tags()).toEqual(['旧', '同事的', '又一个']);
  });
  test('what a colleague tagged meanwhile stays when it is closed', async () => {
    const { tags, colleagueTags } = tagged('旧');
    colleagueTags('同事的');
    await act({ kind: 'close', outcome: 'resolved', tags: ['新'] }, one);
    expect(tags()).toEqual(['旧', '同事的', '新']);
  });
  test('changed by others again and again, it is given up', async () => {
    const server = fakeServer({ 'GET /conversations/1': () => ({ body: one }), 'PATCH /conversations/1/wrap-up': () => ({ status: 409, body: { code: 'desk.conversation_changed' } }) });
    await expect(act({ kind: 'tag', tags: ['新'] }, one)).rejects.toMatchObject({ code: 'desk.conversation_changed' });
    expect([server.of('PATCH /conversations/1/wrap-up').length, server.of('GET /conversations/1').length]).toEqual([3, 2]);
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
  test('a macro is run with what was seen; again, with what there is to be seen by then', async () => {
    const server = fakeServer({ 'POST /miniprograms/wx1/macros/7/run': () => ({ body: { id: '80', actions: [] } }) });
    const client = new QueryClient();
    const seen = { ...one, last_seq: 3 };
    await act({ kind: 'macro', id: '7' }, newest(client, seen));
    client.setQueryData(keys.open('wx1'), { items: [{ ...seen, last_seq: 5 }], complete: true });
    await act({ kind: 'macro', id: '7' }, newest(client, seen));
    expect(server.asked.map((ask) => ask.body)).toEqual([{ conversation_id: '1', seen_seq: 3 }, { conversation_id: '1', seen_seq: 5 }]);
  });
  test('refused, it says why', async () => {
    fakeServer({ 'POST /conversations/1/take': () => ({ status: 409, body: { code: 'desk.already_taken' } }) });
    const [line] = await runBulk([one], (each) => act({ kind: 'take' }, each), () => {}, never);
    expect(line).toMatchObject({ state: 'failed', problem: '已被同事接入' });
  });
});
