// A custom field in a form, and what of it the API takes: limits belong to one type each. Pure.
import type { Field } from '@/shared/wrapup/wrapUp';
import type { FieldChange, NewField } from '../api/wrapUp';

export const types = ['text', 'number', 'date', 'choice'] as const;

export interface Draft {
  key: string;
  name: string;
  type: (typeof types)[number];
  choices: string[];
  chars_max: number;
  number_min: number | null;
  number_max: number | null;
}

export const fresh: Draft = { key: '', name: '', type: 'text', choices: [], chars_max: 200, number_min: null, number_max: null };
export const draftOf = ({ key, name, type, choices, chars_max, number_min, number_max }: Field): Draft => ({ key, name, type, choices, chars_max: chars_max ?? 200, number_min, number_max });

export type Mistake = 'key' | 'name' | 'choices' | 'limits';
export function mistakesOf(draft: Draft): Mistake[] {
  const found: Mistake[] = [];
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(draft.key)) found.push('key');
  if (draft.name.trim() === '') found.push('name');
  if (draft.type === 'choice' && draft.choices.length === 0) found.push('choices');
  if (draft.type === 'number' && draft.number_min !== null && draft.number_max !== null && draft.number_min > draft.number_max) found.push('limits');
  return found;
}

export function changeOf({ name, type, choices, chars_max, number_min, number_max }: Draft): FieldChange {
  return {
    name: name.trim(),
    ...(type === 'choice' && { choices }),
    ...(type === 'text' && { chars_max }),
    ...(type === 'number' && number_min !== null && { number_min }),
    ...(type === 'number' && number_max !== null && { number_max }),
  };
}
// The server has a default for what is left away.
export const inputOf = (draft: Draft) => ({ ...changeOf(draft), key: draft.key, type: draft.type }) as NewField;
