// What an agent says of a conversation while it is written: only what became other is sent, so that what is masked for
// the agent is never written back. Pure.
import type { Field, Said, WrapUpChange } from '@/shared/wrapup/wrapUp';

export type FieldValue = string | number | null;
export interface Draft {
  reason: string | null;
  tags: string[];
  fields: Record<string, FieldValue>; // those that were touched
}

export const draftOf = (said: Said, suggested: string | null = null): Draft => ({ reason: said.reason?.id ?? suggested, tags: said.tags, fields: {} });

export function changeOf(draft: Draft, said: Said): WrapUpChange {
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([key, value]) => value !== (said.fields[key] ?? null)));
  return {
    ...(draft.reason !== (said.reason?.id ?? null) && { reason_id: draft.reason }),
    ...(draft.tags.join('\n') !== said.tags.join('\n') && { tags: draft.tags }),
    ...(Object.keys(fields).length > 0 && { fields }),
  };
}

// Those that can be filled in, and those that are.
export const shownFields = (fields: Field[], said: Said) => fields.filter((one) => !one.archived || said.fields[one.key] !== undefined);
export const valueOf = (draft: Draft, said: Said, key: string): FieldValue => (key in draft.fields ? draft.fields[key]! : (said.fields[key] ?? null));
