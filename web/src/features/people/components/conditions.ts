// The condition of a segment, in the form of the API: a tree of "all" and "any" over comparisons. What is being written
// may lack values.
import type { Schemas } from '@/shared/api/client';
import type { Attribute } from '../api/settings';

export const fields = ['level', 'tag', 'blocked', 'source', 'first_seen', 'last_seen', 'attribute'] as const;
export type Field = (typeof fields)[number];
export type Op = 'is' | 'is_not' | 'at_least' | 'at_most' | 'has' | 'has_not' | 'set' | 'not_set' | 'before' | 'since' | 'within_days' | 'not_within_days' | 'starts_with';
export type Value = string | number | boolean;

export interface Leaf {
  field: Field;
  op: Op;
  key?: string; // of an attribute
  value?: Value;
}
export type Group = { all: Part[] } | { any: Part[] };
export type Part = Group | Leaf;

// The server's limits; the deepest level holds comparisons only.
export const depthMax = 4;
export const leavesMax = 30;
export const daysMax = 3650;

export const isGroup = (part: Part): part is Group => 'all' in part || 'any' in part;
export const partsOf = (group: Group): Part[] => ('all' in group ? group.all : group.any);
export const withParts = (group: Group, parts: Part[]): Group => ('all' in group ? { all: parts } : { any: parts });
export const leavesOf = (part: Part): Leaf[] => (isGroup(part) ? partsOf(part).flatMap(leavesOf) : [part]);

// What was stored may be one comparison; the editor begins with a group.
export function rootOf(condition: Schemas['SegmentCondition']): Group {
  const part = condition as unknown as Part;
  return isGroup(part) ? part : { all: [part] };
}

const attributeOps = (attribute: Attribute | undefined): Op[] => [
  'is',
  'is_not',
  ...(attribute?.type === 'number' || attribute?.type === 'date' ? (['at_least', 'at_most'] as const) : []),
  'set',
  'not_set',
];
const ops: Record<Exclude<Field, 'attribute'>, Op[]> = {
  level: ['at_least', 'at_most', 'is'],
  tag: ['has', 'has_not'],
  blocked: ['is'],
  source: ['is', 'starts_with'],
  first_seen: ['within_days', 'not_within_days', 'since', 'before'],
  last_seen: ['within_days', 'not_within_days', 'since', 'before'],
};
const attributeOf = (leaf: Leaf, attributes: Attribute[]) => attributes.find((one) => one.key === leaf.key);
export const opsOf = (leaf: Leaf, attributes: Attribute[]): Op[] => (leaf.field === 'attribute' ? attributeOps(attributeOf(leaf, attributes)) : ops[leaf.field]);

// How a value is written.
export type Form = 'none' | 'level' | 'days' | 'time' | 'yes_no' | 'text' | 'number' | 'date' | 'choice';
export function formOf(leaf: Leaf, attributes: Attribute[]): Form {
  if (leaf.op === 'set' || leaf.op === 'not_set') return 'none';
  if (leaf.op === 'within_days' || leaf.op === 'not_within_days') return 'days';
  if (leaf.op === 'before' || leaf.op === 'since') return 'time';
  if (leaf.field === 'level') return 'level';
  if (leaf.field === 'blocked') return 'yes_no';
  return leaf.field === 'attribute' ? (attributeOf(leaf, attributes)?.type ?? 'text') : 'text';
}

const usual: Partial<Record<Form, Value>> = { level: 1, days: 30, yes_no: true };
const typed = (leaf: Leaf, attributes: Attribute[], value: Value | undefined): Leaf => {
  const { value: _, ...rest } = leaf;
  const first = value ?? usual[formOf(leaf, attributes)];
  return first === undefined ? rest : { ...rest, value: first };
};

export const fresh = (): Leaf => ({ field: 'level', op: 'at_least', value: 1 });
// "level", or "attribute:city".
export const choiceOf = (leaf: Leaf) => (leaf.field === 'attribute' ? `attribute:${leaf.key}` : leaf.field);
export function withChoice(choice: string, attributes: Attribute[]): Leaf {
  const [field, attribute] = choice.split(':') as [Field, string | undefined];
  const leaf: Leaf = { field, op: 'is', ...(attribute === undefined ? {} : { key: attribute }) };
  return typed({ ...leaf, op: opsOf(leaf, attributes)[0]! }, attributes, undefined);
}
// The value stays when it is written in the same way.
export const withOp = (leaf: Leaf, op: Op, attributes: Attribute[]): Leaf => {
  const next = { ...leaf, op };
  return typed(next, attributes, formOf(next, attributes) === formOf(leaf, attributes) ? leaf.value : undefined);
};

const integer = (value: Value | undefined, min: number, max: number) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
const text = (value: Value | undefined, max: number) => typeof value === 'string' && value !== '' && [...value].length <= max;

export function complete(leaf: Leaf, attributes: Attribute[]): boolean {
  if (leaf.field === 'attribute' && !attributeOf(leaf, attributes)) return false;
  if (!opsOf(leaf, attributes).includes(leaf.op)) return false;
  switch (formOf(leaf, attributes)) {
    case 'none':
      return leaf.value === undefined || leaf.value === null;
    case 'level':
      return integer(leaf.value, 0, 9);
    case 'days':
      return integer(leaf.value, 1, daysMax);
    case 'time':
      return integer(leaf.value, 0, Number.MAX_SAFE_INTEGER);
    case 'yes_no':
      return typeof leaf.value === 'boolean';
    case 'number':
      return typeof leaf.value === 'number' && Number.isFinite(leaf.value);
    case 'date':
      return typeof leaf.value === 'string' && /^\d{4}-\d\d-\d\d$/.test(leaf.value);
    default:
      return text(leaf.value, leaf.field === 'tag' ? 32 : 500);
  }
}

const depthOf = (part: Part): number => (isGroup(part) ? 1 + Math.max(0, ...partsOf(part).map(depthOf)) : 1);
const filled = (part: Part): boolean => !isGroup(part) || (partsOf(part).length > 0 && partsOf(part).every(filled));

// Whether the server takes it.
export const savable = (root: Group, attributes: Attribute[]): boolean => {
  const leaves = leavesOf(root);
  return filled(root) && depthOf(root) <= depthMax && leaves.length <= leavesMax && leaves.every((leaf) => complete(leaf, attributes));
};
