// The same done to many conversations: each by the route that does it to one, so that each has its own answer. A few at
// a time; it can be stopped, and what was done can mostly be taken back.
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { cleanTags } from '@/shared/wrapup/wrapUp';
import type { Conversation } from './cache';
import { keys, onNewest, storeDone } from './conversations';

export type BulkKind = 'take' | 'transfer' | 'tag' | 'park' | 'close' | 'macro';
export type BulkAction =
  | { kind: 'take' }
  | ({ kind: 'transfer' } & Schemas['Transfer'])
  | { kind: 'tag'; tags: string[] }
  | ({ kind: 'park' } & Schemas['Park'])
  | { kind: 'close'; outcome: 'resolved' | 'unresolved'; reason_id?: string; tags: string[] }
  | { kind: 'macro'; id: string };

export type Undo = () => Promise<unknown>;
export interface Done {
  conversation?: Conversation; // as it is now
  undo?: Undo;
}
export type State = 'waiting' | 'doing' | 'done' | 'failed' | 'stopped';
export interface Line {
  conversation: Conversation;
  state: State;
  problem?: string;
  undo?: Undo;
}

// All tags there are to be are sent: what a colleague gave meanwhile must be among them.
const setTags = ({ id, version }: Conversation, tags: string[]) => unwrap(api.PATCH('/api/v1/conversations/{id}/wrap-up', { params: { path: { id } }, body: { version, tags } }));

async function addTags(before: Conversation, tags: string[]): Promise<Done> {
  let added: string[] = [];
  const conversation = await onNewest(before, (now) => {
    const all = cleanTags([...now.tags, ...tags]);
    added = all.filter((tag) => !now.tags.includes(tag));
    return setTags(now, all);
  });
  const takeAway = (now: Conversation) => setTags(now, now.tags.filter((tag) => !added.includes(tag)));
  return { conversation, undo: added.length > 0 ? () => onNewest(conversation, takeAway) : undefined };
}

// What became of one; fails with the route's problem.
export async function act(action: BulkAction, before: Conversation): Promise<Done> {
  const { id, appid } = before;
  const params = { path: { id } };
  switch (action.kind) {
    case 'take':
      return { conversation: await unwrap(api.POST('/api/v1/conversations/{id}/take', { params })), undo: before.assignee ? undefined : () => unwrap(api.POST('/api/v1/conversations/{id}/release', { params })) };
    case 'transfer': {
      const { kind: _, ...body } = action;
      return { conversation: await unwrap(api.POST('/api/v1/conversations/{id}/transfer', { params, body })) };
    }
    case 'tag':
      return addTags(before, action.tags);
    case 'park': {
      const { kind: _, ...body } = action;
      return { conversation: await unwrap(api.POST('/api/v1/conversations/{id}/park', { params, body })), undo: () => unwrap(api.POST('/api/v1/conversations/{id}/unpark', { params })) };
    }
    case 'close': {
      const { outcome, reason_id, tags } = action;
      const said = (now: Conversation) => ({ outcome, ...(reason_id && { reason_id }), ...(tags.length > 0 && { version: now.version, tags: cleanTags([...now.tags, ...tags]) }) });
      return { conversation: await onNewest(before, (now) => unwrap(api.POST('/api/v1/conversations/{id}/close', { params, body: said(now) }))), undo: () => unwrap(api.POST('/api/v1/conversations/{id}/reopen', { params })) };
    }
    case 'macro': {
      const run = await unwrap(api.POST('/api/v1/miniprograms/{appid}/macros/{id}/run', { params: { path: { appid, id: action.id } }, body: { conversation_id: id, seen_seq: before.last_seq } }));
      const undoable = run.actions.some((one) => one.undoable);
      return { undo: undoable ? () => unwrap(api.POST('/api/v1/miniprograms/{appid}/macro-runs/{id}/undo', { params: { path: { appid, id: run.id } } })) : undefined };
    }
  }
}

const atOnce = 4;

// `told`: the lines as they are, after each step. Ends when all are done or, after `signal`, those that were begun.
export async function runBulk(conversations: Conversation[], step: (one: Conversation) => Promise<Done>, told: (lines: Line[]) => void, signal: AbortSignal): Promise<Line[]> {
  let lines = conversations.map((conversation): Line => ({ conversation, state: 'waiting' }));
  const set = (index: number, change: Partial<Line>) => {
    lines = lines.with(index, { ...lines[index]!, ...change });
    told(lines);
  };
  let next = 0;
  const work = async () => {
    while (next < conversations.length) {
      const index = next++;
      if (signal.aborted) {
        set(index, { state: 'stopped' });
        continue;
      }
      set(index, { state: 'doing' });
      try {
        const { conversation, undo } = await step(conversations[index]!);
        set(index, { state: 'done', undo, ...(conversation && { conversation }) });
      } catch (problem) {
        set(index, { state: 'failed', problem: problemText(problem) });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return lines;
}

// Once, after all of it.
export function changedMany(client: QueryClient, appid: string, lines: Line[]) {
  for (const { state, conversation } of lines) if (state === 'done') storeDone(client, conversation);
  for (const queryKey of [keys.counts(appid), keys.lists(appid), ['desk', 'conversation'], ['desk', 'events'], ['desk', 'clocks']]) void client.invalidateQueries({ queryKey });
}
