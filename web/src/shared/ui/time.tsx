// Times: relative with the exact one on hover, in the time zone of the mini program.
import i18next from 'i18next';
import { createContext, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const ZoneContext = createContext('Asia/Shanghai');
export const ZoneProvider = ZoneContext.Provider;
export const useZone = () => useContext(ZoneContext);

const locale = () => (i18next.language === 'en' ? 'en-GB' : 'zh-CN');
const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()}|${zone}|${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
    } catch {
      found = new Intl.DateTimeFormat(locale(), options);
    }
    formats.set(key, found);
  }
  return found;
}

export const exactTime = (at: number, zone: string) =>
  format(zone, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(at);
export const clockTime = (at: number, zone: string) => format(zone, { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
export const dayOf = (at: number, zone: string) => format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
export const dayName = (at: number, zone: string) => format(zone, { month: 'long', day: 'numeric', weekday: 'short' }).format(at);

// The time, again every `everyMs`.
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

// 45 s · 12 min · 3 h · 2 d
export function duration(ms: number): string {
  const t = i18next.t;
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('common.time.seconds', { n: seconds });
  if (seconds < 3600) return t('common.time.minutes', { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t('common.time.hours', { n: Math.floor(seconds / 3600) });
  return t('common.time.days', { n: Math.floor(seconds / 86_400) });
}

// 2:03 for what ends within the hour, else 47 h
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 3600) {
    return i18next.t('common.time.hours_minutes', { h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
  }
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function Ago({ at, now: given }: { at: number | null | undefined; now?: number }) {
  const { t } = useTranslation();
  const zone = useZone();
  if (!at) return <span className="muted">—</span>;
  const now = given ?? Date.now();
  const ms = now - at;
  const text =
    ms < 45_000 ? t('common.time.just_now') : ms < 86_400_000 ? t('common.time.ago', { t: duration(ms) }) : format(zone, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at, zone)} className="num">
      {text}
    </time>
  );
}

export function Exact({ at }: { at: number | null | undefined }) {
  const zone = useZone();
  if (!at) return <span className="muted">—</span>;
  return (
    <time dateTime={new Date(at).toISOString()} className="num">
      {exactTime(at, zone)}
    </time>
  );
}
