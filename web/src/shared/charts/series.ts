// What a chart over time draws: at most seven series, and the others together.
export type Value = number | null; // null: nothing is known, and a line has a gap
export type Form = 'line' | 'area' | 'bars';

export interface Series {
  key: string;
  name: string;
  values: Value[];
  before?: Value[]; // of the period before, bucket by bucket
  color?: string;
}
export type Painted = Series & { color: string };

const seriesMax = 7;
export const othersKey = '(others)';

const add = (a: Value, b: Value) => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));
export const sumOf = (values: Value[]) => values.reduce<number>((all, one) => all + (one ?? 0), 0);
export const sumsOf = (series: { values: Value[] }[], n: number): Value[] =>
  Array.from({ length: n }, (_, index) => series.reduce<Value>((all, one) => add(all, one.values[index] ?? null), null));

// The seven largest in the order they came. What adds up is drawn as one series of others; of lines, which do not, `left`
// says how many are in the table only.
export function drawnOf(series: Series[], adds: boolean, othersName: string): { drawn: Painted[]; left: number } {
  const ranked = [...series].sort((a, b) => sumOf(b.values) - sumOf(a.values));
  const rest = ranked.slice(seriesMax);
  const drawn = series.filter((one) => !rest.includes(one)).map((one, index) => ({ ...one, color: one.color ?? `var(--chart-${index + 1})` }));
  if (rest.length === 0 || !adds) return { drawn, left: rest.length };
  const n = Math.max(...series.map((one) => one.values.length));
  const before = rest.some((one) => one.before) ? sumsOf(rest.map((one) => ({ values: one.before ?? [] })), n) : undefined;
  return { drawn: [...drawn, { key: othersKey, name: othersName, values: sumsOf(rest, n), before, color: 'var(--chart-others)' }], left: 0 };
}

export interface Layer extends Painted {
  from: number[];
  to: Value[];
}

// Each series on top of those before it; as lines all stand on zero.
export function layersOf(series: Painted[], stacked: boolean): Layer[] {
  let floor: number[] = [];
  return series.map((one) => {
    const from = one.values.map((_, index) => (stacked ? (floor[index] ?? 0) : 0));
    const to = one.values.map((value, index) => (value === null ? null : value + from[index]!));
    floor = to.map((value, index) => value ?? from[index]!);
    return { ...one, from, to };
  });
}

// Of the period before: one line for each series, or for all that are stacked together.
export function beforesOf(series: Painted[], stacked: boolean): { key: string; color: string; values: Value[] }[] {
  const known = series.filter((one) => one.before);
  if (known.length === 0) return [];
  if (!stacked) return known.map(({ key, color, before }) => ({ key, color, values: before! }));
  const n = Math.max(...known.map((one) => one.before!.length));
  return [{ key: 'before', color: 'var(--text-2)', values: sumsOf(known.map((one) => ({ values: one.before! })), n) }];
}

export const topOf = (layers: Layer[], befores: { values: Value[] }[]) =>
  Math.max(0, ...layers.flatMap((one) => one.to.map((value) => value ?? 0)), ...befores.flatMap((one) => one.values.map((value) => value ?? 0)));

// Stretches of neighbouring values: what lies between them is not known.
export function stretchesOf(values: Value[]): number[][] {
  const stretches: number[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    if (values[index - 1] === undefined || values[index - 1] === null) stretches.push([]);
    stretches.at(-1)!.push(index);
  });
  return stretches;
}

const rounded = (n: number) => Math.round(n * 10) / 10;
export const pathOf = (indexes: number[], x: (index: number) => number, y: (index: number) => number) => indexes.map((index, place) => `${place === 0 ? 'M' : 'L'}${rounded(x(index))} ${rounded(y(index))}`).join('');

// Which series was pressed: the one whose part of the stack is there, or the line that is nearest.
export function layerAt(layers: Layer[], index: number, value: number, tolerance: number, stacked: boolean): string | undefined {
  const there = layers.filter((one) => (one.to[index] ?? null) !== null);
  if (stacked) return there.find((one) => value >= one.from[index]! && value <= one.to[index]!)?.key;
  const away = (one: Layer) => Math.abs(one.to[index]! - value);
  const nearest = [...there].sort((a, b) => away(a) - away(b))[0];
  return nearest && away(nearest) <= tolerance ? nearest.key : undefined;
}
