// Days in the mini program's time zone, as an input of type date writes them.
import { zoneOffset } from '../charts/ranges';

const offset = (zone: string, at: number) => zoneOffset(zone, at) * 60_000;

export const dayText = (at: number, zone: string) => new Date(at + offset(zone, at)).toISOString().slice(0, 10);

// When the day begins; undefined: no date.
export function dayStart(text: string, zone: string): number | undefined {
  const utc = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(utc)) return undefined;
  // The zone's offset at that midnight, not at that of Greenwich: clocks may have changed between.
  return utc - offset(zone, utc - offset(zone, utc));
}
