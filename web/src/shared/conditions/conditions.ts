// The condition of a rule, of routing or automation, in the form of the API: a tree of "all" and "any" over comparisons
// (src/routing/condition.hpp). What is being written may lack values. Its strings are those of the teams. Pure.
import type { Schemas } from '@/shared/api/client';

type Calendar = Schemas['Calendar'];

export const fields = ['page', 'text', 'tag', 'level', 'parameter', 'signed_parameter', 'language', 'msgtype', 'open', 'time', 'waiting'] as const;
export type Field = (typeof fields)[number];
export type Op = 'is' | 'is_not' | 'has' | 'has_not' | 'starts_with' | 'set' | 'not_set' | 'at_least' | 'at_most' | 'within' | 'outside';
export type Value = string[] | number | boolean | Calendar;

export interface Leaf {
  field: Field;
  op: Op;
  key?: string; // of a parameter
  value?: Value;
}
export type Group = { all: Part[] } | { any: Part[] };
export type Part = Group | Leaf;

// The server's limits; the deepest level holds comparisons only.
export const depthMax = 4;
export const leavesMax = 30;
export const textsMax = 20;
export const textCharsMax = 200;
export const keyCharsMax = 64;
export const waitMax = 172_800;

export const isGroup = (part: Part): part is Group => 'all' in part || 'any' in part;
export const partsOf = (group: Group): Part[] => ('all' in group ? group.all : group.any);
export const withParts = (group: Group, parts: Part[]): Group => ('all' in group ? { all: parts } : { any: parts });
// In the order in which explanations number them.
export const leavesOf = (part: Part | null): Leaf[] => (part === null ? [] : isGroup(part) ? partsOf(part).flatMap(leavesOf) : [part]);

// null: every conversation. What was stored may be one comparison; the editor begins with a group.
export function rootOf(condition: Schemas['RoutingCondition'] | null | undefined): Group | null {
  if (!condition) return null;
  const part = condition as unknown as Part;
  return isGroup(part) ? part : { all: [part] };
}
export const conditionOf = (root: Group | null): Schemas['RoutingCondition'] | null => root as Schemas['RoutingCondition'] | null;

export const opsOf: Record<Field, Op[]> = {
  page: ['is', 'is_not', 'starts_with'],
  parameter: ['is', 'is_not', 'starts_with', 'set', 'not_set'],
  signed_parameter: ['is', 'is_not', 'starts_with', 'set', 'not_set'],
  tag: ['has', 'has_not'],
  level: ['at_least', 'at_most', 'is'],
  text: ['has', 'has_not', 'is'],
  time: ['within', 'outside'],
  open: ['is'],
  waiting: ['at_least', 'at_most'],
  msgtype: ['is', 'is_not'],
  language: ['is', 'is_not'],
};
export const hasKey = (field: Field) => field === 'parameter' || field === 'signed_parameter';

// How a value is written.
export type Form = 'none' | 'level' | 'seconds' | 'open' | 'calendar' | 'texts';
export function formOf({ field, op }: Leaf): Form {
  if (op === 'set' || op === 'not_set') return 'none';
  if (field === 'level') return 'level';
  if (field === 'waiting') return 'seconds';
  if (field === 'open') return 'open';
  return field === 'time' ? 'calendar' : 'texts';
}

const usual: Partial<Record<Form, Value>> = { level: 1, seconds: 60, open: true, texts: [] };
const typed = ({ value: _, ...rest }: Leaf, value: Value | undefined): Leaf => {
  const first = value ?? usual[formOf(rest)];
  return first === undefined ? rest : { ...rest, value: first };
};

export const fresh = (): Leaf => ({ field: 'text', op: 'has', value: [] });
// Between the two kinds of parameter the name stays.
export function withField(leaf: Leaf, field: Field): Leaf {
  const next: Leaf = { field, op: opsOf[field][0]!, ...(hasKey(field) ? { key: leaf.key ?? '' } : {}) };
  return typed(next, undefined);
}
// The value stays when it is written in the same way.
export const withOp = (leaf: Leaf, op: Op): Leaf => typed({ ...leaf, op }, formOf({ ...leaf, op }) === formOf(leaf) ? leaf.value : undefined);

const integer = (value: Value | undefined, min: number, max: number) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
// Level and identity count only when the mini program's server has signed them.
export const mustBeSigned = ({ field, key }: Leaf) => field === 'parameter' && ['level', 'unionid', 'outside_id', 'login_id', 'phone'].includes(key ?? '');

// A text of which nothing would be left is found everywhere.
const says = (text: string, field: Field) => (field === 'page' ? /[^/]/ : /[^ \t\r\n]/).test(text) && [...text].length <= textCharsMax;

export function complete(leaf: Leaf): boolean {
  if (!opsOf[leaf.field].includes(leaf.op)) return false;
  if (hasKey(leaf.field) && (!leaf.key || [...leaf.key].length > keyCharsMax || mustBeSigned(leaf))) return false;
  const { value } = leaf;
  switch (formOf(leaf)) {
    case 'none':
      return value === undefined;
    case 'level':
      return integer(value, 0, 9);
    case 'seconds':
      return integer(value, 1, waitMax);
    case 'open':
      return typeof value === 'boolean';
    case 'calendar':
      return typeof value === 'object' && !Array.isArray(value);
    case 'texts':
      return Array.isArray(value) && value.length > 0 && value.length <= textsMax && value.every((text) => says(text, leaf.field));
  }
}

const depthOf = (part: Part): number => (isGroup(part) ? 1 + Math.max(0, ...partsOf(part).map(depthOf)) : 1);
const filled = (part: Part): boolean => !isGroup(part) || (partsOf(part).length > 0 && partsOf(part).every(filled));

// Whether the server takes it.
export const savable = (root: Group | null): boolean => {
  if (root === null) return true;
  const leaves = leavesOf(root);
  return filled(root) && depthOf(root) <= depthMax && leaves.length <= leavesMax && leaves.every(complete);
};
