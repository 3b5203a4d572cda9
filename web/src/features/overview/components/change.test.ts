import { expect, test } from 'vitest';
import { changeOf } from './change';

test.each([
  [100, 0, false, null],
  [100.3, 100, false, null],
  [150, 100, false, { up: true, by: 0.5, better: true, matters: true }],
  [150, 100, true, { up: true, by: 0.5, better: false, matters: true }],
  [95, 100, true, { up: false, by: 0.05, better: true, matters: false }],
  [0, 100, false, { up: false, by: 1, better: false, matters: true }],
])('%d against %d', (now, usual, lessIsBetter, expected) => {
  const change = changeOf(now, usual, lessIsBetter);
  if (!expected || !change) expect(change).toBe(expected);
  else expect({ ...change, by: Math.round(change.by * 1000) / 1000 }).toEqual(expected);
});
