import { describe, expect, test } from 'vitest';
import { byWaiting, inOrder, inView, LiveMemory, mergeOpen, putMessage, putOpen, type Conversation, type Message, type MessagePages } from './cache';

const conversation = (id: string, more: Partial<Conversation> = {}): Conversation =>
  ({ id, appid: 'wx1', thread_id: `t${id}`, openid: `o${id}`, state: 'waiting', stage: 'queued', assignee: null, unread: 0, last_message_at: 100, opened_at: 1, version: 1, ...more }) as Conversation;
const message = (id: string, seq: number, more: Partial<Message> = {}): Message =>
  ({ id, seq, conversation_id: '1', thread_id: 't1', direction: 'out', sender_kind: 'agent', msgtype: 'text', state: 'queued', created_at: seq, ...more }) as Message;
const pages = (...items: Message[][]): MessagePages => ({ pages: items.map((page) => ({ items: page, next_cursor: null })), pageParams: items.map(() => undefined) });

describe('the list of open conversations', () => {
  test.each([
    ['a new one comes in', [conversation('1')], conversation('2'), ['1', '2']],
    ['a newer version replaces', [conversation('1')], conversation('1', { version: 2, unread: 3 }), ['1']],
    ['a closed one goes', [conversation('1'), conversation('2')], conversation('1', { version: 2, state: 'closed' }), ['2']],
    ['a closed one that was never there stays away', [conversation('2')], conversation('1', { state: 'closed' }), ['2']],
  ])('%s', (_, before, item, ids) => {
    expect(putOpen(before, item).map((one) => one.id)).toEqual(ids);
  });

  test('an older version never replaces a newer one', () => {
    const known = [conversation('1', { version: 5, unread: 2 })];
    expect(putOpen(known, conversation('1', { version: 4, unread: 0 }))[0]!.unread).toBe(2);
    expect(putOpen(known, conversation('1', { version: 4, state: 'closed' }))).toHaveLength(1);
  });

  test('an answer that is older than live changes does not undo them', () => {
    const memory = new LiveMemory();
    memory.noteConversation(conversation('1', { version: 3, state: 'closed' }), 50); // closed while the list was read
    memory.noteConversation(conversation('3', { version: 1 }), 60); // opened while the list was read
    memory.noteConversation(conversation('4', { version: 2, unread: 9 }), 5); // before; its version is still newer
    memory.noteConversation(conversation('9', { appid: 'wx2' }), 60); // of another mini program
    const merged = mergeOpen([conversation('1'), conversation('2'), conversation('4'), conversation('2')], memory, 'wx1', 10);
    expect(merged.map((one) => [one.id, one.unread])).toEqual([['2', 0], ['4', 9], ['3', 0]]);
  });

  test('what left comes back with an answer to what was asked afterwards: others are told counts, not changes', () => {
    const memory = new LiveMemory();
    memory.noteLeft('1', 50);
    expect(mergeOpen([conversation('1'), conversation('2')], memory, 'wx1', 40).map((one) => one.id)).toEqual(['2']);
    expect(memory.hasLeft('1')).toBe(true);
    expect(mergeOpen([conversation('1'), conversation('2')], memory, 'wx1', 60).map((one) => one.id)).toEqual(['1', '2']);
    expect(memory.hasLeft('1')).toBe(false);
  });

  test('within a version, what was told while one was read is newer', () => {
    const memory = new LiveMemory();
    const marks = [{ kind: 'resolution', level: 'none', paused: true, due_at: null, left_ms: 5 }] as Conversation['service_levels'];
    memory.noteConversation(conversation('1', { version: 3, service_levels: marks }), 50);
    expect(memory.freshConversation(conversation('1', { version: 3 }), 40).service_levels).toBe(marks);
    expect(memory.freshConversation(conversation('1', { version: 3 }), 60).service_levels).toBeUndefined();
    expect(memory.freshConversation(conversation('1', { version: 3 })).service_levels).toBeUndefined();
    expect(memory.freshConversation(conversation('1', { version: 2 })).service_levels).toBe(marks);
  });

  test('who waits longest is first, then the newest message', () => {
    const list = [conversation('a', { last_message_at: 5 }), conversation('b', { waiting_since: 20 }), conversation('c', { waiting_since: 10 }), conversation('d', { last_message_at: 9 }), conversation('e', { priority: 1 })];
    expect(list.sort(byWaiting).map((one) => one.id)).toEqual(['e', 'c', 'b', 'd', 'a']);
  });

  test.each([
    ['mine', conversation('1', { assignee: { id: '7', display_name: '' }, state: 'active' }), true],
    ['mine', conversation('1'), false],
    ['waiting', conversation('1'), true],
    ['waiting', conversation('1', { assignee: { id: '7', display_name: '' } }), false],
    ['all', conversation('1'), true],
  ] as const)('view %s', (view, one, seen) => {
    expect(inView(one, view, '7')).toBe(seen);
  });
});

describe('the messages of a thread', () => {
  test('a new one goes where its seq says', () => {
    const known = pages([message('c', 3), message('a', 1)]);
    expect(putMessage(known, message('b', 2)).pages[0]!.items.map((one) => one.id)).toEqual(['c', 'b', 'a']);
    expect(putMessage(known, message('d', 4)).pages[0]!.items.map((one) => one.id)).toEqual(['d', 'c', 'a']);
    expect(putMessage(pages([]), message('a', 1)).pages[0]!.items).toHaveLength(1);
  });

  test('a known one is replaced on whichever page it is', () => {
    const changed = putMessage(pages([message('c', 3)], [message('b', 2)]), message('b', 2, { state: 'sent' }));
    expect(changed.pages[1]!.items[0]!.state).toBe('sent');
    expect(changed.pages[0]!.items).toHaveLength(1);
  });

  test('pages that overlap show each message once, oldest first', () => {
    expect(inOrder(pages([message('c', 3), message('b', 2)], [message('b', 2), message('a', 1)])).map((one) => one.id)).toEqual(['a', 'b', 'c']);
    expect(inOrder(undefined)).toEqual([]);
  });

  test('states never go back: a live change that came after the request began is newer than its answer', () => {
    const memory = new LiveMemory();
    memory.noteMessage(message('a', 1, { state: 'sent' }), 20);
    expect(memory.freshMessage(message('a', 1, { state: 'queued' }), 10).state).toBe('sent');
    // A resend: the answer to a later request is newer than the old change.
    expect(memory.freshMessage(message('a', 1, { state: 'queued' }), 30).state).toBe('queued');
    expect(memory.messagesSince('t1', 10).map((one) => one.id)).toEqual(['a']);
    expect(memory.messagesSince('t1', 30)).toEqual([]);
  });

  test('what is remembered is bounded', () => {
    const memory = new LiveMemory();
    for (let seq = 0; seq < 5000; seq += 1) memory.noteMessage(message(`m${seq}`, seq), seq);
    expect(memory.messagesSince('t1', 0)).toHaveLength(2000);
  });
});
