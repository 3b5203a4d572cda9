// Settings as a form holds them (rates in percent), and what saving them would delete or stop.
import type { Settings } from '../api/telemetry';
import { kinds, type Kind } from './filters';

export interface Values {
  enabled: boolean;
  level: Settings['level'];
  flush_ms: number;
  percent: Record<string, number>;
  keep_days: Record<string, number>;
  hidden: Hidden[]; // what is hidden before it is stored
}
export const hidable = ['phones', 'id_cards', 'bank_cards', 'emails', 'tokens'] as const;
export type Hidden = (typeof hidable)[number];

// 0.1 is no sum of halves: 0.1 × 100 must not become 10.000000000000002.
const percentOf = (rate: number) => Number((rate * 100).toFixed(4));

export const valuesOf = ({ enabled, level, flush_ms, sample, keep_days, masking }: Settings): Values => ({
  enabled,
  level,
  flush_ms,
  percent: Object.fromEntries(Object.entries(sample).map(([kind, rate]) => [kind, percentOf(rate)])),
  keep_days: { ...keep_days },
  hidden: hidable.filter((one) => masking[one]),
});

// Rules of their own, which the form does not show, stay as they are: the server changes what is given.
export const settingsOf = ({ percent, hidden, ...rest }: Values) => ({
  ...rest,
  masking: Object.fromEntries(hidable.map((one) => [one, hidden.includes(one)])) as Record<Hidden, boolean>,
  sample: Object.fromEntries(Object.entries(percent).map(([kind, of100]) => [kind, Number((of100 / 100).toFixed(6))])),
});

const sorted = (map: object) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
const flat = (one: Values) => JSON.stringify([one.enabled, one.level, one.flush_ms, sorted(one.percent), sorted(one.keep_days), [...one.hidden].sort()]);
export const differs = (a: Values, b: Values) => flat(a) !== flat(b);

export interface Danger {
  what: 'off' | 'keep' | 'zero';
  kind?: Kind;
  days?: number;
}

export function dangersOf(before: Values, after: Values): Danger[] {
  const of = (kind: Kind): Danger[] => [
    ...(after.keep_days[kind]! < before.keep_days[kind]! ? [{ what: 'keep' as const, kind, days: after.keep_days[kind] }] : []),
    ...(after.percent[kind] === 0 && before.percent[kind] !== 0 ? [{ what: 'zero' as const, kind }] : []),
  ];
  return [...(before.enabled && !after.enabled ? [{ what: 'off' as const }] : []), ...kinds.flatMap(of)];
}
