// Time ranges of a page's address, and the buckets they are cut into: in the mini program's time zone, as the server
// cuts.
export const presets = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000, '30d': 30 * 86_400_000, '90d': 90 * 86_400_000 } as const;
export type Preset = keyof typeof presets;
export const usualPresets: Preset[] = ['15m', '1h', '24h', '7d', '30d'];
export type Range = { preset: Preset } | { from: number; to: number };
export interface Window {
  from: number;
  to: number;
}

export const intervals = { minute: 60_000, '5m': 300_000, '15m': 900_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Interval = keyof typeof intervals;

const isPreset = (text: string | null): text is Preset => !!text && Object.hasOwn(presets, text);

export function rangeOf(search: URLSearchParams, otherwise: Preset): Range {
  const [from, to] = [Number(search.get('from')), Number(search.get('to'))];
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from > 0 && to > from) return { from, to };
  const preset = search.get('range');
  return { preset: isPreset(preset) ? preset : otherwise };
}

// What is as it would be without an address is left out of it.
export function writeRange(search: URLSearchParams, range: Range, otherwise: Preset) {
  for (const name of ['from', 'to', 'range']) search.delete(name);
  if (!('preset' in range)) {
    search.set('from', String(range.from));
    search.set('to', String(range.to));
  } else if (range.preset !== otherwise) search.set('range', range.preset);
}

// A preset ends a minute ahead: phones' clocks are corrected only when they are off by more than that.
export function windowOf(range: Range, now: number): Window {
  return 'preset' in range ? { from: now - presets[range.preset], to: now + 60_000 } : range;
}

// The finest that gives a person no more buckets than can be told apart.
const bucketsMax = 170;
export function intervalFor(span: number): Interval {
  const fits = (Object.keys(intervals) as Interval[]).find((one) => span / intervals[one] <= bucketsMax);
  return fits ?? 'day';
}

const formats = new Map<string, Intl.DateTimeFormat>();

// Minutes east of UTC at that moment; 0 for a zone that the browser does not know.
export function zoneOffset(zone: string, at: number): number {
  try {
    // Making one is slow; asking it is not.
    const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
    const parts = format.formatToParts(at);
    const found = parts.find((one) => one.type === 'timeZoneName')?.value.match(/([+-])(\d\d):(\d\d)/);
    return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
  } catch {
    return 0;
  }
}

// Where each bucket of a window begins, those without records, too.
export function startsOf(window: Window, intervalMs: number, offsetMinutes: number): number[] {
  const offset = offsetMinutes * 60_000;
  const starts: number[] = [];
  for (let at = Math.floor((window.from + offset) / intervalMs) * intervalMs - offset; at < window.to; at += intervalMs) starts.push(at);
  return starts;
}

// Points of a series in the order of the buckets.
export function valuesOf(starts: number[], points: { at: number; count: number }[]): number[] {
  const found = new Map(points.map((one) => [one.at, one.count]));
  return starts.map((at) => found.get(at) ?? 0);
}
