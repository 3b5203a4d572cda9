// The history of an agent's presence by day, in the mini program's time zone. Pure.
import { dayStart, dayText } from '@/shared/ui/days';
import type { Stay } from '../api/teams';

export interface Part {
  presence: Stay['presence'];
  reason: string;
  from: number;
  to: number;
}
export interface Day {
  start: number;
  end: number; // of the whole day, also of one that is not over
  parts: Part[]; // oldest first
}

// A day has 23 to 25 hours: the middle of the next one is 36 hours away.
const nextDay = (start: number, zone: string) => dayStart(dayText(start + 36 * 3_600_000, zone), zone)!;
export const dayOf = (at: number, zone: string) => dayStart(dayText(at, zone), zone)!;

// So many days back from today's, the first moment of that day.
export function daysBack(now: number, days: number, zone: string): number {
  let start = dayOf(now, zone);
  for (let n = 0; n < days; n += 1) start = dayOf(start - 1, zone);
  return start;
}

// The newest day first. Who still stays counts until now.
export function daysOf(stays: Stay[], from: number, now: number, zone: string): Day[] {
  const days: Day[] = [];
  for (let start = dayOf(from, zone); start <= now; start = nextDay(start, zone)) {
    const end = nextDay(start, zone);
    const parts = stays
      .map((one) => ({ presence: one.presence, reason: one.reason, from: Math.max(one.from, start), to: Math.min(one.to ?? now, end, now) }))
      .filter((one) => one.to > one.from)
      .sort((a, b) => a.from - b.from);
    days.unshift({ start, end, parts });
  }
  return days;
}

export interface Total {
  presence: Stay['presence'];
  reason: string;
  ms: number;
}
const order: Stay['presence'][] = ['online', 'busy', 'away'];

// How long in which presence, for which reason; who is offline is not at work.
export function totals(parts: Part[]): Total[] {
  const found = new Map<string, Total>();
  for (const { presence, reason, from, to } of parts) {
    if (presence === 'offline') continue;
    const key = `${presence}:${reason}`;
    const total = found.get(key) ?? { presence, reason, ms: 0 };
    total.ms += to - from;
    found.set(key, total);
  }
  return [...found.values()].sort((a, b) => order.indexOf(a.presence) - order.indexOf(b.presence) || b.ms - a.ms);
}

// Where a part stands in its day, in percent.
export const placeOf = (part: Part, day: Day) => ({ left: ((part.from - day.start) / (day.end - day.start)) * 100, width: ((part.to - part.from) / (day.end - day.start)) * 100 });
