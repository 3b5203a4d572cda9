import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveConnection, type Change, type LiveStatus } from './connection';

class FakeSocket {
  readyState: number = WebSocket.CONNECTING;
  sent: Record<string, unknown>[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.();
  }
  opened() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }
  tell(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function setup() {
  const sockets: FakeSocket[] = [];
  const changes: Change[] = [];
  const snapshots: string[] = [];
  const statuses: LiveStatus[] = [];
  const typing: object[] = [];
  const counts: object[] = [];
  const missed: string[][] = [];
  const live = new LiveConnection(
    {
      open: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => Date.now(),
    },
    { change: (one) => changes.push(one), snapshot: (appid) => snapshots.push(appid), status: (one) => statuses.push(one), typing: (one) => typing.push(one), presence() {}, counts: (one) => counts.push(one.counts), missed: (_, ids) => missed.push(ids) },
  );
  return { live, sockets, changes, snapshots, statuses, typing, counts, missed };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the live connection', () => {
  test('begins with a snapshot and follows from its number', () => {
    const { live, sockets, changes, snapshots, statuses } = setup();
    live.follow(['wx1']);
    sockets[0]!.opened();
    expect(sockets[0]!.sent).toEqual([{ type: 'hello', appids: { wx1: null } }]);
    sockets[0]!.tell({ type: 'ready', appid: 'wx1', seq: 10, resumed: false, missed: 0 });
    expect(snapshots).toEqual(['wx1']);
    expect(statuses.at(-1)).toMatchObject({ state: 'live', caughtUp: undefined });
    sockets[0]!.tell({ type: 'change', appid: 'wx1', seq: 11, topic: 'message', data: {} });
    sockets[0]!.tell({ type: 'change', appid: 'wx1', seq: 11, topic: 'message', data: {} });
    expect(changes.map((one) => one.seq)).toEqual([11]);
  });

  test('comes back with its last number and says what it caught up', () => {
    const { live, sockets, snapshots, statuses } = setup();
    live.follow(['wx1', 'wx2']);
    sockets[0]!.opened();
    sockets[0]!.tell({ type: 'ready', appid: 'wx1', seq: 10, resumed: false });
    sockets[0]!.tell({ type: 'ready', appid: 'wx2', seq: 5, resumed: false });
    sockets[0]!.tell({ type: 'change', appid: 'wx1', seq: 12, topic: 'message', data: {} });
    sockets[0]!.close();
    expect(statuses.at(-1)!.state).toBe('lost');
    vi.advanceTimersByTime(300);
    sockets[1]!.opened();
    expect(sockets[1]!.sent).toEqual([{ type: 'hello', appids: { wx1: 12, wx2: 5 } }]);
    sockets[1]!.tell({ type: 'ready', appid: 'wx1', seq: 15, resumed: true, missed: 3 });
    sockets[1]!.tell({ type: 'ready', appid: 'wx2', seq: 6, resumed: true, missed: 1 });
    expect(statuses.at(-1)).toMatchObject({ state: 'live', caughtUp: 4 });
    expect(snapshots).toHaveLength(2);
  });

  test('reads everything again when the log no longer has what was missed', () => {
    const { live, sockets, snapshots, statuses } = setup();
    live.follow(['wx1']);
    sockets[0]!.opened();
    sockets[0]!.tell({ type: 'ready', appid: 'wx1', seq: 10, resumed: false });
    sockets[0]!.close();
    vi.advanceTimersByTime(300);
    sockets[1]!.opened();
    sockets[1]!.tell({ type: 'ready', appid: 'wx1', seq: 999, resumed: false });
    expect(snapshots).toEqual(['wx1', 'wx1']);
    expect(statuses.at(-1)).toMatchObject({ caughtUp: 'snapshot' });
  });

  test('waits longer each time, and at once when nudged', () => {
    const { live, sockets } = setup();
    live.follow(['wx1']);
    sockets[0]!.close();
    vi.advanceTimersByTime(299);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    sockets[1]!.close();
    vi.advanceTimersByTime(999);
    expect(sockets).toHaveLength(2);
    live.nudge();
    expect(sockets).toHaveLength(3);
  });

  test('a silent connection is dead', () => {
    const { live, sockets, statuses } = setup();
    live.follow(['wx1']);
    sockets[0]!.opened();
    sockets[0]!.tell({ type: 'ready', appid: 'wx1', seq: 1, resumed: false });
    vi.advanceTimersByTime(30_000);
    sockets[0]!.tell({ type: 'ping' });
    expect(sockets[0]!.sent.at(-1)).toEqual({ type: 'pong' });
    vi.advanceTimersByTime(44_000);
    expect(statuses.at(-1)!.state).toBe('live');
    vi.advanceTimersByTime(2000);
    expect(statuses.at(-1)!.state).toBe('lost');
  });

  test('follows one more mini program on the open connection', () => {
    const { live, sockets, typing } = setup();
    live.follow(['wx1']);
    sockets[0]!.opened();
    live.follow(['wx1', 'wx2']);
    expect(sockets[0]!.sent.at(-1)).toEqual({ type: 'hello', appids: { wx2: null } });
    live.sendTyping('9');
    expect(sockets[0]!.sent.at(-1)).toEqual({ type: 'typing', conversation_id: '9' });
    sockets[0]!.tell({ type: 'typing', conversation_id: '9', display_name: 'x' });
    expect(typing).toHaveLength(1);
  });

  test('counts say up to where everything was told', () => {
    const { live, sockets, counts } = setup();
    live.follow(['wx1']);
    sockets[0]!.opened();
    sockets[0]!.tell({ type: 'ready', appid: 'wx1', seq: 10, resumed: false });
    sockets[0]!.tell({ type: 'counts', appid: 'wx1', seq: 90, counts: { waiting: 3 } });
    expect(counts).toEqual([{ waiting: 3 }]);
    sockets[0]!.close();
    vi.advanceTimersByTime(300);
    sockets[1]!.opened();
    expect(sockets[1]!.sent).toEqual([{ type: 'hello', appids: { wx1: 90 } }]);
  });

  test('what is open is told again on the next connection, and what was missed of it is said', () => {
    const { live, sockets, missed } = setup();
    live.follow(['wx1', 'wx2']);
    live.watch('wx1', ['7']); // before the socket is open: with the hello
    sockets[0]!.opened();
    expect(sockets[0]!.sent).toEqual([{ type: 'hello', appids: { wx1: null, wx2: null }, watch: { wx1: ['7'] } }]);
    live.watch('wx1', ['9']);
    expect(sockets[0]!.sent.at(-1)).toEqual({ type: 'watch', appid: 'wx1', ids: ['9'] });
    sockets[0]!.tell({ type: 'ready', appid: 'wx1', seq: 10, resumed: false });
    live.watch('wx1', ['8']);
    expect(sockets[0]!.sent.at(-1)).toEqual({ type: 'watch', appid: 'wx1', ids: ['8'], since: 10 });
    sockets[0]!.tell({ type: 'watching', appid: 'wx1', ids: ['8'], missed: [] });
    expect(missed).toEqual([]);
    sockets[0]!.tell({ type: 'watching', appid: 'wx1', ids: ['8'], missed: ['8'] });
    expect(missed).toEqual([['8']]);
    sockets[0]!.close();
    vi.advanceTimersByTime(300);
    sockets[1]!.opened();
    expect(sockets[1]!.sent.at(-1)).toMatchObject({ watch: { wx1: ['8'] } });
    live.watch('wx1', []);
    sockets[1]!.close();
    vi.advanceTimersByTime(1000);
    sockets[2]!.opened();
    expect(sockets[2]!.sent.at(-1)).not.toHaveProperty('watch');
  });

  test('closed by us before it is open, it ends when it is, and says nothing', () => {
    const { live, sockets } = setup();
    live.follow(['wx1']);
    live.close();
    expect(sockets[0]!.readyState).toBe(WebSocket.CONNECTING);
    sockets[0]!.opened();
    expect(sockets[0]!.readyState).toBe(WebSocket.CLOSED);
    expect(sockets[0]!.sent).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(1);
  });

  test('closed by us, it stays closed', () => {
    const { live, sockets } = setup();
    live.follow(['wx1']);
    live.close();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });
});
