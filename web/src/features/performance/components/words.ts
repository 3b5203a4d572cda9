// A dimension's value as people read it.
import i18next from 'i18next';
import type { Dimension } from './address';

// What the server calls all values that are not among those it names.
export const othersName = '(\u5176\u4ed6)';

const levels = ['high', 'mid', 'low', 'unknown'];
const builds = ['develop', 'trial', 'release'];

export function wordOf(dimension: Dimension, name: string): string {
  if (name === '') return i18next.t('performance.empty_word');
  if (name === othersName) return i18next.t('charts.others');
  if (dimension === 'device_level' && levels.includes(name)) return i18next.t(`performance.levels.${name}` as 'performance.levels.high');
  if (dimension === 'build' && builds.includes(name)) return i18next.t(`performance.builds.${name}` as 'performance.builds.release');
  return name;
}

// What can be asked for alone.
export const isWord = (name: string) => name !== '' && name !== othersName;
