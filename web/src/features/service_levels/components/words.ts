// Targets in words.
import type { TFunction } from 'i18next';
import { kinds, lengthText } from '@/shared/service_levels/marks';
import { msOf } from './amounts';
import { countsNothing, type Draft, type Row } from './targetDraft';

export type Say = TFunction<'console'>;

export const groupText = (group: string, nameOf: (id: string) => string, t: Say) => (group === '' ? t('service_levels.any_group') : nameOf(group));
export const priorityText = (priority: number | null, t: Say) => (priority === null ? t('service_levels.any_priority') : t('service_levels.priority_n', { n: priority }));
export const businessText = (business: boolean, t: Say) => t(`service_levels.business.${business ? 'yes' : 'no'}`);

// What is promised: of what and how long.
export function promiseText(row: Row, t: Say): string {
  if (countsNothing(row)) return t('service_levels.none');
  const promised = kinds.filter((kind) => row[kind].n !== null).map((kind) => `${t(`desk.levels.kinds.${kind}`)} ${lengthText(msOf(row[kind])!)}`);
  return `${promised.join(t('service_levels.comma'))} · ${businessText(row.business, t)}`;
}

export function warningText({ half, most }: Pick<Draft, 'half' | 'most'>, t: Say): string {
  const said = [half, most].filter((one) => one > 0).map((one) => `${one}%`);
  if (said.length === 0) return t('service_levels.warnings.off');
  return said.length === 1 ? t('service_levels.warnings.one', { n: said[0]! }) : t('service_levels.warnings.words', { half: said[0]!, most: said[1]! });
}
