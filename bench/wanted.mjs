// What was wanted, and what was reached: each part of the bench gives lines, which are shown together at the end.

// atMost: the figure must not be larger than `wanted`; otherwise not smaller. `wanted` undefined: stated only.
export const line = (what, reached, unit, { wanted, atMost = false } = {}) => ({ what, reached, unit, wanted, atMost });

const shown = (number) => (typeof number === 'number' ? number.toLocaleString('en', { maximumFractionDigits: number < 100 ? 1 : 0 }) : String(number));

export function judged({ what, reached, unit, wanted, atMost }) {
  if (wanted === undefined) return { what, reached: `${shown(reached)} ${unit}`, wanted: '', '': '' };
  const met = Number.isFinite(reached) && (atMost ? reached <= wanted : reached >= wanted);
  return { what, reached: `${shown(reached)} ${unit}`, wanted: `${atMost ? 'at most' : 'at least'} ${shown(wanted)} ${unit}`, '': met ? 'met' : 'NOT MET' };
}

export function table(title, rows) {
  console.log(`\n${title}`);
  const names = Object.keys(rows[0]);
  const width = (name) => Math.max(name.length, ...rows.map((row) => String(row[name]).length));
  const print = (cell) => console.log(names.map((name, i) => (i === 0 ? cell(name).padEnd(width(name)) : cell(name).padStart(width(name)))).join('  ').trimEnd());
  print((name) => name);
  for (const row of rows) print((name) => String(row[name]));
}

export const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
