// How live changes and answers become one picture. Pure: what goes in, what comes out.
//
// Two sources tell of the same conversation or message: answers to requests, and live changes. Live changes come in
// order, so the last one is the newest. An answer is as old as its request: whatever the live connection told since
// the request began is newer, and is kept.
import type { InfiniteData } from '@tanstack/react-query';
import type { Schemas } from '@/shared/api/client';

export type Conversation = Schemas['Conversation'];
export type Message = Schemas['Message'];
export type MessagePages = InfiniteData<Schemas['MessageList']>;

const remembered = 2000;

// What the live connection told lately.
export class LiveMemory {
  private readonly conversations = new Map<string, { at: number; item: Conversation }>();
  private readonly messages = new Map<string, { at: number; item: Message }>();
  private readonly left = new Map<string, number>();

  noteConversation(item: Conversation, at: number) {
    remember(this.conversations, item.id, { at, item });
    this.left.delete(item.id);
  }

  // It went to others, and is not ours to read until a change or a later answer tells of it again: an answer to what was
  // asked before is older.
  noteLeft(id: string, at: number) {
    this.conversations.delete(id);
    remember(this.left, id, at);
  }
  hasLeft(id: string, askedAt = -Infinity): boolean {
    return (this.left.get(id) ?? -Infinity) > askedAt;
  }
  isBack(id: string) {
    this.left.delete(id);
  }
  // What may be read is asked for anew.
  forgetLeft() {
    this.left.clear();
  }

  noteMessage(item: Message, at: number) {
    remember(this.messages, item.id, { at, item });
  }

  // The newer of an answer's conversation and what is known of it. Its countdowns and its budget change within a version.
  freshConversation(answer: Conversation, startedAt = Infinity): Conversation {
    const live = this.conversations.get(answer.id);
    const newer = live && (live.item.version > answer.version || (live.item.version === answer.version && live.at >= startedAt));
    return newer ? live.item : answer;
  }

  // Conversations of which live changes told since `startedAt` and that the answer does not have.
  conversationsSince(appid: string, startedAt: number): Conversation[] {
    return [...this.conversations.values()].filter((one) => one.at >= startedAt && one.item.appid === appid).map((one) => one.item);
  }

  freshMessage(answer: Message, startedAt: number): Message {
    const live = this.messages.get(answer.id);
    return live && live.at >= startedAt ? live.item : answer;
  }

  messagesSince(threadId: string, startedAt: number): Message[] {
    return [...this.messages.values()].filter((one) => one.at >= startedAt && one.item.thread_id === threadId).map((one) => one.item);
  }
}

function remember<T>(map: Map<string, T>, id: string, value: T) {
  map.delete(id);
  map.set(id, value);
  if (map.size > remembered) map.delete(map.keys().next().value!);
}

// The list of open conversations with `item` in it, or out of it when it is closed.
export function putOpen(list: Conversation[], item: Conversation): Conversation[] {
  const at = list.findIndex((one) => one.id === item.id);
  const known = list[at];
  if (known && known.version > item.version) return list;
  if (item.state === 'closed') return at < 0 ? list : list.filter((one) => one.id !== item.id);
  if (at < 0) return [...list, item];
  return list.with(at, item);
}

export function mergeOpen(fetched: Conversation[], memory: LiveMemory, appid: string, startedAt: number): Conversation[] {
  let merged: Conversation[] = [];
  for (const item of fetched) {
    if (memory.hasLeft(item.id, startedAt)) continue;
    memory.isBack(item.id);
    merged = addFresh(merged, memory.freshConversation(item));
  }
  for (const item of memory.conversationsSince(appid, startedAt)) merged = putOpen(merged, item);
  return merged;
}

// A conversation can be on two pages when it moved between their requests.
function addFresh(list: Conversation[], item: Conversation): Conversation[] {
  if (item.state === 'closed') return list;
  return list.some((one) => one.id === item.id) ? putOpen(list, item) : (list.push(item), list);
}

// Who waits longest first; then the newest message.
export function byWaiting(a: Conversation, b: Conversation): number {
  const since = (one: Conversation) => one.waiting_since || Number.MAX_SAFE_INTEGER;
  return (b.priority ?? 0) - (a.priority ?? 0) || since(a) - since(b) || b.last_message_at - a.last_message_at || (a.id < b.id ? 1 : -1);
}

export function putMessage(pages: MessagePages, message: Message): MessagePages {
  for (const [index, page] of pages.pages.entries()) {
    const at = page.items.findIndex((one) => one.id === message.id);
    if (at >= 0) return { ...pages, pages: pages.pages.with(index, { ...page, items: page.items.with(at, message) }) };
  }
  const first = pages.pages[0];
  if (!first) return pages;
  // Newest first, by the order of arrival.
  const before = first.items.findIndex((one) => one.seq < message.seq);
  const items = first.items.toSpliced(before < 0 ? first.items.length : before, 0, message);
  return { ...pages, pages: pages.pages.with(0, { ...first, items }) };
}

// All messages oldest first, each once.
export function inOrder(pages: MessagePages | undefined): Message[] {
  const seen = new Map<string, Message>();
  for (const page of pages?.pages ?? []) for (const message of page.items) if (!seen.has(message.id)) seen.set(message.id, message);
  return [...seen.values()].sort((a, b) => a.seq - b.seq);
}

export type View = 'mine' | 'waiting' | 'all';

export function inView(conversation: Conversation, view: View, accountId: string): boolean {
  if (view === 'mine') return conversation.assignee?.id === accountId;
  if (view === 'waiting') return conversation.state === 'waiting' && !conversation.assignee;
  return true;
}
