// A condition and a calendar as a person reads them.
import type { TFunction } from 'i18next';
import type { Schemas } from '@/shared/api/client';
import { week } from '@/shared/calendar/specialDays';
import { fields, formOf, isGroup, leavesOf, partsOf, type Field, type Group, type Leaf, type Op, type Part } from './conditions';

type Calendar = Schemas['Calendar'];

export type Say = TFunction<'console'>;

const listed = (texts: string[], t: Say) => texts.join(t('teams.conditions.or_text'));

export const fieldWords = ({ field, key }: Pick<Leaf, 'field' | 'key'>, t: Say) => [t(`teams.conditions.fields.${field}`), key ? t('teams.quoted', { text: key }) : ''].filter(Boolean).join(' ');

function valueWords(leaf: Leaf, t: Say): string {
  const { value } = leaf;
  if (value === undefined) return '';
  switch (formOf(leaf)) {
    case 'none':
      return '';
    case 'seconds':
      return t('common.time.seconds', { n: value });
    case 'open':
      return value ? t('teams.conditions.open.yes') : t('teams.conditions.open.no');
    case 'calendar':
      return t('teams.conditions.group', { words: calendarWords(value as Calendar, t) });
    case 'texts':
      return listed((value as string[]).map((text) => t('teams.quoted', { text })), t);
    default:
      return String(value);
  }
}

export const leafWords = (leaf: Leaf, t: Say) => [fieldWords(leaf, t), t(`teams.conditions.ops.${leaf.op}`), valueWords(leaf, t)].filter(Boolean).join(' ');

// A comparison that was made, as far as the condition still has it.
interface Made {
  index: number;
  field: string;
  op: string;
  key?: string;
}
export function askedWords({ index, field, op, key }: Made, root: Group | null, t: Say): string {
  if (!fields.some((one) => one === field)) return `${field} ${op}`;
  const leaf = leavesOf(root)[index];
  if (leaf && leaf.field === field && leaf.op === op) return leafWords(leaf, t);
  return leafWords({ field: field as Field, op: op as Op, ...(key ? { key } : {}) }, t);
}

export function conditionWords(root: Group | null, t: Say): string {
  const of = (part: Part, inside: boolean): string => {
    if (!isGroup(part)) return leafWords(part, t);
    const parts = partsOf(part);
    const joined = parts.map((one) => of(one, true)).join('all' in part ? t('teams.conditions.and') : t('teams.conditions.or'));
    return inside && parts.length > 1 ? t('teams.conditions.group', { words: joined }) : joined;
  };
  return root === null ? t('teams.conditions.everything') : of(root, false);
}

// Days in a row with the same hours are named once.
export function calendarWords({ days, special }: Calendar, t: Say): string {
  const hours = week.map((day) => (days[day] ?? []).map(({ from, to }) => `${from}–${to}`).join(t('teams.calendar.comma')));
  const rows: string[] = [];
  for (let first = 0; first < week.length; first += 1) {
    if (hours[first] === '') continue;
    let last = first;
    while (hours[last + 1] === hours[first]) last += 1;
    const name = (at: number) => t(`teams.calendar.days.${week[at]!}`);
    rows.push(`${first === last ? name(first) : t('teams.calendar.range', { from: name(first), to: name(last) })} ${hours[first]}`);
    first = last;
  }
  const regular = rows.length > 0 ? rows.join(t('teams.calendar.semicolon')) : t('teams.calendar.always');
  return special && special.length > 0 ? [regular, t('teams.calendar.special', { n: special.length })].join(t('teams.calendar.semicolon')) : regular;
}
