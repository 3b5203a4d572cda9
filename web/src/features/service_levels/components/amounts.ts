// A length of time as a person writes it: a number and a unit. Pure.
export const unitMs = { seconds: 1000, minutes: 60_000, hours: 3_600_000 } as const;
export type Unit = keyof typeof unitMs;
export const units = Object.keys(unitMs) as Unit[];

export interface Amount {
  n: number | null; // null: none
  unit: Unit;
}

const msMin = 1000;
const msMax = 90 * 86_400_000;

// In the largest unit in which it is a whole number; nothing, in `otherwise`.
export function amountOf(ms: number | null | undefined, otherwise: Unit): Amount {
  if (!ms) return { n: null, unit: otherwise };
  const unit = units.findLast((one) => ms % unitMs[one] === 0);
  return unit ? { n: ms / unitMs[unit], unit } : { n: ms / unitMs.seconds, unit: 'seconds' };
}

// null: none.
export const msOf = ({ n, unit }: Amount) => (n === null ? null : Math.round(n * unitMs[unit]));

export function fitsLength(amount: Amount): boolean {
  const ms = msOf(amount);
  return ms === null || (ms >= msMin && ms <= msMax);
}
