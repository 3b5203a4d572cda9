// Messages on their way to our own server. A bubble stands here from the moment an agent presses Enter until the
// server's message with the same client_id is in the thread: it is never lost, also not over a reload. What finds no server
// waits, and goes by itself when there is one again, in the order in which it was written.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiProblem, api, unwrap, type Doubts, type Schemas } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { ownKey, whenOwnerChanges } from '@/shared/session/own';
import { storeSent } from './conversations';

export interface Pending {
  client_id: string;
  conversation_id: string;
  thread_id: string;
  body: Schemas['MessageInput'];
  at: number;
  problem?: string; // not accepted; for a person
  code?: string;
  answers?: Schemas['MessageBrief'][]; // what colleagues said meanwhile: the reason why it was not accepted
  doubts?: Doubts; // what is not liked about what it says
  preview?: string; // a picture's own bytes, until the server shows them
}

const storageKey = () => ownKey('outgoing');
const unreachable = 'network.unreachable';
const waitingMs = 3_600_000; // what is older is sent by hand: the talk may have gone on

function restore(): Pending[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey()) ?? '[]') as Pending[];
    // Whether they arrived is unknown; sending again is safe, since client_id makes it idempotent.
    return kept.map((one) => ({ ...one, preview: undefined, code: one.code ?? unreachable, problem: one.problem ?? '' }));
  } catch {
    return [];
  }
}

let pending: Pending[] = restore();
const listeners = new Set<() => void>();

function update(next: Pending[]) {
  pending = next;
  sessionStorage.setItem(storageKey(), JSON.stringify(next.map((one) => ({ ...one, preview: undefined }))));
  listeners.forEach((listener) => listener());
}

whenOwnerChanges(() => {
  pending = restore();
  listeners.forEach((listener) => listener());
});

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

// Whoever writes in a conversation gets a text back that is not to go as it is.
let rewriter: (conversationId: string, text: string) => boolean = () => false;
export function whenRewritten(listener: typeof rewriter) {
  rewriter = listener;
  return () => void (rewriter === listener && (rewriter = () => false));
}
export function rewrite(clientId: string) {
  const one = pending.find((candidate) => candidate.client_id === clientId);
  if (one?.body.text && rewriter(one.conversation_id, one.body.text.content)) settle(clientId);
}

// It goes by itself when there is a server again.
export const waits = (one: Pending) => one.code === unreachable && Date.now() - one.at < waitingMs;

// With a `client_id` that is on its way already: nothing.
export async function send(client: QueryClient, { client_id = crypto.randomUUID(), ...draft }: Omit<Pending, 'at' | 'client_id'> & { client_id?: string }) {
  if (pending.some((one) => one.client_id === client_id)) return;
  const behind = pending.some((one) => waits(one) && one.thread_id === draft.thread_id);
  const one: Pending = { ...draft, client_id, at: Date.now(), ...(behind && { code: unreachable, problem: '' }) };
  update([...pending, one]);
  await (behind ? sendWaiting(client) : deliver(client, one));
}

let sending = false;
export async function sendWaiting(client: QueryClient) {
  if (sending) return;
  sending = true;
  try {
    for (let next = pending.find(waits); next; next = pending.find(waits)) {
      const { client_id } = next;
      await sendAgain(client, client_id);
      if (pending.some((one) => one.client_id === client_id && waits(one))) return; // still no server
    }
  } finally {
    sending = false;
  }
}

// `confirmed`: whoever sends it was told what is not liked about it.
export async function sendAgain(client: QueryClient, clientId: string, confirmed = false) {
  const one = pending.find((candidate) => candidate.client_id === clientId);
  if (!one) return;
  // Whoever has read what colleagues said, and sends all the same, has seen it.
  const seen = one.answers?.at(-1)?.seq;
  const body = { ...one.body, ...(seen !== undefined && { seen_seq: seen }), ...(confirmed && { confirmed }) };
  const fresh = { ...one, body, problem: undefined, code: undefined, answers: undefined, doubts: undefined };
  update(pending.map((candidate) => (candidate.client_id === clientId ? fresh : candidate)));
  await deliver(client, fresh);
}

async function deliver(client: QueryClient, one: Pending) {
  const startedAt = performance.now();
  try {
    const message = await unwrap(
      api.POST('/api/v1/conversations/{id}/messages', { params: { path: { id: one.conversation_id } }, body: { ...one.body, client_id: one.client_id } }),
    );
    storeSent(client, { thread_id: one.thread_id, ...message }, startedAt);
    settle(one.client_id);
  } catch (problem) {
    const code = problem instanceof ApiProblem ? problem.code : 'console.unexpected';
    const answers = problem instanceof ApiProblem && problem.answers.length > 0 ? problem.answers : undefined;
    const doubts = problem instanceof ApiProblem ? problem.doubts : undefined;
    update(pending.map((candidate) => (candidate.client_id === one.client_id ? { ...candidate, problem: problemText(problem), code, answers, doubts } : candidate)));
  }
}
