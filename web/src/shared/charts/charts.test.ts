// What the charts compute before anything is drawn.
import { describe, expect, test } from 'vitest';
import { confidenceOf } from './confidence';
import { placeOf } from './Distribution';
import { gravest, groupsOf, type Mark } from './happenings';
import { heatOf } from './HeatMap';
import { bytesText, msText, percentText } from './numbers';
import { bucketAt, fillingOf, partAt } from './places';
import { intervalFor, rangeOf, startsOf, valuesOf, windowOf, writeRange, zoneOffset } from './ranges';
import { beforesOf, drawnOf, layerAt, layersOf, othersKey, pathOf, stretchesOf, sumsOf, topOf, type Series } from './series';
import { cell, csvOf } from './sheet';
import { cutText, linesOf, widthOf } from './text';
import { timeTicks, valueTicks } from './ticks';
import { lastOf } from './Waterfall';

const series = (...values: Series['values'][]): Series[] => values.map((one, index) => ({ key: `s${index}`, name: `S${index}`, values: one }));

describe('at most seven series', () => {
  test('seven are drawn as they are, each in a colour of its own', () => {
    const { drawn, left } = drawnOf(series([1], [2], [3], [4], [5], [6], [7]), true, 'others');
    expect(drawn.map((one) => one.key)).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
    expect(new Set(drawn.map((one) => one.color)).size).toBe(7);
    expect(left).toBe(0);
  });

  test('the smallest become one, and nothing is lost of their sum nor of the period before', () => {
    const many = series([1, 1], [20, 0], [30, 0], [40, 0], [2, null], [50, 0], [60, 0], [70, 0], [80, 0]).map((one) => ({ ...one, before: [1, 2] }));
    const { drawn } = drawnOf(many, true, 'others');
    expect(drawn.map((one) => one.key)).toEqual(['s1', 's2', 's3', 's5', 's6', 's7', 's8', othersKey]);
    expect(drawn.at(-1)).toMatchObject({ name: 'others', values: [3, 1], before: [2, 4] });
    expect(sumsOf(drawn, 2)).toEqual(sumsOf(many, 2));
  });

  test('durations do not add up: the rest is left to the table', () => {
    const { drawn, left } = drawnOf(series([1], [9], [8], [7], [6], [5], [4], [3], [2]), false, 'others');
    expect(drawn.map((one) => one.key)).toEqual(['s1', 's2', 's3', 's4', 's5', 's6', 's7']);
    expect(left).toBe(2);
  });

  test('a colour that is given stays', () => {
    expect(drawnOf([{ key: 'a', name: 'A', values: [1], color: 'red' }], true, 'others').drawn[0]!.color).toBe('red');
  });
});

describe('layers', () => {
  const layers = (stacked: boolean) => layersOf(drawnOf(series([1, null, 3], [10, 20, 0]), true, 'others').drawn, stacked);

  test('stacked: each stands on those before; what is not known lifts nothing', () => {
    expect(layers(true).map(({ from, to }) => ({ from, to }))).toEqual([
      { from: [0, 0, 0], to: [1, null, 3] },
      { from: [1, 0, 3], to: [11, 20, 3] },
    ]);
    expect(topOf(layers(true), [])).toBe(20);
    expect(topOf(layers(true), [{ values: [null, 25, 1] }])).toBe(25);
  });

  test('not stacked: all stand on zero', () => {
    expect(layers(false)[1]!.from).toEqual([0, 0, 0]);
  });

  test('what was pressed: the part of the stack, or the nearest line', () => {
    expect(layerAt(layers(true), 0, 0.5, 0, true)).toBe('s0');
    expect(layerAt(layers(true), 0, 5, 0, true)).toBe('s1');
    expect(layerAt(layers(true), 0, 12, 0, true)).toBeUndefined();
    expect(layerAt(layers(false), 0, 8, 3, false)).toBe('s1');
    expect(layerAt(layers(false), 0, 5, 3, false)).toBeUndefined();
    expect(layerAt(layers(false), 1, 0, 100, false)).toBe('s1');
  });

  test('a line has a gap where nothing is known', () => {
    expect(stretchesOf([null, 1, 2, null, 0, null])).toEqual([[1, 2], [4]]);
    expect(pathOf([1, 2], (index) => index * 10, (index) => index)).toBe('M10 1L20 2');
  });

  test('the period before: one line for a stack, one for each line', () => {
    const painted = drawnOf(
      series([1, 2], [3, 4]).map((one) => ({ ...one, before: [5, null] })),
      true,
      'others',
    ).drawn;
    expect(beforesOf(painted, true).map((one) => one.values)).toEqual([[10, null]]);
    expect(beforesOf(painted, false).map((one) => one.values)).toEqual([[5, null], [5, null]]);
    expect(beforesOf(drawnOf(series([1]), true, 'o').drawn, true)).toEqual([]);
  });
});

describe('axes', () => {
  test.each([
    [0, true, [0, 1]],
    [1, true, [0, 1]],
    [3, true, [0, 1, 2, 3]],
    [7, true, [0, 2, 4, 6, 8]],
    [97, true, [0, 25, 50, 75, 100]],
    [1_234_567, true, [0, 500_000, 1_000_000, 1_500_000]],
    [0.31, false, [0, 0.1, 0.2, 0.3, 0.4]],
  ])('values up to %f', (max, whole, ticks) => {
    expect(valueTicks(max, 4, whole)).toEqual(ticks);
  });

  test('every axis begins at zero and ends at or above what is drawn, for all magnitudes', () => {
    for (let max = 0.003; max < 1e9; max *= 1.7) {
      const ticks = valueTicks(max, 4, false);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)! * 1.000001).toBeGreaterThanOrEqual(max);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }
  });

  test('times are round on the mini program\'s clock; midnights say the day', () => {
    const from = Date.UTC(2026, 10, 20, 9, 20);
    const ticks = timeTicks({ from, to: from + 86_400_000 }, 8, 'Asia/Shanghai');
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks.filter((one) => one.isDay).map((one) => one.at)).toEqual([Date.UTC(2026, 10, 20, 16)]);
    for (const { at } of ticks) expect(new Date(at + 8 * 3_600_000).getUTCMinutes()).toBe(0);
  });
});

describe('places in time', () => {
  const buckets = { starts: [0, 100, 300], end: 400 };

  test('buckets are found, also unequal ones', () => {
    expect([-1, 0, 99, 100, 299, 300, 399, 400].map((at) => bucketAt(buckets, at))).toEqual([-1, 0, 0, 1, 1, 2, 2, -1]);
    expect(bucketAt({ starts: [], end: 5 }, 3)).toBe(-1);
  });

  test('buckets are equally wide', () => {
    expect(partAt(buckets, 0)).toBe(0);
    expect(partAt(buckets, 200)).toBe(0.5);
    expect(partAt(buckets, 400)).toBe(1);
    expect(partAt(buckets, 401)).toBeUndefined();
  });

  test('the last two minutes are still filling', () => {
    const minutes = { starts: [0, 60_000, 120_000, 180_000, 240_000], end: 300_000 };
    expect(fillingOf(minutes, 250_000)).toEqual([2, 4]);
    expect(fillingOf(minutes, 300_000)).toEqual([3, 4]);
    expect(fillingOf(minutes, 419_000)).toEqual([4, 4]);
    expect(fillingOf(minutes, 420_000)).toBeUndefined();
    expect(fillingOf({ starts: [0, 3_600_000], end: 7_200_000 }, 4_000_000)).toEqual([1, 1]);
  });

  test('marks that would cover each other share a place; those outside have none', () => {
    const mark = (at: number, kind: Mark['kind'] = 'release', level?: Mark['level']): Mark => ({ at, kind, level, text: `${at}` });
    const groups = groupsOf([mark(395), mark(390, 'incident'), mark(10), mark(500)], buckets, 600);
    expect(groups.map((one) => one.marks.map(({ at }) => at))).toEqual([[10], [390, 395]]);
    expect(gravest(groups[1]!.marks).kind).toBe('incident');
    expect(gravest([mark(1, 'alert', 'info'), mark(2, 'alert', 'critical'), mark(3)]).at).toBe(2);
  });
});

describe('ranges', () => {
  const of = (text: string) => rangeOf(new URLSearchParams(text), '24h');

  test('from the address and back; what makes no sense is the default', () => {
    expect(of('')).toEqual({ preset: '24h' });
    expect(of('range=7d')).toEqual({ preset: '7d' });
    expect(of('range=900y')).toEqual({ preset: '24h' });
    expect(of('from=10&to=20')).toEqual({ from: 10, to: 20 });
    expect(of('from=20&to=10')).toEqual({ preset: '24h' });
    const search = new URLSearchParams('query=x&range=7d');
    writeRange(search, { from: 1, to: 2 }, '24h');
    expect(search.toString()).toBe('query=x&from=1&to=2');
    writeRange(search, { preset: '24h' }, '24h');
    expect(search.toString()).toBe('query=x');
    writeRange(search, { preset: '1h' }, '24h');
    expect(search.toString()).toBe('query=x&range=1h');
  });

  test('buckets of local days, with the zeros between', () => {
    const window = { from: Date.UTC(2026, 0, 1, 20), to: Date.UTC(2026, 0, 3, 1) };
    const starts = startsOf(window, 86_400_000, zoneOffset('Asia/Shanghai', window.to));
    expect(starts).toEqual([Date.UTC(2026, 0, 1, 16), Date.UTC(2026, 0, 2, 16)]);
    expect(valuesOf(starts, [{ at: starts[1]!, count: 4 }])).toEqual([0, 4]);
    expect(windowOf({ preset: '1h' }, 3_600_000)).toEqual({ from: 0, to: 3_660_000 });
    expect([1, 24, 7 * 24, 30 * 24, 3000 * 24].map((hours) => intervalFor(hours * 3_600_000))).toEqual(['minute', '15m', 'hour', 'day', 'day']);
  });

  test('zones', () => {
    expect(zoneOffset('Asia/Shanghai', 0)).toBe(480);
    expect(zoneOffset('America/St_Johns', Date.UTC(2026, 0, 1))).toBe(-210);
    expect(zoneOffset('Mars/Olympus', 0)).toBe(0);
  });
});

describe('beside the drawing', () => {
  test('CSV: numbers as numbers, quotes doubled, formulas as text, nothing for nothing', () => {
    expect(csvOf({ head: ['时间', 'a"b'], rows: [[cell('=1+1'), cell('—', null)], [cell('x'), cell('1,234', 1234.5)]] })).toBe('"时间","a""b"\r\n"\'=1+1",\r\n"x",1234.5\r\n');
  });

  test('words are cut to their room', () => {
    expect(widthOf('中文')).toBe(24);
    expect(cutText('pages/goods/detail', 200)).toBe('pages/goods/detail');
    const cut = cutText('页面名称很长很长', 50);
    expect(cut.endsWith('…')).toBe(true);
    expect(widthOf(cut)).toBeLessThanOrEqual(50);
  });

  test('numbers', () => {
    expect([0.4, 999, 1500, 90_000].map(msText)).toEqual(['0.4 ms', '999 ms', '1.5 s', '1.5 min']);
    expect([0, 1023, 1536, 70_000_000].map(bytesText)).toEqual(['0 B', '1023 B', '1.5 KB', '67 MB']);
  });

  test.each([
    [0, 100, '0%'],
    [5, 0, '0%'],
    [1, 4, '25%'],
    [1, 3, '33.3%'],
    [1, 1000, '0.1%'],
    [1, 3000, '0.03%'],
    [1, 1_000_000, '<0.01%'],
    [999_999, 1_000_000, '>99.99%'],
    [10, 10, '100%'],
  ])('%i of %i is %s', (part, whole, text) => expect(percentText(part, whole)).toBe(text));

  test('confidence: losses of this kind and of whole requests; sampling is no loss', () => {
    const entry = (fate: string, reason: string, category: string, count: number) => ({ fate, reason, category, count, client: '', example: '' }) as Parameters<typeof confidenceOf>[0][number];
    const ledger = [
      entry('client_dropped', 'queue_overflow', 'log', 3),
      entry('client_dropped', 'sampled', 'log', 50),
      entry('refused', 'over_quota', '', 2),
      entry('quarantined', 'no_body', 'log_item', 1),
      entry('quarantined', 'no_value', 'performance', 100),
      entry('deduplicated', 'sent_again', 'log', 7),
      entry('sampled', 'rate', 'log', 5),
    ];
    expect(confidenceOf(ledger, 'log')).toEqual({ lost: 6, sampled: 55 });
  });
});

describe('other forms', () => {
  test('a heat map is full at the 95th percentile: one giant does not make the others pale', () => {
    const { full, heat } = heatOf([...Array.from({ length: 99 }, (_, index) => index + 1), 100_000, null]);
    expect(full).toBe(96);
    expect([heat(0), heat(48), heat(100_000)]).toEqual([0, 0.5, 1]);
    expect(heatOf([null]).heat(3)).toBe(0);
  });

  test('a quantile stands inside of its bin', () => {
    const bins = [{ from: 0, to: 10, count: 1 }, { from: 10, to: 110, count: 1 }];
    expect([0, 5, 60, 110, 111].map((value) => placeOf(bins, value))).toEqual([0, 0.25, 0.75, 1, undefined]);
  });

  test('labels that would cover each other stand on lines of their own', () => {
    expect(linesOf([{ x: 0, text: 'p50 100 ms' }, { x: 20, text: 'p75 120 ms' }, { x: 40, text: 'p90 130 ms' }, { x: 300, text: 'p95 1 s' }])).toEqual([0, 1, 2, 0]);
    expect(linesOf([])).toEqual([]);
  });

  test('a waterfall ends with its last span or moment', () => {
    expect(lastOf([{ key: 'a', name: 'a', kind: 'k', start: 5, duration: 10 }], [{ at: 40 }])).toBe(40);
    expect(lastOf([])).toBe(1);
  });
});
