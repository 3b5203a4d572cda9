// Macros on a conversation: run, and taken back. Plain calls: the undo outlives what asked for it.
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import type { Conversation } from './cache';
import { keys } from './conversations';

// Whatever it changed is read again; messages come by the live connection, too.
function touched(client: QueryClient, { appid, id, openid, thread_id }: Conversation) {
  for (const queryKey of [keys.one(id), keys.thread(thread_id), keys.counts(appid), keys.lists(appid), ['desk', 'events', id], ['desk', 'clocks', id], ['desk', 'customer', appid, openid]]) void client.invalidateQueries({ queryKey });
}

// What whoever runs it has read, and was warned of.
export type Known = Omit<Schemas['MacroRunInput'], 'conversation_id'>;

export async function runMacro(client: QueryClient, conversation: Conversation, macro: string, known: Known) {
  const run = await unwrap(api.POST('/api/v1/miniprograms/{appid}/macros/{id}/run', { params: { path: { appid: conversation.appid, id: macro } }, body: { conversation_id: conversation.id, ...known } }));
  touched(client, conversation);
  return run;
}

export async function undoRun(client: QueryClient, conversation: Conversation, run: string) {
  const undone = await unwrap(api.POST('/api/v1/miniprograms/{appid}/macro-runs/{id}/undo', { params: { path: { appid: conversation.appid, id: run } } }));
  touched(client, conversation);
  return undone;
}
