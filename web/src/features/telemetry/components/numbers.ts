// Numbers as people read them, in the language of the console.
import i18next from 'i18next';

const locale = () => (i18next.language === 'en' ? 'en-GB' : 'zh-CN');

export const countText = (n: number) => new Intl.NumberFormat(locale(), { maximumFractionDigits: n < 10 ? 2 : 0 }).format(n);
export const valueText = (n: number) => new Intl.NumberFormat(locale(), { maximumSignificantDigits: 6 }).format(n);

export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const n = bytes / 1024 ** step;
  return `${n < 10 && step > 0 ? n.toFixed(1) : Math.round(n)} ${units[step]}`;
}

// The next round number: where an axis ends.
export function niceTop(max: number): number {
  if (max <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  return ([1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= max) ?? 10) * power;
}
