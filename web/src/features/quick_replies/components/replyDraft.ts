// A quick reply while it is being written. Pure.
import type { QuickReply, Scope } from '@/shared/quick_replies/quickReplies';
import { mistakeOf } from '@/shared/quick_replies/variables';

export interface Draft {
  scope: Scope;
  folder: string;
  shortcut: string;
  title: string;
  content: string;
  picture_id: string;
  initials: string; // '': those of the title
}

const levelsMax = 3;
const levelCharsMax = 32;

export const newDraft = (folder: string): Draft => ({ scope: 'personal', folder, shortcut: '', title: '', content: '', picture_id: '', initials: '' });

export const draftOf = ({ scope, folder, shortcut, title, content, picture_id, initials, initials_by_hand }: QuickReply): Draft => ({ scope, folder, shortcut, title, content, picture_id, initials: initials_by_hand ? initials : '' });

export const same = (a: Draft, b: Draft) => (Object.keys(a) as (keyof Draft)[]).every((name) => a[name] === b[name]);

export function folderFits(path: string): boolean {
  if (path.trim() === '') return true;
  const levels = path.split('/').map((name) => name.trim());
  return levels.length <= levelsMax && levels.every((name) => name !== '' && [...name].length <= levelCharsMax);
}

export type Problem = 'empty' | 'folder' | 'initials' | 'variable';
export function problemsOf({ folder, content, picture_id, initials }: Draft): Problem[] {
  const problems: Problem[] = [];
  if (content.trim() === '' && picture_id === '') problems.push('empty');
  if (!folderFits(folder)) problems.push('folder');
  if (!/^[a-z0-9 ]*$/i.test(initials)) problems.push('initials');
  if (mistakeOf(content)) problems.push('variable');
  return problems;
}
