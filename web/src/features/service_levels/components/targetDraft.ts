// Targets that are being written: rows as a person fills them in, what is wrong with them, and each step back. Pure.
import { kinds, type Kind } from '@/shared/service_levels/marks';
import type { NewTargets, Targets } from '../api/serviceLevels';
import { amountOf, fitsLength, msOf, type Amount, type Unit } from './amounts';

export interface Row extends Record<Kind, Amount> {
  id: number; // of this row while it is written
  group: string; // '': every group
  priority: number | null; // null: every priority
  business: boolean;
}

export interface Draft {
  half: number;
  most: number;
  rows: Row[];
}

export const rowsMax = 200;
export const priorityMax = 1000;
export const percentMax = 99;

const usualUnit: Record<Kind, Unit> = { first_answer: 'minutes', next_answer: 'minutes', resolution: 'hours' };

export const draftOf = ({ warnings, items }: Targets): Draft => ({
  half: warnings.half_percent,
  most: warnings.most_percent,
  rows: items.map((one, index) => ({
    id: index,
    group: one.group,
    priority: one.priority,
    business: one.business,
    first_answer: amountOf(one.first_answer_ms, usualUnit.first_answer),
    next_answer: amountOf(one.next_answer_ms, usualUnit.next_answer),
    resolution: amountOf(one.resolution_ms, usualUnit.resolution),
  })),
});

export const bodyOf = ({ half, most, rows }: Draft, version: number): NewTargets => ({
  version,
  warnings: { half_percent: half, most_percent: most },
  items: rows.map((one) => ({
    group: one.group,
    priority: one.priority,
    first_answer_ms: msOf(one.first_answer),
    next_answer_ms: msOf(one.next_answer),
    resolution_ms: msOf(one.resolution),
    business: one.business,
  })),
});

const placeOf = ({ group, priority }: Pick<Row, 'group' | 'priority'>) => `${group} ${priority ?? ''}`;

// Whether it would change nothing, in whatever order its rows stand.
export function unchanged(draft: Draft, stored: Targets): boolean {
  const text = (one: Draft) => {
    const { warnings, items } = bodyOf({ ...one, rows: one.rows.toSorted((a, b) => placeOf(a).localeCompare(placeOf(b))) }, 0);
    return JSON.stringify([warnings, items]);
  };
  return text(draft) === text(draftOf(stored));
}

// The first says five minutes and a day to everybody; others begin with a group that has no row yet.
export function freshRow(rows: Row[], groups: string[]): Row {
  const id = Math.max(-1, ...rows.map((one) => one.id)) + 1;
  const taken = new Set(rows.map(placeOf));
  const group = ['', ...groups].find((one) => !taken.has(placeOf({ group: one, priority: null }))) ?? '';
  return { id, group, priority: null, business: true, first_answer: { n: 5, unit: 'minutes' }, next_answer: { n: 5, unit: 'minutes' }, resolution: { n: 24, unit: 'hours' } };
}

export const countsNothing = (row: Row) => kinds.every((kind) => row[kind].n === null);

export type Problem = 'twice' | Kind; // a kind: that length is not possible
export function problemsOf(rows: Row[], row: Row): Problem[] {
  const twice = rows.some((one) => one.id !== row.id && placeOf(one) === placeOf(row));
  return [...(twice ? (['twice'] as const) : []), ...kinds.filter((kind) => !fitsLength(row[kind]))];
}

export const warningsInOrder = ({ half, most }: Pick<Draft, 'half' | 'most'>) => half === 0 || most === 0 || half < most;
export const savable = (draft: Draft) => draft.rows.length <= rowsMax && warningsInOrder(draft) && draft.rows.every((one) => problemsOf(draft.rows, one).length === 0);

// ---- which row holds ----

export const specificities = ['both', 'group', 'priority', 'all'] as const;
export type Specificity = (typeof specificities)[number];

const wanted = (specificity: Specificity, group: string, priority: number) => ({
  group: specificity === 'both' || specificity === 'group' ? group : '',
  priority: specificity === 'both' || specificity === 'priority' ? priority : null,
});

// From the most specific on: the row that there is, and whether it is the one that holds.
export function looksFor(rows: Row[], group: string, priority: number): { specificity: Specificity; index: number; holds: boolean }[] {
  const found = specificities.map((specificity) => ({ specificity, index: rows.findIndex((one) => placeOf(one) === placeOf(wanted(specificity, group, priority))) }));
  const first = found.find((one) => one.index >= 0);
  return found.map((one) => ({ ...one, holds: one === first }));
}

// ---- steps back ----

export interface Edits {
  seen: number; // version that was looked at
  draft: Draft;
  field: string; // what was changed last
  past: Draft[]; // the newest last
}
const stepsMax = 100;

// Writing on in one field is one step.
export function edited(edits: Edits | null, stored: Targets, draft: Draft, field: string): Edits {
  const { seen, past, ...last } = edits ?? { seen: stored.version, past: [], draft: draftOf(stored), field: '' };
  return { seen, draft, field, past: past.length > 0 && field !== '' && field === last.field ? past : [...past, last.draft].slice(-stepsMax) };
}

// null: nothing is left of what was written.
export function undone({ seen, past }: Edits): Edits | null {
  const draft = past.at(-1);
  return draft && past.length > 1 ? { seen, draft, field: '', past: past.slice(0, -1) } : null;
}
