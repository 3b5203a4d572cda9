// Applies what the live connection tells to the desk's cache.
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Change, Counts } from '@/shared/live/connection';
import { agentsKey, teamsKey } from '@/shared/teams/teams';
import type { Conversation, Message } from './cache';
import { dropConversation, keys, memory, storeConversation, storeMessage } from './conversations';
import { settle } from './outgoing';

export function applyChange(client: QueryClient, change: Change) {
  switch (change.topic) {
    case 'conversation': {
      const item = change.data as unknown as Conversation;
      memory.noteConversation(item, performance.now());
      storeConversation(client, item);
      void client.invalidateQueries({ queryKey: ['desk', 'events', item.id] });
      void client.invalidateQueries({ queryKey: ['desk', 'clocks', item.id] });
      return;
    }
    case 'conversation_left':
      dropConversation(client, change.appid, String(change.data.id));
      return;
    case 'message': {
      const message = change.data as unknown as Message;
      memory.noteMessage(message, performance.now());
      storeMessage(client, message);
      settle(message.client_id);
      return;
    }
    case 'media':
      void client.invalidateQueries({ queryKey: ['desk', 'media', String(change.data.media_id)] });
      return;
    case 'presence':
      void client.invalidateQueries({ queryKey: agentsKey(change.appid) });
      void client.invalidateQueries({ queryKey: ['presence', change.appid] });
      return;
    case 'teams':
      applySnapshot(client, change.appid); // whose conversations one reads depends on one's groups
      return;
    case 'config':
      void client.invalidateQueries({ queryKey: ['desk', 'settings', change.appid] });
      return;
    case 'miniprogram':
      void client.invalidateQueries({ queryKey: ['miniprograms'] });
      return;
    case 'dead_letter':
      void client.invalidateQueries({ queryKey: ['gateway', change.appid] });
      return;
  }
}

// The log no longer has what we missed, or the stream has just begun: everything that was read of this mini program is
// read again. What is being read now may be older than the stream, and a first read is not begun anew by invalidating.
export function applySnapshot(client: QueryClient, appid: string) {
  memory.forgetLeft();
  for (const key of [keys.open(appid), keys.counts(appid), keys.lists(appid), ['desk', 'thread'], ['desk', 'conversation'], teamsKey(appid), agentsKey(appid), ['presence', appid]]) readAnew(client, key);
}

export type ListCounts = Record<'mine' | 'waiting' | 'active', number>;

// What is told of conversations that do not concern us. How many there were before; undefined: that is not known.
export function applyCounts(client: QueryClient, { appid, counts }: Counts): ListCounts | undefined {
  const before = client.getQueryData<ListCounts>(keys.counts(appid));
  if (before) client.setQueryData(keys.counts(appid), { ...before, ...counts });
  return before;
}

// The lists that are shown are read again, row by row as they are: what stays does not flicker.
export function readLists(client: QueryClient, appid: string) {
  for (const key of [keys.open(appid), keys.lists(appid), ['presence', appid], agentsKey(appid)]) void client.invalidateQueries({ queryKey: key });
}

// What we have open may have changed between reading it and being told of it.
export function applyMissed(client: QueryClient, ids: string[]) {
  for (const key of [['desk', 'thread'], ...ids.flatMap((id) => [keys.one(id), ['desk', 'events', id], ['desk', 'clocks', id]])]) readAnew(client, key);
}

// Also what is being read just now, which invalidating alone does not begin anew.
function readAnew(client: QueryClient, queryKey: QueryKey) {
  void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }));
}
