// What an agent says of a conversation while it is written: only what became other is sent, so that what is masked for
// the agent is never written back. Pure.
import { cleanTags, type Field, type Said, type WrapUpChange } from '@/shared/wrapup/wrapUp';

export type FieldValue = string | number | null;
export interface Draft {
  reason: string | null;
  tags: string[];
  fields: Record<string, FieldValue>; // those that were touched
  before: { reason: string | null; tags: string[] }; // as they were when writing began
}

export function draftOf({ reason, tags }: Said, suggested: string | null = null): Draft {
  const before = { reason: reason?.id ?? null, tags };
  return { reason: before.reason ?? suggested, tags, fields: {}, before };
}

// All there are to be: what a colleague gave or took away meanwhile stays so.
const tagsOf = ({ tags, before }: Draft, now: string[]) => cleanTags([...now.filter((one) => tags.includes(one) || !before.tags.includes(one)), ...tags.filter((one) => !before.tags.includes(one))]);

// `said`: as it is now, which may be newer than what the draft began with: what was not touched is not written back.
export function changeOf(draft: Draft, said: Said): WrapUpChange {
  const tags = tagsOf(draft, said.tags);
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([key, value]) => value !== (said.fields[key] ?? null)));
  return {
    ...(draft.reason !== draft.before.reason && draft.reason !== (said.reason?.id ?? null) && { reason_id: draft.reason }),
    ...(tags.join('\n') !== said.tags.join('\n') && { tags }),
    ...(Object.keys(fields).length > 0 && { fields }),
  };
}

// Those that can be filled in, and those that are.
export const shownFields = (fields: Field[], said: Said) => fields.filter((one) => !one.archived || said.fields[one.key] !== undefined);
export const valueOf = (draft: Draft, said: Said, key: string): FieldValue => (key in draft.fields ? draft.fields[key]! : (said.fields[key] ?? null));
