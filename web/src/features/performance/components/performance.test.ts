// What the page is made of, without the page: its address, buckets, verdicts, waterfalls.
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import { askedOf, dimensionsOf, isFilter, narrowed, questionOf, searchOf, sidesOf, viewOf, withWord, withWords } from './address';
import { binsOf, marksOf } from './bins';
import { beforeOf, bucketsOf, namesOf, valuesOf } from './buckets';
import { changeOf } from './changes';
import { deviceText } from './device';
import { gridOf } from './Heat';
import { spansOf } from './spans';
import { isWord, othersName, wordOf } from './words';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('performance');
  await loadStrings('charts');
});

const day = 86_400_000;
const hour = 3_600_000;
const read = (address: string) => viewOf(new URLSearchParams(address));
const figures = (p75: number) => ({ p50: p75 / 2, p75, p90: p75 * 1.5, p95: p75 * 2, p99: p75 * 3 });

describe('the address holds the view', () => {
  test.each([
    '',
    'range=90d&release=1.4.1%2C1.4.2&page=pages%2Fa%2C%2Cb',
    'metric=request&lines=p50%2Cp99&interval=week&where=url&sort=p95',
    'metric=lcp&by=region',
    'against=release&a=1.4.1&b=1.4.2',
    'from=1000&to=2000&against=custom&a_from=1&a_to=900',
    'rows=device&columns=metric',
    'order=newest&load=l-7',
  ])('%s', (address) => expect(searchOf(read(address)).toString()).toBe(address));

  test('what nobody knows is left away', () => {
    expect(searchOf(read('metric=luck&lines=p1,p2&interval=second&by=moon&where=url&sort=name&rows=x&columns=y&order=z&range=1y&against=them&a_from=9&a_to=3&region=')).toString()).toBe('');
  });

  test('a value with a comma is one value', () => {
    expect(read('page=pages%2Fa%2C%2Cb,c').words.page).toEqual(['pages/a,b', 'c']);
  });

  test('metric and table change nothing of which records are asked for; range and filters do', () => {
    expect(askedOf(read('metric=request&where=url'))).toBe(askedOf(read('')));
    expect(askedOf(read('os=iOS'))).not.toBe(askedOf(read('')));
    expect(askedOf(read('range=24h'))).not.toBe(askedOf(read('')));
  });
});

describe('filters', () => {
  test('are added, taken away, and asked in the form of the API', () => {
    const words = withWord(withWord({}, 'region', '广东'), 'region', '北京');
    expect(words).toEqual({ region: ['广东', '北京'] });
    expect(withWord(words, 'region', '广东').region).toEqual(['北京', '广东']);
    expect(withWords(words, 'region', [])).toEqual({});
    const now = Date.UTC(2026, 10, 21);
    expect(questionOf({ range: { preset: '24h' }, words: { region: ['广东', '北京'], page: ['a,b'] } }, now, 'Asia/Shanghai')).toEqual({ from: now - day, to: now + 60_000, offset_minutes: 480, region: '广东,北京', page: 'a,,b' });
  });
  test('only some properties are filters, and some belong to one metric', () => {
    expect([isFilter('page'), isFilter('os'), isFilter('url'), isFilter('wechat'), isFilter('status')]).toEqual([true, true, true, false, false]);
    expect(dimensionsOf('request')).toContain('status');
    expect(dimensionsOf('startup')).not.toContain('url');
    expect(dimensionsOf('package')[0]).toBe('package');
    expect([narrowed(read('metric=lcp')), narrowed(read('os=iOS'))]).toEqual([false, true]);
  });
});

describe('what is compared', () => {
  const window = { from: 100 * day, to: 101 * day };
  const view = (address: string) => sidesOf(read(address), window, ['1.4.3', '1.4.2', '1.4.1']);
  test('the period before, as long as the range', () => expect(view('')).toEqual({ a_from: 99 * day, a_to: 100 * day, b_from: 100 * day, b_to: 101 * day }));
  test('the same hours and days of an earlier week, also of a range longer than one', () => {
    expect(view('against=week')).toMatchObject({ a_from: 93 * day, a_to: 94 * day });
    expect(sidesOf(read('against=week'), { from: 90 * day, to: 100 * day + 60_000 }, [])).toMatchObject({ a_from: 76 * day });
    // The minute that a preset looks ahead does not make a week longer than a week.
    expect(sidesOf(read('against=week'), { from: 90 * day, to: 97 * day + 60_000 }, [])).toMatchObject({ a_from: 83 * day });
  });
  test('another time, once it is chosen', () => {
    expect(view('against=custom')).toBeNull();
    expect(view('against=custom&a_from=5&a_to=9')).toMatchObject({ a_from: 5, a_to: 9 });
  });
  test.each([
    ['the newest two, if none is chosen', '', '1.4.2', '1.4.3'],
    ['the one before a chosen release', '&b=1.4.2', '1.4.1', '1.4.2'],
    ['the newest against a chosen one', '&a=1.4.2', '1.4.2', '1.4.3'],
    ['not with itself', '&a=1.4.3', '1.4.3', '1.4.2'],
    ['a release that nobody knows any more', '&a=1.0.0&b=1.0.1', '1.0.0', '1.0.1'],
  ])('releases: %s', (_, address, a_release, b_release) => expect(view(`against=release${address}`)).toMatchObject({ a_release, b_release, a_from: window.from, b_to: window.to }));
  test('one release is not two', () => expect(sidesOf(read('against=release'), window, ['1.4.3'])).toBeNull());
});

describe('buckets', () => {
  const at = (text: string) => Date.parse(`${text}+08:00`);
  const names = (interval: 'hour' | 'day' | 'week' | 'month', from: string, to: string) => {
    const { starts, end } = bucketsOf(interval, { from: at(from), to: at(to) }, 480);
    return [...starts, end].map((one) => new Date(one + 480 * 60_000).toISOString().slice(0, 13));
  };
  test('hours and days begin on the clock of the mini program', () => {
    expect(names('hour', '2026-11-21T07:30', '2026-11-21T09:00')).toEqual(['2026-11-21T07', '2026-11-21T08', '2026-11-21T09']);
    expect(names('day', '2026-11-20T07:30', '2026-11-21T00:01')).toEqual(['2026-11-20T00', '2026-11-21T00', '2026-11-22T00']);
  });
  test('weeks begin on Monday', () => {
    expect(names('week', '2026-11-15T23:59', '2026-11-16T00:01')).toEqual(['2026-11-09T00', '2026-11-16T00', '2026-11-23T00']);
  });
  test('months are as long as they are', () => {
    expect(names('month', '2025-12-31T23:59', '2026-03-01T00:00')).toEqual(['2025-12-01T00', '2026-01-01T00', '2026-02-01T00', '2026-03-01T00']);
  });
  test('the period before has the same places', () => {
    const buckets = bucketsOf('hour', { from: at('2026-11-21T07:30'), to: at('2026-11-21T10:00') }, 480);
    const before = bucketsOf('hour', beforeOf(buckets), 480);
    expect(before.starts).toEqual(buckets.starts.map((one) => one - 3 * hour));
  });
  test('what has no records is a gap', () => {
    expect(valuesOf({ starts: [0, 10, 20] }, [{ at: 20, name: '', count: 1, quantiles: figures(8) }, { at: 0, name: '', count: 1, quantiles: figures(4) }], 'p75')).toEqual([4, null, 8]);
  });
  test('lines stand by how frequent they are, the others last', () => {
    const point = (name: string, count: number) => ({ at: 0, name, count, quantiles: figures(1) });
    expect(namesOf([point('a', 1), point(othersName, 99), point('b', 3), point('a', 3)], othersName)).toEqual(['a', 'b', othersName]);
  });
});

describe('better or worse', () => {
  const side = (p75: number | null, count = 100) => ({ count, quantiles: p75 === null ? null : figures(p75) });
  test.each([
    ['lower is better', 80, 100, 'better', -0.2],
    ['higher is worse', 120, 100, 'worse', 0.2],
    ['what nobody perceives is the same', 102, 100, 'same', 0.02],
  ] as const)('%s', (_, now, before, verdict, share) => {
    const change = changeOf(side(now), side(before), 'p75');
    expect(change.verdict).toBe(verdict);
    expect(change.share).toBeCloseTo(share);
  });
  test('few records only hint; without a before there is nothing', () => {
    expect(changeOf(side(200, 29), side(100), 'p75').verdict).toBe('few');
    expect(changeOf(side(200), side(null, 0), 'p75').verdict).toBe('none');
    expect(changeOf(side(null, 0), side(100), 'p75').verdict).toBe('none');
  });
});

test('the last bar has no end, quantiles are named by their number', () => {
  expect(binsOf([{ from_ms: 0, to_ms: 10, count: 2 }, { from_ms: 10, to_ms: null, count: 1 }])).toEqual([{ from: 0, to: 10, count: 2 }, { from: 10, to: Infinity, count: 1 }]);
  expect(marksOf(figures(8)).map((one) => one.p)).toEqual([50, 75, 90, 95, 99]);
  expect(marksOf(null)).toEqual([]);
});

test('a heat map has a gap where nothing was measured', () => {
  const cell = (row: string, column: string, value: number) => ({ row, column, value, count: 1, grade: 'good' as const });
  expect(gridOf({ row_names: ['a', 'b'], column_names: ['0', '1'], cells: [cell('b', '0', 3), cell('a', '1', 2)] })).toEqual([
    [null, 2],
    [3, null],
  ]);
});

test('a waterfall begins with its earliest entry and names each first sight once', () => {
  const entry = (name: string, type: string, start_ms: number, duration_ms: number, more = {}) => ({ source: 'entry' as const, name, type, label: '', start_ms, duration_ms, bytes: null, failed: false, ...more });
  const { spans, moments } = spansOf([entry('loadPackage', 'loadPackage', -40, 30, { label: '__APP__' }), entry('route', 'navigation', 0, 200), entry('firstPaint', 'render', 150, 0), entry('firstPaint', 'render', 160, 0), entry('request', 'request', 20, 90, { label: 'GET /api/goods', failed: true, source: 'request' })]);
  expect(spans.map((one) => [one.name, one.start, one.duration, one.failed])).toEqual([
    ['loadPackage __APP__', 0, 30, false],
    ['route', 40, 200, false],
    ['firstPaint', 190, 0, false],
    ['firstPaint', 200, 0, false],
    ['request GET /api/goods', 60, 90, true],
  ]);
  expect(moments).toEqual([{ name: 'firstPaint', at: 190 }]);
});

test('values as people read them', () => {
  expect([wordOf('region', ''), wordOf('region', othersName), wordOf('device_level', 'low'), wordOf('page', 'low'), wordOf('build', 'trial')]).toEqual(['（无）', '其他', '低端机', 'low', '体验版']);
  expect([isWord(''), isWord(othersName), isWord('wifi')]).toEqual([false, false, true]);
  expect([deviceText({ brand: 'HUAWEI', model: 'ALN-AL00' }), deviceText({ brand: 'iPhone', model: 'iPhone 15' }), deviceText({ brand: '', model: '' })]).toEqual(['HUAWEI ALN-AL00', 'iPhone 15', '']);
});
