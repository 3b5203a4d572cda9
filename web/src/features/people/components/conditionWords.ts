// A condition as a person reads it.
import type { TFunction } from 'i18next';
import type { Attribute } from '../api/settings';
import { formOf, isGroup, partsOf, type Group, type Leaf, type Part } from './conditions';
import { dayText } from '@/shared/ui/days';

type Say = TFunction<'console'>;

const valueWords = (leaf: Leaf, attributes: Attribute[], zone: string, t: Say): string => {
  switch (formOf(leaf, attributes)) {
    case 'none':
      return '';
    case 'days':
      return t('common.time.days', { n: leaf.value });
    case 'time':
      return typeof leaf.value === 'number' ? dayText(leaf.value, zone) : '';
    case 'yes_no':
      return leaf.value ? t('common.yes') : t('common.no');
    default:
      return String(leaf.value ?? '');
  }
};

export const fieldWords = (leaf: Leaf, attributes: Attribute[], t: Say): string =>
  leaf.field === 'attribute' ? (attributes.find((one) => one.key === leaf.key)?.name ?? t('people.conditions.gone', { key: leaf.key })) : t(`people.conditions.fields.${leaf.field}`);

const leafWords = (leaf: Leaf, attributes: Attribute[], zone: string, t: Say) => [fieldWords(leaf, attributes, t), t(`people.conditions.ops.${leaf.op}`), valueWords(leaf, attributes, zone, t)].filter(Boolean).join(' ');

export function conditionWords(root: Group, attributes: Attribute[], zone: string, t: Say): string {
  const of = (part: Part, inside: boolean): string => {
    if (!isGroup(part)) return leafWords(part, attributes, zone, t);
    const parts = partsOf(part);
    const joined = parts.map((one) => of(one, true)).join('all' in part ? t('people.conditions.and') : t('people.conditions.or'));
    return inside && parts.length > 1 ? t('people.conditions.group', { words: joined }) : joined;
  };
  return of(root, false);
}
