// Applies what the live connection tells to the desk's cache.
import type { QueryClient } from '@tanstack/react-query';
import type { Change } from '@/shared/live/connection';
import { agentsKey, teamsKey } from '@/shared/teams/teams';
import type { Conversation, Message } from './cache';
import { keys, memory, storeConversation, storeMessage } from './conversations';
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
      void client.invalidateQueries({ queryKey: teamsKey(change.appid) });
      void client.invalidateQueries({ queryKey: agentsKey(change.appid) });
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
  for (const key of [keys.open(appid), keys.counts(appid), keys.lists(appid), ['desk', 'thread'], ['desk', 'conversation'], teamsKey(appid), agentsKey(appid), ['presence', appid]]) {
    void client.cancelQueries({ queryKey: key }).then(() => client.invalidateQueries({ queryKey: key }));
  }
}
