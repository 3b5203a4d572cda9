import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import type { Figures, Row } from '../api/reports';
import { filtersOf, listedOf, questionOf, withFilters, withListed } from './address';
import { atWork, isLost, loadOf, waitNow, waysOf } from './board';
import { figuresOf, formOf, isThere, metrics, tell, views } from './figures';
import { figureText, filterOf } from './names';
import { hourOf, intervalFor, missedOf, openedOf, sharesOf, slotsOf, timesOf } from './plots';
import { scaleFor, spanText } from './spans';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('reports');
});

const zone = 'Asia/Shanghai';
const at = (text: string) => Date.parse(`${text}+08:00`);
const time = (part: object = {}) => ({ count: 0, mean_ms: null, median_ms: null, p90_ms: null, missed: 0, open: 0, ...part });
const share = (part: object = {}) => ({ count: 0, hits: 0, share: null, open: 0, ...part });
const figures = (part: Partial<Record<keyof Figures, object>> = {}): Figures => ({
  conversations: { count: 12 }, reopened: { count: 0 }, transfers: { count: 1 },
  first_reaction: time(), first_answer: time(), response: time({ count: 9, mean_ms: 95_000, median_ms: 62_000, p90_ms: 3_725_000, missed: 2, open: 1 }), wait: time({ missed: 3 }), handling: time(),
  resolution: share({ count: 4, hits: 3, share: 0.75 }), first_contact: share(), satisfaction: { ...share(), mean: null, missed: 0, answer_rate: null },
  ...part,
}) as Figures;

describe('a figure, and what stands behind it', () => {
  test.each([
    ['conversations', 'count', '12', 'counted', 'newest'],
    ['response', 'median', '1 分钟 2 秒', 'counted', 'largest'],
    ['response', 'mean', '1 分钟 35 秒', 'counted', 'largest'],
    ['response', 'p90', '1 小时 2 分钟', 'counted', 'largest'],
    ['response', 'missed', '2', 'missed', 'newest'],
    ['response', 'open', '1', 'open', 'newest'],
    ['resolution', 'share', '75%', 'counted', 'newest'],
    ['resolution', 'hits', '3', 'hits', 'newest'],
    ['resolution', 'others', '1', 'others', 'newest'],
  ] as const)('%s %s', (metric, name, text, part, order) => expect(tell(figures(), metric, name)).toMatchObject({ text, behind: { metric, part, order } }));

  test('nothing leads nowhere', () => {
    for (const [metric, name, text] of [['reopened', 'count', '0'], ['first_answer', 'median', '—'], ['first_contact', 'share', '—'], ['wait', 'open', '0']] as const) expect([tell(figures(), metric, name).text, tell(figures(), metric, name).behind]).toEqual([text, undefined]);
  });
  test('a score is there where customers were asked for one', () => {
    expect(isThere(figures(), 'satisfaction')).toBe(false);
    const asked = figures({ satisfaction: { ...share(), mean: null, missed: 5, answer_rate: 0 } });
    expect(isThere(asked, 'satisfaction')).toBe(true);
    expect([tell(asked, 'satisfaction', 'answer_rate').text, tell(asked, 'satisfaction', 'share').text]).toEqual(['0%', '—']);
    expect(isThere(figures(), 'resolution')).toBe(true);
  });
  test('all that is shown has a name, which the median, mean and p90 have together', () => {
    for (const metric of metrics) for (const name of figuresOf[formOf(metric)]) expect(figureText(metric, name, i18next.t)).not.toMatch(/reports\./);
    for (const { metric, names } of Object.values(views).flat()) if (formOf(metric) === 'duration') expect(names.slice(0, 3)).toEqual(['median', 'mean', 'p90']);
    for (const { metric, names } of Object.values(views).flat()) if (formOf(metric) === 'score') expect(names).toContain('answer_rate');
  });
});

test.each([
  [0, '0 秒'],
  [2340, '2.3 秒'],
  [45_400, '45 秒'],
  [130_000, '2 分钟 10 秒'],
  [11_096_000, '3 小时 5 分钟'],
])('%i ms in words', (ms, text) => expect(spanText(ms)).toBe(text));

test('the axis counts in what has round values', () => {
  expect([90_000, 600_000, 40_000_000].map((most) => scaleFor(most).ms)).toEqual([1000, 60_000, 3_600_000]);
  expect(scaleFor(600_000).unit.text(2.54)).toBe('2.5 分钟');
});

describe('over time', () => {
  const days = { from: '2026-11-18', to: '2026-11-24' };
  test('the interval fits the days', () => {
    expect(intervalFor('auto', { from: '2026-11-24', to: '2026-11-24' })).toBe('hour');
    expect(intervalFor('auto', days)).toBe('day');
    expect(intervalFor('auto', { from: '2026-01-01', to: '2026-11-24' })).toBe('week');
    expect(intervalFor('hour', days)).toBe('hour');
    expect(intervalFor('hour', { from: '2026-01-01', to: '2026-11-24' })).toBe('week');
  });
  test('weeks begin on Monday, months on the first; the first one with the days', () => {
    expect(slotsOf(days, zone, 'week')).toEqual({ starts: [at('2026-11-18T00:00:00'), at('2026-11-23T00:00:00')], end: at('2026-11-25T00:00:00') });
    expect(slotsOf({ from: '2026-10-30', to: '2026-11-02' }, zone, 'month').starts).toEqual([at('2026-10-30T00:00:00'), at('2026-11-01T00:00:00')]);
    const { starts } = slotsOf({ from: '2026-11-24', to: '2026-11-24' }, zone, 'hour');
    expect([starts.length, hourOf(starts[0]!, zone), hourOf(starts[23]!, zone)]).toEqual([24, 0, 23]);
  });
  test('counts of nothing are 0, times of nothing are not known', () => {
    const { starts } = slotsOf({ from: '2026-11-23', to: '2026-11-24' }, zone, 'day');
    const rows: Row[] = [{ from: starts[1], to: starts[1]! + 86_400_000, figures: figures() }];
    const name = (key: string) => key;
    expect(openedOf(starts, rows, name)[0]!.values).toEqual([0, 12]);
    expect(timesOf(starts, rows, 'response', 1000, name).map((one) => one.values)).toEqual([[null, 62], [null, 95], [null, 3725]]);
    expect(missedOf(starts, rows, name).map((one) => [one.key, one.values])).toEqual([['response', [0, 2]], ['wait', [0, 3]]]);
    expect(sharesOf(starts, rows, figures(), name).map((one) => [one.key, one.values])).toEqual([['resolution', [null, 0.75]], ['first_contact', [null, null]]]);
  });
});

describe('the address', () => {
  test('what makes no sense is left out; an empty source is one', () => {
    expect(filtersOf(new URLSearchParams('agent=<b>&group=7&hour=24&source='))).toEqual({ group: '7', source: '' });
    expect(filtersOf(new URLSearchParams('hour=0'))).toEqual({ hour: '0' });
    expect(filtersOf(new URLSearchParams('agent=none&reason=none&group=none'))).toEqual({ agent: 'none', reason: 'none' });
    expect(questionOf({ from: 1, to: 2 }, { group: '7', hour: '0', source: '' })).toEqual({ from: 1, to: 2, group_id: '7', hour: 0, source: '' });
    expect(listedOf(new URLSearchParams('metric=speed&part=best&order=random'))).toEqual({ metric: 'conversations', part: 'all', order: 'newest' });
  });
  test('a figure’s part is one that it has', () => {
    expect(listedOf(new URLSearchParams('metric=response&part=hits'))).toMatchObject({ metric: 'response', part: 'all' });
    expect(listedOf(new URLSearchParams('metric=satisfaction&part=hits'))).toMatchObject({ part: 'hits' });
  });
  test('a drill-down keeps the days and replaces the rest', () => {
    const search = new URLSearchParams('range=30d&agent=9&metric=wait&part=missed&order=largest');
    expect(withListed(withFilters(search, { agent: undefined, hour: '9' }), { metric: 'conversations', part: 'counted', order: 'newest' }).toString()).toBe('range=30d&hour=9');
    expect(withListed(search, { part: 'open' }).toString()).toBe('range=30d&agent=9&metric=wait&part=open&order=largest');
  });
  test('a row that cannot be asked for alone is narrowed down to by nothing', () => {
    const one = { figures: figures() };
    expect(filterOf('group', { ...one, group_id: null, name: '' })).toBeUndefined();
    expect(filterOf('agent', { ...one, agent_id: null, name: '' })).toEqual({ name: 'agent', value: 'none' });
    expect(filterOf('source', { ...one, source: '', others: true })).toBeUndefined();
    expect(filterOf('source', { ...one, source: '', others: false })).toEqual({ name: 'source', value: '' });
    expect(filterOf('hour', { ...one, hour: 0 })).toEqual({ name: 'hour', value: '0' });
  });
});

describe('the wallboard', () => {
  const agent = (display_name: string, presence: string, load: number, load_max = 5) => ({ account_id: display_name, display_name, presence, load, load_max, since: null }) as Parameters<typeof atWork>[0][number];
  test('is lost by a refusal, without a network, or by silence', () => {
    const fine = { error: null, isPaused: false, dataUpdatedAt: 1000 };
    expect([isLost(fine, 20_000), isLost(fine, 40_000), isLost({ ...fine, error: new Error() }, 1000), isLost({ ...fine, isPaused: true }, 1000)]).toEqual([false, true, true, true]);
  });
  test('who waits goes on waiting, as long as something is known', () => {
    const board = { waiting: 1, longest_wait_ms: 60_000 };
    expect([waitNow(board, 1000, 4000, false), waitNow(board, 1000, 4000, true), waitNow({ ...board, waiting: 0 }, 1000, 4000, false)]).toEqual([63_000, 60_000, 0]);
  });
  test('shows who is at work, and the load of those who take conversations', () => {
    const agents = [agent('off', 'offline', 0), agent('away', 'away', 2), agent('b', 'online', 1), agent('a', 'online', 4), agent('busy', 'busy', 3)];
    expect(atWork(agents).map((one) => one.display_name)).toEqual(['a', 'b', 'busy', 'away']);
    expect(loadOf(agents)).toEqual({ n: 8, max: 15 });
  });
});

test('who does not supervise is led to their workbench, and to what is their own', () => {
  const ways = waysOf('wx1', false, { from: 1_790_000_000_000, to: 1_790_086_400_000 }, 1_790_050_000_000);
  expect([ways.waiting(), ways.waiting('7'), ways.open('7')]).toEqual(['/m/wx1/desk/workbench?view=waiting', '/m/wx1/desk/workbench?view=waiting&group=7', '/m/wx1/desk/workbench?group=7']);
  expect([ways.agent('9', true), ways.agent('9', false)]).toEqual(['/m/wx1/desk/workbench?view=mine', undefined]);
  expect(listedOf(new URL(ways.ended({ metric: 'wait', part: 'missed', order: 'newest' }, ways.lastHour), 'http://x').searchParams)).toEqual({ metric: 'wait', part: 'missed', order: 'newest', ended_from: 1_790_050_000_000 - 3_600_000 });
});
