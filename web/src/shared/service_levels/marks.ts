// Service levels 服务时效 as the desk and its reports show them: countdowns, lengths of time. Pure.
import i18next from 'i18next';
import type { Schemas } from '../api/client';
import { countdown, duration } from '../ui/time';

export type Mark = Schemas['ServiceLevelMark'];
export type ServiceClock = Schemas['ServiceClock'];
export type Kind = Schemas['ServiceClockKind'];
export type Level = Schemas['ServiceLevel'];

export const kinds = ['first_answer', 'next_answer', 'resolution'] as const;

// What was asked of the server about the service levels of a mini program.
export const levelsKey = (appid: string) => ['service_levels', appid] as const;

// The server put it first.
export const pressing = ({ state, service_levels }: Pick<Schemas['Conversation'], 'state' | 'service_levels'>): Mark | undefined => (state === 'closed' ? undefined : service_levels?.[0]);

// While it counts down to an answer, that says how long the customer waits.
export const countsWaiting = (mark: Mark | undefined) => !!mark && mark.kind !== 'resolution';

// `paused`: nothing that somebody has to hurry for, also when no working time is left in the calendar.
export type Shape = Level | 'paused';
export function shapeAt({ level, paused, due_at }: Mark, now: number): Shape {
  if (paused || due_at === null) return 'paused';
  return due_at <= now ? 'breached' : level;
}

const twoDays = 2 * 86_400_000;
// 4:30 · 3 h 20 min · 5 d
const left = (ms: number) => (ms >= twoDays ? duration(ms) : countdown(ms));

export function textAt({ paused, due_at, left_ms }: Mark, now: number): string {
  const t = i18next.t;
  if (paused) return (left_ms ?? 0) > 0 ? t('desk.levels.paused', { t: left(left_ms!) }) : t('desk.levels.paused_over', { t: left(-(left_ms ?? 0)) });
  if (due_at === null) return t('desk.levels.no_due');
  return due_at > now ? left(due_at - now) : t('desk.levels.over', { t: left(now - due_at) });
}

const parts = [['hours', 3_600_000], ['minutes', 60_000], ['seconds', 1000]] as const;

// All of it, in words: 1 h 30 min, 45 s.
export function lengthText(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1000)) * 1000;
  const words: string[] = [];
  for (const [unit, unitMs] of parts) {
    const n = Math.floor(rest / unitMs);
    rest -= n * unitMs;
    if (n > 0) words.push(i18next.t(`common.time.${unit}`, { n }));
  }
  return words.join(' ') || i18next.t('common.time.seconds', { n: 0 });
}

// How a clock stands, or ended: an answer that was owing when the conversation closed is none.
export type Ending = 'running' | 'paused' | 'answered' | 'done' | 'unanswered';
export function endingOf({ state, kind }: Pick<ServiceClock, 'state' | 'kind'>): Ending {
  if (state !== 'closed') return state;
  return kind === 'resolution' ? 'done' : 'unanswered';
}
