// What the list of quick replies is narrowed by and how it is ordered; the address holds it. Pure.
import type { QuickReply, Scope } from '@/shared/quick_replies/quickReplies';
import { ranked } from '@/shared/quick_replies/ranking';

export interface Filters {
  q: string;
  scope: Scope | '';
  folder: string; // with what is below it; `noFolder`: those in none
  sort: 'uses' | ''; // else by folder
}
export const noFolder = '/';
export const scopes = ['personal', 'shared'] as const;
const names = ['q', 'scope', 'folder', 'sort'] as const;

export const filtersOf = (search: URLSearchParams): Filters => ({
  q: search.get('q') ?? '',
  scope: scopes.find((one) => one === search.get('scope')) ?? '',
  folder: search.get('folder') ?? '',
  sort: search.get('sort') === 'uses' ? 'uses' : '',
});

// With what else the address holds.
export function withFilters(search: URLSearchParams, filters: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of names) if (filters[name] !== undefined) filters[name] ? next.set(name, filters[name]) : next.delete(name);
  return next;
}

export const within = (folder: string, path: string) => (path === noFolder ? folder === '' : folder === path || folder.startsWith(`${path}/`));

export function listed(replies: QuickReply[], { q, scope, folder, sort }: Filters): QuickReply[] {
  const kept = replies.filter((one) => (scope === '' || one.scope === scope) && (folder === '' || within(one.folder, folder)));
  if (q.trim() !== '') return ranked(kept, q);
  return sort === 'uses' ? kept.toSorted((a, b) => b.uses - a.uses || (b.last_used_at ?? 0) - (a.last_used_at ?? 0)) : kept;
}

// Neighbours of one folder together; the server lists them by folder.
export function byFolder(replies: QuickReply[]): { folder: string; items: QuickReply[] }[] {
  const parts: { folder: string; items: QuickReply[] }[] = [];
  for (const reply of replies) {
    const last = parts.at(-1);
    if (last?.folder === reply.folder) last.items.push(reply);
    else parts.push({ folder: reply.folder, items: [reply] });
  }
  return parts;
}

// Every folder with how many are in it and below it, also those in which there are only folders.
export function foldersOf(replies: QuickReply[]): { path: string; n: number }[] {
  const counts = new Map<string, number>();
  for (const { folder } of replies) {
    const parts = folder === '' ? [] : folder.split('/');
    for (let levels = 1; levels <= parts.length; levels += 1) {
      const path = parts.slice(0, levels).join('/');
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
  }
  return [...counts].map(([path, n]) => ({ path, n })).sort((a, b) => a.path.localeCompare(b.path, 'zh'));
}
