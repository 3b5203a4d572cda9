// Where numbers are hidden in what a message says. Places count code points, as the server does.
import type { Message } from '../api/cache';

export type HiddenNumber = NonNullable<Message['hidden']>[number];
export type Piece = { text: string; hidden?: HiddenNumber };

// The text of a part of the content.
export function textOf(message: Message, field: string): string {
  if (field === 'raw') return message.raw ?? '';
  const content = (message as unknown as Record<string, Record<string, unknown> | undefined>)[message.msgtype];
  const text = content?.[field];
  return typeof text === 'string' ? text : '';
}

// A text in pieces: what is plain, and what is hidden.
export function pieces(text: string, hidden: HiddenNumber[]): Piece[] {
  const chars = Array.from(text);
  const out: Piece[] = [];
  let done = 0;
  for (const one of [...hidden].sort((a, b) => a.at - b.at)) {
    if (one.at < done || one.at + one.length > chars.length) continue;
    if (one.at > done) out.push({ text: chars.slice(done, one.at).join('') });
    out.push({ text: chars.slice(one.at, one.at + one.length).join(''), hidden: one });
    done = one.at + one.length;
  }
  if (done < chars.length) out.push({ text: chars.slice(done).join('') });
  return out;
}
