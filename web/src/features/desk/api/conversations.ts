import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, readAll, unwrap, type Schemas } from '@/shared/api/client';
import { problemCode } from '@/shared/api/problems';
import type { WrapUpChange } from '@/shared/wrapup/wrapUp';
import { LiveMemory, mergeOpen, putMessage, putOpen, type Conversation, type Message, type MessagePages } from './cache';

export const memory = new LiveMemory();

export const keys = {
  open: (appid: string) => ['desk', 'open', appid] as const,
  counts: (appid: string) => ['desk', 'counts', appid] as const,
  one: (id: string) => ['desk', 'conversation', id] as const,
  thread: (id: string) => ['desk', 'thread', id] as const,
  lists: (appid: string) => ['desk', 'list', appid] as const,
};

interface OpenConversations {
  items: Conversation[];
  complete: boolean; // false: there are more than we read
}

// All open conversations: the three views of the list are cut from them, so that switching is instant.
export function useOpenConversations(appid: string) {
  return useQuery({
    queryKey: keys.open(appid),
    staleTime: Infinity,
    refetchOnMount: 'always',
    queryFn: async (): Promise<OpenConversations> => {
      const startedAt = performance.now();
      const read = (state: 'waiting' | 'active') =>
        readAll((cursor) => unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations', { params: { path: { appid }, query: { state, limit: 100, cursor } } })));
      const [waiting, active] = await Promise.all([read('waiting'), read('active')]);
      return { items: mergeOpen([...waiting.items, ...active.items], memory, appid, startedAt), complete: waiting.complete && active.complete };
    },
  });
}

// As the list of open ones has it by now.
export const newest = (client: QueryClient, before: Conversation) => client.getQueryData<OpenConversations>(keys.open(before.appid))?.items.find((one) => one.id === before.id) ?? before;

// Closed ones, or what a search finds: read page by page.
export function useConversationList(appid: string, filter: { state?: 'closed'; q?: string; thread_id?: string; group_id?: string; reason_id?: string; tag?: string; assignee?: string }, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...keys.lists(appid), filter],
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations', { params: { path: { appid }, query: { ...filter, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
}

export function useDeskCounts(appid: string) {
  return useQuery({
    queryKey: keys.counts(appid),
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations/counts', { params: { path: { appid } } })),
    staleTime: 30_000,
  });
}

export function useConversation(appid: string, id: string | undefined) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.one(id ?? ''),
    enabled: !!id,
    staleTime: Infinity,
    refetchOnMount: 'always',
    initialData: () => client.getQueryData<OpenConversations>(keys.open(appid))?.items.find((one) => one.id === id),
    initialDataUpdatedAt: 0,
    queryFn: async () => {
      const startedAt = performance.now();
      return memory.freshConversation(await unwrap(api.GET('/api/v1/conversations/{id}', { params: { path: { id: id! } } })), startedAt);
    },
  });
}

// The messages of the thread: this conversation's and its earlier ones'.
export function useThread(conversation: Conversation) {
  return useInfiniteQuery({
    queryKey: keys.thread(conversation.thread_id),
    staleTime: Infinity,
    refetchOnMount: 'always',
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }): Promise<Schemas['MessageList']> => {
      const startedAt = performance.now();
      const page = await unwrap(
        api.GET('/api/v1/conversations/{id}/messages', { params: { path: { id: conversation.id }, query: { scope: 'thread', limit: 50, cursor: pageParam } } }),
      );
      let fresh: MessagePages = { pages: [{ ...page, items: page.items.map((one) => memory.freshMessage(one, startedAt)) }], pageParams: [pageParam] };
      if (!pageParam) for (const message of memory.messagesSince(conversation.thread_id, startedAt)) fresh = putMessage(fresh, message);
      return fresh.pages[0]!;
    },
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
}

// ---- writing into the cache ----

export function storeConversation(client: QueryClient, item: Conversation) {
  if (memory.hasLeft(item.id)) return;
  client.setQueryData<OpenConversations>(keys.open(item.appid), (known) => known && { ...known, items: putOpen(known.items, item) });
  client.setQueryData<Conversation>(keys.one(item.id), (known) => (known && known.version > item.version ? known : item));
}

// Whoever looks at it is told that it is not theirs any more.
export function dropConversation(client: QueryClient, appid: string, id: string) {
  memory.noteLeft(id, performance.now());
  client.setQueryData<OpenConversations>(keys.open(appid), (known) => known && { ...known, items: known.items.filter((one) => one.id !== id) });
  void client.invalidateQueries({ queryKey: keys.lists(appid) });
  void client.invalidateQueries({ queryKey: keys.counts(appid) });
  void client.resetQueries({ queryKey: keys.one(id) });
}

export function storeMessage(client: QueryClient, message: Message) {
  if (!message.thread_id) return;
  client.setQueryData<MessagePages>(keys.thread(message.thread_id), (known) => known && putMessage(known, message));
}

// The answer to what was asked to be done since `startedAt`. A list that was asked for before does not know of it when it
// comes, and whoever follows nothing yet is not told: so it is remembered.
export function storeSent(client: QueryClient, answer: Message, startedAt: number) {
  const message = memory.freshMessage(answer, startedAt);
  memory.noteMessage(message, performance.now());
  storeMessage(client, message);
}

export function storeDone(client: QueryClient, answer: Conversation) {
  const conversation = memory.freshConversation(answer);
  if (!memory.hasLeft(conversation.id)) memory.noteConversation(conversation, performance.now());
  storeConversation(client, conversation);
}

// ---- what an agent does ----

const attemptsMax = 3;

// `change` says as of which version it was made; when somebody was faster, the conversation is read again.
export async function onNewest(seen: Conversation, change: (now: Conversation) => Promise<Conversation>): Promise<Conversation> {
  let now = seen;
  for (let attempt = 1; ; ++attempt) {
    try {
      return await change(now);
    } catch (problem) {
      if (attempt === attemptsMax || problemCode(problem) !== 'desk.conversation_changed') throw problem;
    }
    now = await unwrap(api.GET('/api/v1/conversations/{id}', { params: { path: { id: seen.id } } }));
  }
}

// What is said of a conversation as it is now. All tags there are to be are sent, and so is of which version that is said.
export type Saying = (now: Conversation) => WrapUpChange;
const versioned = (now: Conversation, said: WrapUpChange) => ({ ...said, ...(said.tags && { version: now.version }) });

type Action = 'take' | 'release' | 'unpark' | 'reopen' | 'close';
export type Outcome = NonNullable<Schemas['Close']['outcome']>;
export const outcomes: Outcome[] = ['resolved', 'unresolved'];

export function useConversationAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ conversation, action, outcome, said }: { conversation: Conversation; action: Action; outcome?: Outcome; said?: Saying }): Promise<Conversation> => {
      const { id } = conversation;
      const params = { path: { id } };
      if (action === 'take') return unwrap(api.POST('/api/v1/conversations/{id}/take', { params }));
      if (action === 'release') return unwrap(api.POST('/api/v1/conversations/{id}/release', { params }));
      if (action === 'unpark') return unwrap(api.POST('/api/v1/conversations/{id}/unpark', { params }));
      if (action === 'reopen') return unwrap(api.POST('/api/v1/conversations/{id}/reopen', { params }));
      return onNewest(conversation, (now) => unwrap(api.POST('/api/v1/conversations/{id}/close', { params, body: { outcome: outcome ?? 'resolved', ...(said && versioned(now, said(now))) } })));
    },
    onSuccess: (conversation) => changed(client, conversation),
  });
}

// What is said of it, and what to ask whoever closes it.
export const useWrapUp = (id: string) =>
  useQuery({ queryKey: ['desk', 'wrap_up', id], gcTime: 0, queryFn: () => unwrap(api.GET('/api/v1/conversations/{id}/wrap-up', { params: { path: { id } } })) });

export function useChangeWrapUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ conversation, said }: { conversation: Conversation; said: Saying }) =>
      onNewest(conversation, (now) => unwrap(api.PATCH('/api/v1/conversations/{id}/wrap-up', { params: { path: { id: now.id } }, body: versioned(now, said(now)) }))),
    onSuccess: (conversation) => changed(client, conversation),
  });
}

export function useTransfer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Schemas['Transfer']) => unwrap(api.POST('/api/v1/conversations/{id}/transfer', { params: { path: { id } }, body })),
    onSuccess: (conversation) => changed(client, conversation),
  });
}

export function usePark() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Schemas['Park']) => unwrap(api.POST('/api/v1/conversations/{id}/park', { params: { path: { id } }, body })),
    onSuccess: (conversation) => changed(client, conversation),
  });
}

function changed(client: QueryClient, conversation: Conversation) {
  storeDone(client, conversation);
  void client.invalidateQueries({ queryKey: keys.counts(conversation.appid) });
  void client.invalidateQueries({ queryKey: keys.lists(conversation.appid) });
  void client.invalidateQueries({ queryKey: ['desk', 'events', conversation.id] });
  void client.invalidateQueries({ queryKey: ['desk', 'clocks', conversation.id] });
}

// What a quick reply says in a conversation.
export const fillIn = ({ appid, id }: Conversation, reply: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/quick-replies/{id}/fill-in', { params: { path: { appid, id: reply } }, body: { conversation_id: id } }));

export async function markRead(client: QueryClient, conversation: Conversation, seq: number) {
  storeConversation(client, { ...conversation, unread: 0 });
  const startedAt = performance.now();
  try {
    storeConversation(client, memory.freshConversation(await unwrap(api.POST('/api/v1/conversations/{id}/read', { params: { path: { id: conversation.id } }, body: { seq } })), startedAt));
  } catch {
    // Read marks are a convenience: the next one says it again.
  }
}

export function useResend() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (message: Message) => {
      const startedAt = performance.now();
      const answer = await unwrap(
        api.POST('/api/v1/conversations/{id}/messages/{message_id}/resend', { params: { path: { id: message.conversation_id, message_id: message.id } } }),
      );
      return memory.freshMessage(answer, startedAt);
    },
    onSuccess: (message) => {
      storeMessage(client, message);
      void client.invalidateQueries({ queryKey: ['desk', 'attempts', message.id] });
    },
  });
}

export function useAttempts(message: Message, enabled: boolean) {
  return useQuery({
    queryKey: ['desk', 'attempts', message.id, message.state],
    enabled,
    queryFn: () =>
      unwrap(api.GET('/api/v1/conversations/{id}/messages/{message_id}/attempts', { params: { path: { id: message.conversation_id, message_id: message.id } } })),
  });
}

export function useConversationEvents(id: string) {
  return useQuery({
    queryKey: ['desk', 'events', id],
    queryFn: () => unwrap(api.GET('/api/v1/conversations/{id}/events', { params: { path: { id }, query: { limit: 100 } } })),
  });
}

// The clocks of its service levels, the newest first.
export function useClocks({ appid, id }: Conversation) {
  return useInfiniteQuery({
    queryKey: ['desk', 'clocks', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/service-levels/conversations/{id}/clocks', { params: { path: { appid, id }, query: { limit: 20, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
}
