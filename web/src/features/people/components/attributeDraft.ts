// A custom attribute in a form, and what of it the API takes: limits belong to one type each.
import type { Attribute, AttributeChange, NewAttribute } from '../api/settings';

export const types = ['text', 'number', 'date', 'choice'] as const;
// What of WeChat's user_authorization_revoke an attribute may hold; 0: nothing. Nickname, avatar and phone are cleared
// without an attribute.
export const revokeCodes = [0, 1, 2, 3, 12, 13, 14, 15, 16, 18] as const;

export interface Draft {
  key: string;
  name: string;
  type: (typeof types)[number];
  choices: string[];
  chars_max: number;
  number_min: number | null;
  number_max: number | null;
  revoke_code: number;
  position: number;
}

export const fresh = (position: number): Draft => ({ key: '', name: '', type: 'text', choices: [], chars_max: 200, number_min: null, number_max: null, revoke_code: 0, position });
export const draftOf = (stored: Attribute): Draft => ({ ...stored, chars_max: stored.chars_max ?? 200 });

export type Mistake = 'key' | 'name' | 'choices' | 'limits';
export function mistakesOf(draft: Draft): Mistake[] {
  const found: Mistake[] = [];
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(draft.key)) found.push('key');
  if (draft.name.trim() === '') found.push('name');
  if (draft.type === 'choice' && draft.choices.length === 0) found.push('choices');
  if (draft.type === 'number' && draft.number_min !== null && draft.number_max !== null && draft.number_min > draft.number_max) found.push('limits');
  return found;
}

export function changeOf(draft: Draft): AttributeChange {
  const { name, revoke_code, position, type } = draft;
  const number = (key: 'number_min' | 'number_max') => (type === 'number' && draft[key] !== null ? { [key]: draft[key] } : {});
  return { name: name.trim(), revoke_code, position, ...(type === 'choice' ? { choices: draft.choices } : {}), ...(type === 'text' ? { chars_max: draft.chars_max } : {}), ...number('number_min'), ...number('number_max') };
}

// The server has a default for what is left away.
export const inputOf = (draft: Draft) => ({ ...changeOf(draft), key: draft.key, type: draft.type }) as NewAttribute;
