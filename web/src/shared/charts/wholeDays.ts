// The whole days that a page looks at, on the mini program's clock. Pure.
import { dayStart, dayText } from '../ui/days';
import type { Buckets } from './places';
import { presets, type Preset, type Range } from './ranges';

export const usualDays: Preset = '7d';
export const offeredDays: Preset[] = ['7d', '30d', '90d'];
const dayMs = 86_400_000;
const daysMax = 366;

export interface Days {
  from: string; // "2026-10-01"
  to: string; // the last one
}

// Dates have no time zone: midnight in Greenwich stands for the day.
const plus = (day: string, n: number) => new Date(Date.parse(`${day}T00:00:00Z`) + n * dayMs).toISOString().slice(0, 10);
const since = ({ from, to }: Days) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

// Whole days, today with them; of more than the server counts at once, the last ones.
export function daysOf(range: Range, now: number, zone: string): Days {
  if ('preset' in range) {
    const to = dayText(now, zone);
    return { from: plus(to, 1 - Math.max(1, Math.round(presets[range.preset] / dayMs))), to };
  }
  const days = { from: dayText(range.from, zone), to: dayText(range.to - 1, zone) };
  return since(days) >= daysMax ? { ...days, from: plus(days.to, 1 - daysMax) } : days;
}

// From the first midnight to the last.
export const spanOf = ({ from, to }: Days, zone: string) => ({ from: dayStart(from, zone)!, to: dayStart(plus(to, 1), zone)! });
// As the address holds what somebody chose.
export const rangeOfDays = (days: Days, zone: string): Range => spanOf(days, zone);

export const datesOf = (days: Days) => Array.from({ length: since(days) + 1 }, (_, n) => plus(days.from, n));
export const bucketsOf = (days: Days, zone: string): Buckets => ({ starts: datesOf(days).map((day) => dayStart(day, zone)!), end: spanOf(days, zone).to });
