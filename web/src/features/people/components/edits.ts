// What a person has changed of a profile and not saved: laid over it, so that what a colleague changes meanwhile shows.
import type { Schemas } from '@/shared/api/client';
import type { HiddenNumber, Profile } from '../api/people';

export type AttributeValue = string | number | null; // null: taken away
export interface Edits {
  nickname?: string;
  note?: string;
  level?: number;
  tags?: string[];
  attributes?: Record<string, AttributeValue>;
}

export const shownValue = (profile: Profile, edits: Edits, key: string): AttributeValue => {
  const edited = edits.attributes?.[key];
  return edited === undefined ? (profile.attributes[key] ?? null) : edited;
};

const same = (a: string[], b: string[]) => a.length === b.length && a.every((one, index) => one === b[index]);

// What differs, as the API takes it; null: nothing does.
export function changeOf(profile: Profile, edits: Edits): Schemas['PersonChange'] | null {
  const change: Omit<Schemas['PersonChange'], 'version'> = {};
  if (edits.nickname !== undefined && edits.nickname.trim() !== profile.nickname) change.nickname = edits.nickname.trim();
  if (edits.note !== undefined && edits.note !== profile.note) change.note = edits.note;
  if (edits.level !== undefined && edits.level !== profile.level) change.level = edits.level;
  if (edits.tags && !same(edits.tags, profile.tags)) change.tags = edits.tags;
  const values = Object.entries(edits.attributes ?? {}).filter(([key, value]) => value !== (profile.attributes[key] ?? null));
  if (values.length > 0) change.attributes = Object.fromEntries(values);
  return Object.keys(change).length > 0 ? { version: profile.version, ...change } : null;
}

// A text but what stands for numbers that lie apart: the server keeps those with their masked form.
export function withoutHidden(text: string, hidden: Pick<HiddenNumber, 'at' | 'length'>[]): string {
  return Array.from(text)
    .filter((_, index) => !hidden.some((one) => index >= one.at && index < one.at + one.length))
    .join('');
}

// A number in it was masked for this reader (138****5678, 138-****-5678): saved again, it would be lost.
const masked = /[\d\uFF10-\uFF19](?:[^\p{L}\p{N}*]?\*){4,}[^\p{L}\p{N}*]?[\dXx\uFF10-\uFF19\uFF38\uFF58]/u;
export const hidesNumber = (text: string) => masked.test(text);
