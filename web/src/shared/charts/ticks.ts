// Where axes are labelled: round values, and round times of the mini program's clock.
import { startsOf, zoneOffset, type Window } from './ranges';

// From 0 to the first round value that is not below `max`.
export function valueTicks(max: number, wanted = 4, whole = true): number[] {
  const raw = (max > 0 ? max : 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const nice = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw - power / 1e9)!;
  const step = whole ? Math.max(1, Math.ceil(nice)) : nice;
  const last = Math.max(1, Math.ceil((max - step / 1e9) / step));
  return Array.from({ length: last + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day, 14 * day, 28 * day];

export interface TimeTick {
  at: number;
  isDay: boolean;
}

export function timeTicks(window: Window, wanted: number, zone: string): TimeTick[] {
  const step = steps.find((one) => (window.to - window.from) / one <= Math.max(1, wanted)) ?? 28 * day;
  const offset = zoneOffset(zone, window.to);
  return startsOf(window, step, offset)
    .filter((at) => at >= window.from)
    .map((at) => ({ at, isDay: step >= day || (at + offset * minute) % day === 0 }));
}
