// What was begun in a conversation and not sent, as this browser keeps it: for the person who is signed in, a week long,
// of the last hundred conversations. Several tabs see the same.
import { useSyncExternalStore } from 'react';
import { ownKey, prune, whenOwnerChanges } from '@/shared/session/own';
import { isNaming, nobody, type Naming } from './naming';

export interface Draft extends Naming {
  id: string; // becomes the message's client_id, so that two tabs cannot send it twice
  text: string;
  note: boolean; // a private note must never come back as an answer
  pictures: string[]; // names of those that were chosen; their bytes do not outlive the page
  at: number;
}

const draftsMax = 100;
const keptMs = 7 * 86_400_000;
const part = 'draft.';

export const blank = (note = false): Draft => ({ id: crypto.randomUUID(), text: '', note, ...nobody, pictures: [], at: 0 });
export const isBlank = ({ text, pictures }: Draft) => !text && pictures.length === 0;
export const storedDraft = (conversationId: string) => localStorage.getItem(ownKey(part + conversationId));

export function draftIn(stored: string | null): Draft | undefined {
  if (!stored) return undefined;
  try {
    const kept = { ...blank(), ...(JSON.parse(stored) as Partial<Draft>) };
    const draft = isNaming(kept) ? kept : { ...kept, ...nobody };
    return typeof draft.text === 'string' && Array.isArray(draft.pictures) && Date.now() - draft.at < keptMs ? draft : undefined;
  } catch {
    return undefined;
  }
}

// The draft after a change. What comes after its text is another message, and names nobody yet.
export function changed(draft: Draft, change: Partial<Draft>): Draft {
  const next = { ...draft, ...change, at: Date.now() };
  const another = (draft.text && !next.text) || (isBlank(next) && !isBlank(draft));
  return another ? { ...next, id: crypto.randomUUID(), ...nobody } : next;
}

// What is stored afterwards.
export function keepDraft(conversationId: string, draft: Draft): string | null {
  const key = ownKey(part + conversationId);
  const isNew = localStorage.getItem(key) === null;
  if (isBlank(draft)) localStorage.removeItem(key);
  else {
    if (isNew) makeRoom();
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // The browser has no room: it is still in the box, and sent from there.
    }
  }
  if (isNew !== isBlank(draft)) tell();
  return localStorage.getItem(key);
}

function makeRoom() {
  prune(part, (stored) => !draftIn(stored));
  const own = mine().map((key) => ({ key, at: draftIn(localStorage.getItem(key))?.at ?? 0 }));
  for (const { key } of own.sort((a, b) => b.at - a.at).slice(draftsMax - 1)) localStorage.removeItem(key);
}

// ---- of a conversation that may be on the screen or not ----

export interface Held {
  now(): Draft;
  keep(change: Partial<Draft>): void;
}
const shown = new Map<string, Held>();

// The composer that shows it; the answer ends that.
export function showDraft(conversationId: string, held: Held) {
  shown.set(conversationId, held);
  return () => void (shown.get(conversationId) === held && shown.delete(conversationId));
}

// As the composer has it that shows it, else as it is stored.
export function heldDraft(conversationId: string): Held {
  const now = () => draftIn(storedDraft(conversationId)) ?? blank();
  return shown.get(conversationId) ?? { now, keep: (change) => void keepDraft(conversationId, changed(now(), change)) };
}

// ---- which conversations have one ----

const mine = () => Object.keys(localStorage).filter((key) => key.startsWith(ownKey(part)));
const read = () => new Set(mine().filter((key) => draftIn(localStorage.getItem(key))).map((key) => key.slice(ownKey(part).length)));
let ids: Set<string> | undefined;
const listeners = new Set<() => void>();

function tell() {
  ids = undefined;
  listeners.forEach((listener) => listener());
}
window.addEventListener('storage', tell);
whenOwnerChanges(tell);

export const useDrafts = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => (ids ??= read()),
  );
