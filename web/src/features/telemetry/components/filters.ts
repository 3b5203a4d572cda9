// What is looked for among the records: the page's address ↔ filters ↔ the API's question.
import type { Schemas } from '@/shared/api/client';
import { parseWords, writeWords, type Words } from '@/shared/api/words';
import { rangeOf, windowOf, writeRange, type Preset, type Range } from '@/shared/charts/ranges';

export type Kind = Schemas['RecordKind'];
export const kinds: Kind[] = ['event', 'performance', 'error', 'log', 'session', 'profile', 'feedback'];

export const fields = ['name', 'page', 'release', 'level', 'person', 'session', 'page_view', 'trace', 'client', 'build', 'scene', 'network', 'region', 'device'] as const;
export type Field = (typeof fields)[number];

export interface Filters {
  kind: Kind;
  range: Range;
  words: Partial<Record<Field, Words>>;
  text: string;
}
export interface Chip {
  field: Field | 'text';
  word: string;
  not: boolean;
}

export const defaultRange: Preset = '24h';

export function filtersOf(search: URLSearchParams): Filters {
  const asked = search.get('kind') as Kind;
  const words: Filters['words'] = {};
  for (const field of fields) {
    const text = search.get(field);
    if (text !== null) words[field] = parseWords(text);
  }
  return { kind: kinds.includes(asked) ? asked : 'event', range: rangeOf(search, defaultRange), words, text: search.get('text') ?? '' };
}

// What is as it would be without an address is left out of it.
export function searchOf({ kind, range, words, text }: Filters): URLSearchParams {
  const search = new URLSearchParams();
  if (kind !== 'event') search.set('kind', kind);
  writeRange(search, range, defaultRange);
  for (const field of fields) {
    const chosen = words[field];
    if (chosen) search.set(field, writeWords(chosen));
  }
  if (text) search.set('text', text);
  return search;
}

export function questionOf({ kind, range, words, text }: Filters, now: number) {
  const given = fields.flatMap((field) => (words[field] ? [[field, writeWords(words[field])]] : []));
  return { kind, ...windowOf(range, now), ...(Object.fromEntries(given) as Partial<Record<Field, string>>), ...(text ? { text } : {}) };
}

export function chipsOf({ words, text }: Filters): Chip[] {
  const chips: Chip[] = fields.flatMap((field) => (words[field]?.any ?? []).map((word) => ({ field, word, not: words[field]!.not })));
  return text ? [...chips, { field: 'text', word: text, not: false }] : chips;
}

export function withoutChip(filters: Filters, { field, word }: Chip): Filters {
  if (field === 'text') return { ...filters, text: '' };
  const words = { ...filters.words };
  const left = words[field]?.any.filter((one) => one !== word) ?? [];
  if (left.length > 0) words[field] = { any: left, not: words[field]!.not };
  else delete words[field];
  return { ...filters, words };
}

// Another value of a field is one more that may be; after "all but" a plain value begins anew.
export function withWord(filters: Filters, field: Field, word: string, not = false): Filters {
  const known = filters.words[field];
  const any = known && known.not === not ? [...known.any.filter((one) => one !== word), word] : [word];
  return { ...filters, words: { ...filters.words, [field]: { any, not } } };
}

// One person, one session …: nothing else is asked, and the kind stays.
export const onlyWord = (filters: Filters, field: Field, word: string): Filters => ({ ...filters, words: { [field]: { any: [word], not: false } }, text: '' });
