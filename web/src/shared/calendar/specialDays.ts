// Special days 特殊日期 of a calendar: holidays 节假日 and 调休 working days, as people write them down. Pure.
import type { Schemas } from '@/shared/api/client';

export type SpecialDay = Schemas['SpecialDay'];
export type Weekday = Schemas['Weekday'];
export const week: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const specialDaysMax = 400;

export type Kind = 'closed' | 'as' | 'spans';
export const kindOf = (day: SpecialDay): Kind => (day.as ? 'as' : day.spans && day.spans.length > 0 ? 'spans' : 'closed');

// Each date once, in order; `added` wins over what was there.
export function withDays(days: readonly SpecialDay[], added: readonly SpecialDay[]): SpecialDay[] {
  const byDate = new Map([...days, ...added].map((day) => [day.date, day]));
  return [...byDate.values()].sort((a, b) => a.date.localeCompare(b.date));
}

export interface Pasted {
  days: SpecialDay[];
  wrong: { line: number; text: string }[];
}

const dayMs = 86_400_000;
const date = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?/.source;
const until = /\s*(?:~|～|—|至|到|to)\s*/.source;
const line = new RegExp(`^${date}(?:${until}${date})?[\\s,，:：]+(.*)$`, 'i');
const worked = /(?:^|[\s,，])(上班|班|调休|work(?:ed|ing)?)$/i;
const closed = /(?:^|[\s,，])(放假|休息|休|假|closed|off)$/i;

// A line each: a date or "from 至 to", a name, and 休 or 班, which is worked like the weekday `as`.
// Lines that cannot be read are told apart, none is guessed.
export function pasteDays(text: string, as: Weekday, unnamed: Record<'worked' | 'closed', string>): Pasted {
  const found: SpecialDay[] = [];
  const wrong: Pasted['wrong'] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const written = raw.trim();
    if (written === '') return;
    const days = daysOf(written, as, unnamed);
    if (days) found.push(...days);
    else wrong.push({ line: index + 1, text: written.slice(0, 60) });
  });
  return { days: withDays([], found), wrong };
}

function daysOf(written: string, as: Weekday, unnamed: Record<'worked' | 'closed', string>): SpecialDay[] | undefined {
  const match = line.exec(written);
  if (!match) return undefined;
  const from = dateOf(match[1], match[2], match[3]);
  const to = match[4] === undefined ? from : dateOf(match[4], match[5], match[6]);
  if (from === undefined || to === undefined || to < from || to - from > 60 * dayMs) return undefined;
  const rest = (match[7] ?? '').trim();
  const works = worked.test(rest);
  if (!works && !closed.test(rest)) return undefined;
  const name = rest.replace(works ? worked : closed, '').trim() || (works ? unnamed.worked : unnamed.closed);
  if (name.length > 64) return undefined;
  const days: SpecialDay[] = [];
  for (let at = from; at <= to; at += dayMs) {
    const day = { date: new Date(at).toISOString().slice(0, 10), name };
    days.push(works ? { ...day, as } : { ...day, spans: [] });
  }
  return days;
}

// Midnight in UTC of a date that exists.
function dateOf(year: string | undefined, month: string | undefined, day: string | undefined): number | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const at = Date.UTC(y, m - 1, d);
  const made = new Date(at);
  if (y < 2000 || y > 2199 || made.getUTCMonth() !== m - 1 || made.getUTCDate() !== d) return undefined;
  return at;
}
