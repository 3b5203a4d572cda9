// Messages on their way to our own server. A bubble stands here from the moment an agent presses Enter until the
// server's message with the same client_id is in the thread: it is never lost, also not over a reload.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiProblem, api, unwrap, type Schemas } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { memory, storeMessage } from './conversations';

export interface Pending {
  client_id: string;
  conversation_id: string;
  thread_id: string;
  body: Schemas['MessageInput'];
  at: number;
  problem?: string; // not accepted; for a person
  code?: string;
  answers?: Schemas['MessageBrief'][]; // what colleagues said meanwhile: the reason why it was not accepted
  preview?: string; // a picture's own bytes, until the server shows them
}

const storageKey = 'miniops.outgoing';

function restore(): Pending[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]') as Pending[];
    // Whether they arrived is unknown; sending again is safe, since client_id makes it idempotent.
    return kept.map((one) => ({ ...one, preview: undefined, code: one.code ?? 'network.unreachable', problem: one.problem ?? '' }));
  } catch {
    return [];
  }
}

let pending: Pending[] = restore();
const listeners = new Set<() => void>();

function update(next: Pending[]) {
  pending = next;
  sessionStorage.setItem(storageKey, JSON.stringify(next.map((one) => ({ ...one, preview: undefined }))));
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function usePending(): Pending[] {
  return useSyncExternalStore(subscribe, () => pending);
}

export function settle(clientId: string | undefined) {
  if (clientId && pending.some((one) => one.client_id === clientId)) update(pending.filter((one) => one.client_id !== clientId));
}

export function discard(clientId: string) {
  settle(clientId);
}

export async function send(client: QueryClient, draft: Omit<Pending, 'at' | 'client_id'>) {
  const one: Pending = { ...draft, client_id: crypto.randomUUID(), at: Date.now() };
  update([...pending, one]);
  await deliver(client, one);
}

export async function sendAgain(client: QueryClient, clientId: string) {
  const one = pending.find((candidate) => candidate.client_id === clientId);
  if (!one) return;
  // Whoever has read what colleagues said, and sends all the same, has seen it.
  const seen = one.answers?.at(-1)?.seq;
  const body = seen === undefined ? one.body : { ...one.body, seen_seq: seen };
  const fresh = { ...one, body, problem: undefined, code: undefined, answers: undefined };
  update(pending.map((candidate) => (candidate.client_id === clientId ? fresh : candidate)));
  await deliver(client, fresh);
}

async function deliver(client: QueryClient, one: Pending) {
  const startedAt = performance.now();
  try {
    const message = await unwrap(
      api.POST('/api/v1/conversations/{id}/messages', { params: { path: { id: one.conversation_id } }, body: { ...one.body, client_id: one.client_id } }),
    );
    storeMessage(client, memory.freshMessage({ thread_id: one.thread_id, ...message }, startedAt));
    settle(one.client_id);
  } catch (problem) {
    const code = problem instanceof ApiProblem ? problem.code : 'console.unexpected';
    const answers = problem instanceof ApiProblem && problem.answers.length > 0 ? problem.answers : undefined;
    update(pending.map((candidate) => (candidate.client_id === one.client_id ? { ...candidate, problem: problemText(problem), code, answers } : candidate)));
  }
}
