// Which quick replies fit what is typed, the best first, as the server ranks them. Pure.
import type { QuickReply } from './quickReplies';

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

// The smaller the better; undefined: it does not fit. `sought` is folded.
export function fitOf({ shortcut, initials, title, folder, content }: QuickReply, sought: string): number | undefined {
  const [code, name] = [fold(shortcut), fold(title)];
  if (code === sought) return 0;
  if (code.startsWith(sought)) return 1;
  if (initials.split(' ').some((word) => word.startsWith(sought))) return 2;
  if (name.startsWith(sought)) return 3;
  if ([code, initials, name].some((text) => text.includes(sought))) return 4;
  return fold(folder).includes(sought) || fold(content).includes(sought) ? 5 : undefined;
}

// Of equally good ones, and of all when nothing is typed, the most used first.
export function ranked(replies: QuickReply[], words: string): QuickReply[] {
  const sought = fold(words.trim());
  return replies
    .map((reply) => ({ reply, fit: sought === '' ? 0 : fitOf(reply, sought) }))
    .filter((one): one is { reply: QuickReply; fit: number } => one.fit !== undefined)
    .sort((a, b) => a.fit - b.fit || b.reply.uses - a.reply.uses)
    .map(({ reply }) => reply);
}
