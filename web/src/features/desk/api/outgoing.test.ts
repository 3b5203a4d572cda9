import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import { createElement } from 'react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeServer } from '@/house/fakeServer';
import { inOrder, type Conversation, type Message, type MessagePages } from './cache';
import { keys } from './conversations';
import { applyChange } from './live';

const thread = { conversation_id: '1', thread_id: 't1', body: { msgtype: 'text' as const, text: { content: '您好' } } };
const stored = (clientId: string, more: Partial<Message> = {}) =>
  ({ id: '9', conversation_id: '1', thread_id: 't1', client_id: clientId, seq: 2, direction: 'out', sender_kind: 'agent', msgtype: 'text', text: { content: '您好' }, state: 'queued', created_at: 2, ...more }) as Message;
const call = 'POST /conversations/1/messages';

let client: QueryClient;
let outgoing: typeof import('./outgoing');
const shown = () => inOrder(client.getQueryData<MessagePages>(keys.thread('t1'))).map((one) => [one.id, one.state]);
const waiting = () => renderHook(() => outgoing.usePending()).result.current;

beforeEach(async () => {
  vi.resetModules();
  outgoing = await import('./outgoing');
  client = new QueryClient();
  client.setQueryData<MessagePages>(keys.thread('t1'), { pages: [{ items: [], next_cursor: null }], pageParams: [undefined] });
});

describe('a message on its way', () => {
  test('stands as a bubble until the server has it, then once in the thread', async () => {
    let answer: (value: unknown) => void = () => {};
    const server = fakeServer({ [call]: ({ body }) => new Promise((resolve) => (answer = () => resolve({ status: 201, body: stored((body as { client_id: string }).client_id) }))) });
    const done = outgoing.send(client, thread);
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    expect(waiting()).toHaveLength(1);
    expect(shown()).toEqual([]);
    answer(null);
    await act(() => done);
    expect(waiting()).toHaveLength(0);
    expect(shown()).toEqual([['9', 'queued']]);
  });

  test('is there, too, when a list that was asked for before comes after it', async () => {
    const { useThread } = await import('./conversations');
    let list: () => void = () => {};
    const server = fakeServer({
      'GET /conversations/1/messages': () => new Promise((resolve) => (list = () => resolve({ body: { items: [], next_cursor: null } }))),
      [call]: ({ body }) => ({ status: 201, body: stored((body as { client_id: string }).client_id) }),
    });
    client.clear();
    renderHook(() => useThread({ id: '1', thread_id: 't1' } as Conversation), { wrapper: ({ children }) => createElement(QueryClientProvider, { client }, children) });
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    await act(() => outgoing.send(client, thread));
    await act(async () => list());
    await vi.waitFor(() => expect(client.getQueryData(keys.thread('t1'))).toBeDefined());
    expect(shown()).toEqual([['9', 'queued']]);
  });

  test('a live change that is faster than the answer wins, and the bubble goes', async () => {
    const server = fakeServer({
      [call]: async ({ body }) => {
        const id = (body as { client_id: string }).client_id;
        const { applyChange: apply } = await import('./live');
        apply(client, { appid: 'wx1', seq: 1, topic: 'message', data: stored(id, { state: 'sent' }) as never });
        return { status: 201, body: stored(id) };
      },
    });
    await act(() => outgoing.send(client, thread));
    expect(server.asked).toHaveLength(1);
    expect(shown()).toEqual([['9', 'sent']]);
    expect(waiting()).toHaveLength(0);
  });

  test('not reached, it stays with the reason and is sent again under the same client_id', async () => {
    let reachable = false;
    const server = fakeServer({ [call]: ({ body }) => (reachable ? { status: 201, body: stored((body as { client_id: string }).client_id) } : 'unreachable') });
    await act(() => outgoing.send(client, thread));
    const [kept] = waiting();
    expect(kept).toMatchObject({ code: 'network.unreachable' });
    reachable = true;
    await act(() => outgoing.sendAgain(client, kept!.client_id));
    expect(waiting()).toHaveLength(0);
    const ids = server.of(call).map((one) => (one.body as { client_id: string }).client_id);
    expect(ids[0]).toBe(ids[1]);
  });

  test('refused, it says why and can be discarded', async () => {
    fakeServer({ [call]: () => ({ status: 422, body: { type: '', title: '', status: 422, code: 'desk.blocked_word', detail: 'contains a word' } }) });
    await act(() => outgoing.send(client, thread));
    expect(waiting()[0]).toMatchObject({ code: 'desk.blocked_word' });
    const [refused] = waiting();
    act(() => outgoing.discard(refused!.client_id));
    expect(waiting()).toHaveLength(0);
  });

  test('held up by a colleague’s answer, it shows the answer; sent anyway, it says that it was seen', async () => {
    const answers = [{ seq: 7, sender_name: '阿芳', summary: '已经发货了', created_at: 1 }];
    const server = fakeServer({
      [call]: ({ body }) => {
        const { client_id, seen_seq } = body as { client_id: string; seen_seq: number };
        return seen_seq < 7 ? { status: 409, body: { type: '', title: '', status: 409, code: 'desk.conversation_moved', answers } } : { status: 201, body: stored(client_id) };
      },
    });
    await act(() => outgoing.send(client, { ...thread, body: { ...thread.body, seen_seq: 3 } }));
    const [kept] = waiting();
    expect(kept).toMatchObject({ code: 'desk.conversation_moved', answers });
    await act(() => outgoing.sendAgain(client, kept!.client_id));
    expect(server.of(call).map((one) => (one.body as { seen_seq: number }).seen_seq)).toEqual([3, 7]);
    expect(waiting()).toHaveLength(0);
  });

  test('while there is no server it waits, and goes once and in order when there is', async () => {
    let reachable = false;
    const texts: string[] = [];
    const server = fakeServer({
      [call]: ({ body }) => {
        const { client_id, text } = body as { client_id: string; text: { content: string } };
        if (!reachable) return 'unreachable';
        texts.push(text.content);
        return { status: 201, body: stored(client_id, { id: client_id, seq: texts.length }) };
      },
    });
    const say = (content: string) => outgoing.send(client, { ...thread, body: { msgtype: 'text', text: { content } } });
    await act(() => say('一'));
    await act(() => say('二'));
    expect(waiting().map((one) => one.body.text!.content)).toEqual(['一', '二']);
    reachable = true;
    await act(() => say('三')); // what is behind others goes behind them
    expect(texts).toEqual(['一', '二', '三']);
    expect(waiting()).toEqual([]);
    const before = server.asked.length;
    await act(() => Promise.all([outgoing.sendWaiting(client), outgoing.sendWaiting(client)]));
    expect(server.asked).toHaveLength(before);
  });

  test('what was refused, or is older than an hour, does not go by itself', async () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
    const server = fakeServer({ [call]: () => 'unreachable' });
    await act(() => outgoing.send(client, thread));
    vi.setSystemTime(1_000_000 + 3_600_000);
    await act(() => outgoing.sendWaiting(client));
    expect(server.of(call)).toHaveLength(1);
    expect(waiting()).toHaveLength(1);
    vi.useRealTimers();
  });

  test('what a check refuses, once there is a server, stays with its reason and holds nothing up', async () => {
    let reachable = false;
    const server = fakeServer({
      [call]: ({ body }) => {
        const { client_id, text } = body as { client_id: string; text: { content: string } };
        if (!reachable) return 'unreachable';
        if (text.content === '二') return { status: 201, body: stored(client_id) };
        return { status: 422, body: { type: '', title: '', status: 422, code: 'desk.blocked_word', words: ['一'], may_confirm: false } };
      },
    });
    for (const content of ['一', '二']) await act(() => outgoing.send(client, { ...thread, body: { msgtype: 'text', text: { content } } }));
    reachable = true;
    await act(() => outgoing.sendWaiting(client));
    const refused = { code: 'desk.blocked_word', doubts: { words: ['一'], mayConfirm: false }, body: { text: { content: '一' } } };
    expect(waiting()).toMatchObject([refused]);
    const before = server.asked.length;
    await act(() => outgoing.sendWaiting(client));
    expect(server.asked).toHaveLength(before);
    vi.resetModules(); // a reload
    outgoing = await import('./outgoing');
    await act(() => outgoing.sendWaiting(client));
    expect(waiting()).toMatchObject([refused]);
    expect(server.asked).toHaveLength(before);
  });

  test('sent twice under one client_id it is one message', async () => {
    const server = fakeServer({ [call]: ({ body }) => ({ status: 201, body: stored((body as { client_id: string }).client_id) }) });
    await act(() => Promise.all([outgoing.send(client, { ...thread, client_id: 'd1' }), outgoing.send(client, { ...thread, client_id: 'd1' })]));
    expect(server.of(call).map((one) => (one.body as { client_id: string }).client_id)).toEqual(['d1']);
  });

  test('is forgotten at sign-out, and not another account’s', async () => {
    const own = await import('@/shared/session/own');
    own.setOwner('1');
    fakeServer({ [call]: () => 'unreachable' });
    await act(() => outgoing.send(client, thread));
    own.setOwner('2');
    expect(waiting()).toEqual([]);
    own.setOwner('1');
    expect(waiting()).toHaveLength(1);
    own.forgetOwn();
    own.setOwner('1');
    expect(waiting()).toEqual([]);
    expect(sessionStorage).toHaveLength(0);
  });

  test('stopped by a check, it says what is not liked, and goes as it is only when that was confirmed', async () => {
    const findings = [{ checker: 'wechat', name: '', verdict: 'risky', reason: '20006', words: ['返现'] }];
    const server = fakeServer({
      [call]: ({ body }) => {
        const { client_id, confirmed } = body as { client_id: string; confirmed?: boolean };
        return confirmed ? { status: 201, body: stored(client_id) } : { status: 422, body: { type: '', title: '', status: 422, code: 'content_check.refused', findings, may_confirm: true } };
      },
    });
    await act(() => outgoing.send(client, thread));
    const [kept] = waiting();
    expect(kept).toMatchObject({ code: 'content_check.refused', doubts: { words: [], findings, mayConfirm: true } });
    await act(() => outgoing.sendAgain(client, kept!.client_id));
    expect(waiting()).toHaveLength(1);
    await act(() => outgoing.sendAgain(client, kept!.client_id, true));
    expect(server.of(call).map((one) => (one.body as { confirmed?: boolean }).confirmed)).toEqual([undefined, undefined, true]);
    expect(waiting()).toHaveLength(0);
  });

  test('to be rewritten, it goes back to who writes in its conversation, and to nobody else', async () => {
    fakeServer({ [call]: () => ({ status: 422, body: { type: '', title: '', status: 422, code: 'desk.blocked_word', words: ['x'], may_confirm: false } }) });
    await act(() => outgoing.send(client, thread));
    const [kept] = waiting();
    act(() => outgoing.rewrite(kept!.client_id));
    expect(waiting()).toHaveLength(1); // nobody writes there
    const got: string[] = [];
    const stop = outgoing.whenRewritten((id, text) => id === '1' && got.push(text) > 0);
    act(() => outgoing.rewrite(kept!.client_id));
    expect(got).toEqual(['您好']);
    expect(waiting()).toHaveLength(0);
    stop();
  });

  test('is still there after a reload', async () => {
    fakeServer({ [call]: () => 'unreachable' });
    await act(() => outgoing.send(client, thread));
    vi.resetModules();
    outgoing = await import('./outgoing');
    expect(waiting()).toHaveLength(1);
    expect(waiting()[0]!.body.text!.content).toBe('您好');
  });
});

describe('live changes', () => {
  test('a message of a thread that was never opened is left alone', () => {
    applyChange(client, { appid: 'wx1', seq: 1, topic: 'message', data: stored('x', { thread_id: 'other' }) as never });
    expect(client.getQueryData(keys.thread('other'))).toBeUndefined();
  });

  test('a conversation goes into the list of its mini program and under its id', () => {
    client.setQueryData(keys.open('wx1'), { items: [], complete: true });
    applyChange(client, { appid: 'wx1', seq: 1, topic: 'conversation', data: { id: '1', appid: 'wx1', state: 'waiting', version: 1 } });
    expect(client.getQueryData<{ items: unknown[] }>(keys.open('wx1'))!.items).toHaveLength(1);
    applyChange(client, { appid: 'wx1', seq: 2, topic: 'conversation', data: { id: '1', appid: 'wx1', state: 'closed', version: 2 } });
    expect(client.getQueryData<{ items: unknown[] }>(keys.open('wx1'))!.items).toHaveLength(0);
    expect(client.getQueryData<{ state: string }>(keys.one('1'))!.state).toBe('closed');
  });

  test('a topic of tomorrow is ignored', () => {
    expect(() => applyChange(client, { appid: 'wx1', seq: 1, topic: 'weather', data: {} })).not.toThrow();
  });
});
