// What an agent sends from a composer: the pictures that wait there, then the text. It goes on when the composer is
// gone. Nothing leaves the draft before it is on its way (../api/outgoing.ts), and a picture that could not be uploaded
// stays in the draft of its own conversation.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { uploadPicture, type Schemas } from '@/shared/api/client';
import { whenOwnerChanges } from '@/shared/session/own';
import type { Conversation } from '../api/cache';
import { send } from '../api/outgoing';
import { heldDraft } from './drafts';

export interface WaitingPicture {
  name: string;
  preview: string; // no two have the same
  source: File | { picture_id: string }; // a quick reply's is at the server already
  quick_reply_id?: string; // of one without a text
}

interface Waiting {
  pictures: WaitingPicture[]; // their bytes live as long as the page; the draft remembers their names
  sending: boolean;
}

const none: Waiting = { pictures: [], sending: false };
let waiting = new Map<string, Waiting>(); // by conversation
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
const waitingIn = (conversationId: string) => waiting.get(conversationId) ?? none;

function set(conversationId: string, change: Partial<Waiting>) {
  waiting.set(conversationId, { ...waitingIn(conversationId), ...change });
  tell();
}

whenOwnerChanges(() => {
  waiting = new Map();
  tell();
});

export const useWaiting = (conversationId: string) => useSyncExternalStore(subscribe, () => waitingIn(conversationId));

export function addPicture(conversationId: string, picture: WaitingPicture) {
  set(conversationId, { pictures: [...waitingIn(conversationId).pictures.filter((one) => one.preview !== picture.preview), picture] });
  const { now, keep } = heldDraft(conversationId);
  keep({ pictures: [...new Set([...now().pictures, picture.name])] });
}

export function dropPicture(conversationId: string, picture: WaitingPicture) {
  const pictures = waitingIn(conversationId).pictures.filter((one) => one !== picture);
  set(conversationId, { pictures });
  if (pictures.some((one) => one.name === picture.name)) return; // pasted ones often have the same name
  const { now, keep } = heldDraft(conversationId);
  keep({ pictures: now().pictures.filter((name) => name !== picture.name) });
}

export interface Sending {
  conversation: Conversation;
  id: string; // of the draft: becomes the text's client_id
  words: string;
  quick_reply_id?: string; // that the words were made of
  ready(): Promise<boolean>; // false: it may not be sent
  failed(problem: unknown): void; // of a picture
}

// One at a time in a conversation: what is asked for meanwhile is not done.
export async function sendDraft(client: QueryClient, { conversation, id, words, quick_reply_id, ready, failed }: Sending) {
  const { id: conversation_id, thread_id, appid, last_seq: seen_seq } = conversation; // what is on the screen as Enter is pressed
  if (waitingIn(conversation_id).sending) return;
  const begun = waiting;
  const same = () => waiting === begun; // nobody else has signed in
  const deliver = (body: Schemas['MessageInput'], preview?: string, client_id?: string) => send(client, { conversation_id, thread_id, body, preview, client_id });
  set(conversation_id, { sending: true });
  try {
    if (!(await ready())) return;
    for (const one of waitingIn(conversation_id).pictures) {
      const wanted = () => same() && waitingIn(conversation_id).pictures.includes(one); // it can still be taken away
      if (!wanted()) continue;
      try {
        const { picture_id } = one.source instanceof File ? await uploadPicture(appid, one.source) : one.source;
        if (!wanted()) continue;
        const sent = deliver({ msgtype: 'image', image: { picture_id }, seen_seq, quick_reply_id: one.quick_reply_id }, one.preview);
        dropPicture(conversation_id, one);
        await sent;
      } catch (problem) {
        if (same()) failed(problem);
      }
    }
    const draft = heldDraft(conversation_id);
    const now = draft.now();
    const known = now.id === id;
    if (!words || !same() || (known && (now.note || now.text.trim() !== words))) return; // another tab changed it: that is shown
    void deliver({ msgtype: 'text', text: { content: words }, seen_seq, quick_reply_id }, undefined, id);
    if (known) draft.keep({ text: '' });
  } finally {
    if (same()) set(conversation_id, { sending: false });
  }
}
