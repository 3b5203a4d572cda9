import { expect, describe, test } from 'vitest';
import type { Targets } from '../api/serviceLevels';
import { amountOf, fitsLength, msOf, type Amount } from './amounts';
import { bodyOf, countsNothing, draftOf, edited, freshRow, looksFor, problemsOf, savable, unchanged, undone, type Row } from './targetDraft';

const item = (group: string, priority: number | null, part: object = {}) => ({ group, priority, first_answer_ms: 300_000, next_answer_ms: null, resolution_ms: 5_400_000, business: true, ...part });
const stored = (items = [item('', null), item('7', null), item('7', 5)]): Targets => ({ version: 3, warnings: { half_percent: 50, most_percent: 80 }, items, updated_by: 'boss', updated_at: 1 });

describe('a length of time', () => {
  test.each<[number | null, Amount]>([
    [null, { n: null, unit: 'minutes' }],
    [0, { n: null, unit: 'minutes' }],
    [45_000, { n: 45, unit: 'seconds' }],
    [300_000, { n: 5, unit: 'minutes' }],
    [5_400_000, { n: 90, unit: 'minutes' }],
    [86_400_000, { n: 24, unit: 'hours' }],
    [1500, { n: 1.5, unit: 'seconds' }],
  ])('%s is written as %j', (ms, amount) => {
    expect(amountOf(ms, 'minutes')).toEqual(amount);
    expect(msOf(amount)).toBe(ms || null);
  });
  test.each<[Amount, boolean]>([
    [{ n: null, unit: 'hours' }, true],
    [{ n: 1, unit: 'seconds' }, true],
    [{ n: 0, unit: 'hours' }, false],
    [{ n: 0.5, unit: 'seconds' }, false],
    [{ n: 2160, unit: 'hours' }, true],
    [{ n: 2160.1, unit: 'hours' }, false],
  ])('%j: %s', (amount, fits) => expect(fitsLength(amount)).toBe(fits));
});

test('what is stored comes back as it was', () => {
  const { version, warnings, items } = stored();
  expect(bodyOf(draftOf(stored()), 3)).toEqual({ version, warnings, items });
});

test('rows in another order change nothing; another number does', () => {
  const draft = draftOf(stored());
  expect(unchanged({ ...draft, rows: draft.rows.toReversed() }, stored())).toBe(true);
  expect(unchanged({ ...draft, half: 40 }, stored())).toBe(false);
  expect(unchanged({ ...draft, rows: draft.rows.slice(1) }, stored())).toBe(false);
});

describe('what cannot be saved', () => {
  const { rows, ...warnings } = draftOf(stored());
  const first = rows[0]!;
  test.each<[string, Row, string[]]>([
    ['as it is', first, []],
    ['the place of another', { ...first, group: '7' }, ['twice']],
    ['nothing promised is allowed', { ...first, first_answer: { n: null, unit: 'minutes' }, resolution: { n: null, unit: 'hours' } }, []],
    ['no time', { ...first, next_answer: { n: 0, unit: 'minutes' } }, ['next_answer']],
  ])('%s', (_, row, problems) => {
    const all = rows.with(0, row);
    expect(problemsOf(all, row)).toEqual(problems);
    expect(savable({ ...warnings, rows: all })).toBe(problems.length === 0);
  });
  test.each([
    [50, 80, true],
    [0, 80, true],
    [50, 0, true],
    [80, 80, false],
  ])('warnings at %d and %d: %s', (half, most, can) => expect(savable({ half, most, rows })).toBe(can));
  test('more rows than the server takes', () => {
    const many = Array.from({ length: 201 }, (_, id) => ({ ...first, id, priority: id }));
    expect([savable({ ...warnings, rows: many.slice(1) }), savable({ ...warnings, rows: many })]).toEqual([true, false]);
  });
  test('a row without any target counts nothing', () => {
    const nothing = { n: null, unit: 'hours' } as const;
    expect([countsNothing(first), countsNothing({ ...first, first_answer: nothing, resolution: nothing })]).toEqual([false, true]);
  });
});

test('a new row is for who has none yet', () => {
  expect(freshRow([], ['1', '7'])).toMatchObject({ id: 0, group: '', priority: null });
  const { rows } = draftOf(stored());
  expect(freshRow(rows, ['1', '7'])).toMatchObject({ id: 3, group: '1' });
  expect(freshRow(rows, ['7'])).toMatchObject({ group: '' });
});

describe('the most specific row holds', () => {
  const { rows } = draftOf(stored([item('', null), item('', 9), item('7', null), item('7', 5)]));
  test.each([
    ['7', 5, 3, [3, 2, -1, 0]],
    ['7', 9, 2, [-1, 2, 1, 0]],
    ['7', 0, 2, [-1, 2, -1, 0]],
    ['1', 9, 1, [-1, -1, 1, 0]],
    ['1', 0, 0, [-1, -1, -1, 0]],
  ])('of group %s with priority %d: row %d', (group, priority, row, found) => {
    const steps = looksFor(rows, group, priority);
    expect(steps.map((one) => one.index)).toEqual(found);
    expect(steps.filter((one) => one.holds).map((one) => one.index)).toEqual([row]);
  });
  test('or none', () => expect(looksFor([rows[3]!], '1', 0).some((one) => one.holds)).toBe(false));
});

test('each field is one step back, and the last leaves nothing', () => {
  const targets = stored();
  const draft = draftOf(targets);
  const written = (half: number, field: string, before: ReturnType<typeof edited> | null) => edited(before, targets, { ...draft, half }, field);
  const four = written(4, 'half', null);
  const forty = written(40, 'half', four);
  const other = written(41, '0 business', forty);
  const removed = written(42, '', other);
  const again = written(43, '', removed);
  expect(again.seen).toBe(3);
  const halves: (number | undefined)[] = [];
  for (let edits: ReturnType<typeof undone> = again; edits; edits = undone(edits)) halves.push(edits.draft.half);
  expect(halves).toEqual([43, 42, 41, 40]);
});
