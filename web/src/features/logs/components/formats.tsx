// Lines as people read them: their time to the millisecond, their level, what matched, where templates differ.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark, type Level as MarkLevel } from '@/shared/ui/page';
import type { LogLine } from '../api/logs';
import { levels } from './address';

const clocks = new Map<string, Intl.DateTimeFormat>();

// 11-21 14:03:05.123, the same in every language: logs are compared.
export function lineTime(at: number, zone: string, withDay = true): string {
  let clock = clocks.get(zone);
  if (!clock) {
    const options: Intl.DateTimeFormatOptions = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' };
    try {
      clock = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      clock = new Intl.DateTimeFormat('en-GB', options);
    }
    clocks.set(zone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const time = `${part.hour}:${part.minute}:${part.second}.${part.fractionalSecond}`;
  return withDay ? `${part.month}-${part.day} ${time}` : time;
}

const marks: Record<string, MarkLevel> = { debug: 'unknown', info: 'info', warn: 'warning', error: 'failed', fatal: 'failed' };
export const levelColor = (level: string) => `var(--log-${levels.includes(level as 'info') ? level : 'none'})`;

export function LevelMark({ level }: { level: string }) {
  const { t } = useTranslation();
  const known = levels.find((one) => one === level);
  return known ? <Mark level={marks[known]!}>{t(`logs.levels.${known}`)}</Mark> : <span className="muted">—</span>;
}

export interface Piece {
  text: string;
  marked: boolean;
}

// Ranges in characters; those that overlap become one.
export function piecesOf(text: string, ranges: LogLine['highlights']): Piece[] {
  const characters = [...text];
  const pieces: Piece[] = [];
  let at = 0;
  const put = (to: number, marked: boolean) => {
    if (to > at) pieces.push({ text: characters.slice(at, to).join(''), marked });
    at = Math.max(at, to);
  };
  for (const [from, length] of [...ranges].sort((a, b) => a[0] - b[0])) {
    put(Math.min(from, characters.length), false);
    put(Math.min(from + length, characters.length), true);
  }
  put(characters.length, false);
  return pieces;
}

export const Marked = ({ line }: { line: Pick<LogLine, 'text' | 'highlights'> }) =>
  line.highlights.length === 0 ? line.text : piecesOf(line.text, line.highlights).map(({ text, marked }, index) => (marked ? <mark key={index}>{text}</mark> : <Fragment key={index}>{text}</Fragment>));

export const TemplateText = ({ text }: { text: string }) => text.split('<*>').map((part, index) => (
  <Fragment key={index}>
    {index > 0 && <span className="log-blank">&lt;*&gt;</span>}
    {part}
  </Fragment>
));
