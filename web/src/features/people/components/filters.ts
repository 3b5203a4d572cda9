// What the list of customers is narrowed by; the address holds it. The API lists customers by when they were seen, and
// segments: the rest is looked for among what was read.
import type { Row } from '../api/people';

export const seenDays = [1, 7, 30, 90] as const;
export const blockedWords = ['yes', 'no'] as const;

export interface Filters {
  text: string; // in the nickname
  segment: string;
  level: number; // at least
  tag: string;
  blocked: (typeof blockedWords)[number] | '';
  seen: number; // within days; 0: at any time
}

export function filtersOf(search: URLSearchParams): Filters {
  const level = Number(search.get('level'));
  const seen = Number(search.get('seen'));
  return {
    text: search.get('text') ?? '',
    segment: search.get('segment') ?? '',
    level: Number.isInteger(level) && level > 0 && level <= 9 ? level : 0,
    tag: search.get('tag') ?? '',
    blocked: blockedWords.find((one) => one === search.get('blocked')) ?? '',
    seen: seenDays.find((one) => one === seen) ?? 0,
  };
}

export function searchOf(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of ['segment', 'text', 'level', 'tag', 'blocked', 'seen'] as const) if (filters[name]) search.set(name, String(filters[name]));
  return search;
}

// Whether rows that were read may be left out.
export const sifts = (filters: Filters) => !!(filters.text || filters.level || filters.tag || filters.blocked || filters.seen);
export const narrowed = (filters: Filters) => sifts(filters) || filters.segment !== '';

const dayMs = 86_400_000;

export function fits(row: Row, filters: Filters, now: number): boolean {
  if (filters.text && !row.nickname.toLowerCase().includes(filters.text.toLowerCase())) return false;
  if (filters.level > row.level) return false;
  if (filters.tag && !row.tags.includes(filters.tag)) return false;
  if (filters.blocked && (filters.blocked === 'yes') !== row.blocked) return false;
  return !filters.seen || row.last_seen_at >= now - filters.seen * dayMs;
}

// Who comes later was seen earlier, but in a segment.
export const beyond = (last: Row | undefined, filters: Filters, now: number) => !!last && !filters.segment && filters.seen > 0 && last.last_seen_at < now - filters.seen * dayMs;
