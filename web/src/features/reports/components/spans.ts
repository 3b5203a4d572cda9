// Lengths of time in words: exact where they are short, to the minute where they are long.
import i18next from 'i18next';
import type { Unit } from '@/shared/charts/units';
import { lengthText } from '@/shared/service_levels/marks';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const tenths = (n: number) => Math.round(n * 10) / 10;
// Apart also from its neighbours on an axis that ends below 1.
const onAxis = (n: number) => (n < 1 ? Number(n.toPrecision(2)) : tenths(n));

export function spanText(ms: number): string {
  if (ms < 10 * second) return i18next.t('common.time.seconds', { n: tenths(ms / second) });
  return lengthText(ms < hour ? ms : Math.round(ms / minute) * minute);
}

const scales = [
  { unit: 'seconds', ms: second, upTo: 2 * minute },
  { unit: 'minutes', ms: minute, upTo: 3 * hour },
  { unit: 'hours', ms: hour, upTo: Infinity },
] as const;

// The unit whose round values an axis can show.
export function scaleFor(most: number): { ms: number; unit: Unit } {
  const { unit, ms } = scales.find((one) => most <= one.upTo)!;
  return { ms, unit: { name: i18next.t(`reports.plots.axes.${unit}`), adds: false, whole: false, text: (n) => i18next.t(`common.time.${unit}`, { n: onAxis(n) }) } };
}
