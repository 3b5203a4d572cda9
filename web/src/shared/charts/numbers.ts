// Numbers as people read them, in the language of the console.
import i18next from 'i18next';

const locale = () => (i18next.language === 'en' ? 'en-GB' : 'zh-CN');
const digits = (n: number, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale(), options).format(n);

export const countText = (n: number) => digits(n, { maximumFractionDigits: n < 10 ? 2 : 0 });
export const valueText = (n: number) => digits(n, { maximumSignificantDigits: 6 });

export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const n = bytes / 1024 ** step;
  return `${n < 10 && step > 0 ? n.toFixed(1) : Math.round(n)} ${units[step]}`;
}

export function msText(ms: number): string {
  if (ms < 1000) return `${digits(ms, { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`;
  if (ms < 60_000) return `${digits(ms / 1000, { maximumFractionDigits: ms < 10_000 ? 2 : 1 })} s`;
  return `${digits(ms / 60_000, { maximumFractionDigits: 1 })} min`;
}

// A part of a whole, as a percentage that never says "none" or "all" of what is only nearly so.
export function percentText(part: number, whole = 1): string {
  if (part <= 0 || whole <= 0) return '0%';
  const percent = (part / whole) * 100;
  if (percent < 0.01) return '<0.01%';
  if (percent > 99.99 && part < whole) return '>99.99%';
  return `${Number(percent.toFixed(percent < 1 ? 2 : 1))}%`;
}
