// What a step of the history changed: only the fields that are another now.
import type { IssueActivity } from '../api/issues';

const fields = ['state', 'fixed_in', 'assignee', 'severity', 'ignored', 'tracker_url'] as const;
export type Field = (typeof fields)[number];
export interface FieldChange {
  field: Field;
  from: unknown;
  to: unknown;
}

export const changesOf = ({ from, to }: Pick<IssueActivity, 'from' | 'to'>): FieldChange[] =>
  fields.filter((field) => field in to && JSON.stringify(from[field] ?? null) !== JSON.stringify(to[field] ?? null)).map((field) => ({ field, from: from[field], to: to[field] }));
