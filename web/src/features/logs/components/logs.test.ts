// What the page of logs computes: its address, queries, the tail, what matched.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../api/logs';
import { askedOf, kindOf, questionOf, searchOf, sources, viewOf } from './address';
import { barsOf, bucketsOf, countsOf, partsOf, stepFor } from './bars';
import { cellOf, fieldOf, lineText, propertiesOf } from './columns';
import { lineTime, piecesOf } from './formats';
import { beginTail, linesOf, pause, resume, tailMax, took, type Row } from './tail';
import { charactersOf, notOf, quoted, termOf, unitsOf, withTerm } from './terms';

const of = (text: string) => viewOf(new URLSearchParams(text));

describe('the address', () => {
  test('holds the whole state, and only what is not as usual', () => {
    expect(searchOf(of('')).toString()).toBe('');
    const whole = 'query=level%3Aerror&source=custom&level=warn&from=1000&to=2000&columns=page%2Cproperties.order&wrap=1&tail=1&fields=1&field=page&open=3-1-2%2C3-1-3&context=3-1-2&within=miniprogram&since=1.4.2';
    expect(searchOf(of(whole)).toString()).toBe(whole);
  });

  test('what makes no sense is left out', () => {
    expect(searchOf(of('source=nothing&level=loud&range=1y&from=9&to=3&within=world&open=,,')).toString()).toBe('');
  });

  test('no columns at all is a choice, too', () => {
    expect(of('columns=').columns).toEqual([]);
    expect(searchOf(of('columns=')).toString()).toBe('columns=');
    expect(of('').columns).toBeNull();
  });

  test('the question: a preset ends a minute ahead, what is empty is not asked', () => {
    expect(questionOf(of('range=1h'), 10_000_000)).toEqual({ source: 'log', from: 6_400_000, to: 10_060_000 });
    expect(questionOf(of('from=1&to=2&query=x&level=error&source=run'), 5)).toEqual({ query: 'x', source: 'run', level: 'error', from: 1, to: 2 });
  });

  test('how lines are shown does not ask anew; what is looked for does', () => {
    expect(askedOf(of('wrap=1&columns=page&open=1-1-1&tail=1'))).toBe(askedOf(of('')));
    for (const other of ['query=a', 'source=run', 'level=warn', 'range=1h']) expect(askedOf(of(other))).not.toBe(askedOf(of('')));
  });

  test('every source is of a kind of record', () => {
    expect(sources.map(kindOf)).toEqual(['log', 'log', 'log', 'performance', 'event', 'error', 'error']);
  });
});

describe('terms', () => {
  test.each([
    ['error', 'error'],
    ['pages/pay/index', 'pages/pay/index'],
    ['1.4.2', '1.4.2'],
    ['下单失败', '下单失败'],
    ['two words', '"two words"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['a\\b', '"a\\\\b"'],
    ['-5', '"-5"'],
    ['/x/', '"/x/"'],
    ['OR', '"OR"'],
    ['a:b', '"a:b"'],
    ['全\u3000角', '"全\u3000角"'],
    ['', '""'],
  ])('%s is written %s', (text, written) => expect(quoted(text)).toBe(written));

  test('numbers of properties stay numbers, words that look like numbers stay words', () => {
    expect(termOf('properties.order', 7)).toBe('properties.order:7');
    expect(termOf('properties.order id', '7 8')).toBe('"properties.order id":"7 8"');
    expect(termOf('region', '')).toBe('-region:*');
    expect(notOf('level:warn')).toBe('-level:warn');
    expect(notOf('-level:warn')).toBe('level:warn');
  });

  test('added once; its opposite goes; a choice keeps together', () => {
    expect(withTerm('', 'level:warn')).toBe('level:warn');
    expect(withTerm('下单', 'level:warn')).toBe('下单 level:warn');
    expect(withTerm('下单 level:warn', 'level:warn')).toBe('下单 level:warn');
    expect(withTerm('下单 level:warn', '-level:warn')).toBe('下单 -level:warn');
    expect(withTerm('-level:warn', 'level:warn')).toBe('level:warn');
    expect(withTerm('a OR b', 'level:warn')).toBe('(a OR b) level:warn');
    expect(withTerm('"a OR b"', 'level:warn')).toBe('"a OR b" level:warn');
  });

  test('characters are not UTF-16 units', () => {
    expect(unitsOf('a😀b', 2)).toBe(3);
    expect(charactersOf('a😀b', 3)).toBe(2);
  });
});

describe('what matched', () => {
  test('is marked by characters, in order, also where ranges overlap or go beyond the end', () => {
    expect(piecesOf('😀下单失败', [[3, 9], [1, 1], [1, 2]])).toEqual([
      { text: '😀', marked: false },
      { text: '下', marked: true },
      { text: '单', marked: true },
      { text: '失败', marked: true },
    ]);
    expect(piecesOf('abc', [])).toEqual([{ text: 'abc', marked: false }]);
  });

  test('times to the millisecond, on the mini program\'s clock', () => {
    expect(lineTime(Date.UTC(2026, 10, 21, 16, 3, 5, 7), 'Asia/Shanghai')).toBe('11-22 00:03:05.007');
    expect(lineTime(0, 'Asia/Shanghai', false)).toBe('08:00:00.000');
    expect(lineTime(0, 'No/Where', false)).toMatch(/^\d\d:00:00\.000$|^\d\d:30:00\.000$/);
  });
});

describe('columns', () => {
  const line = { device: { brand: 'Apple', model: 'iPhone 15' }, scene: 0, page: 'pages/pay', level: 'warn', tag: '', text: '耗时 7', properties: { order: { id: 7, tags: ['a'] }, '': 'x', none: null } } as unknown as LogLine;

  test('nested properties by their path; lists as they are', () => {
    expect(propertiesOf(line.properties)).toEqual([['order.id', 7], ['order.tags', '["a"]'], ['', 'x'], ['none', 'null']]);
    expect(cellOf(line, 'properties.order.id')).toBe('7');
    expect(cellOf(line, 'properties.nothing')).toBe('');
  });

  test('fields', () => {
    expect(cellOf(line, 'device')).toBe('Apple iPhone 15');
    expect(fieldOf(line, 'scene')).toBe('');
    expect(lineText(line, '08:00')).toBe('08:00 WARN 耗时 7');
  });
});

describe('the live tail', () => {
  const answer = (ids: string[], skipped = false) => ({ items: ids.map((id) => ({ id })), tail_cursor: `after ${ids[0] ?? 'nothing'}`, skipped });
  const ids = (rows: Row<{ id: string }>[]) => rows.map((row) => ('line' in row ? row.line.id : 'gap'));

  test('the newest above; the same line once; the cursor moves on', () => {
    let tail = took(beginTail('begin'), answer(['2', '1']));
    tail = took(tail, answer(['3', '2']));
    expect(ids(tail.rows)).toEqual(['3', '2', '1']);
    expect(tail.cursor).toBe('after 3');
    expect(took(tail, { ...answer([]), tail_cursor: null }).cursor).toBe('after 3');
  });

  test('while paused, lines wait and what is shown stays; they come when it goes on', () => {
    let tail = pause(took(beginTail('begin'), answer(['1'])));
    tail = took(took(tail, answer(['2'])), answer(['3', '2']));
    expect(ids(tail.rows)).toEqual(['1']);
    expect(linesOf(tail.held)).toBe(2);
    expect(ids(resume(tail).rows)).toEqual(['3', '2', '1']);
    expect(resume(tail).paused).toBe(false);
  });

  test('what came too fast is a gap between the lines', () => {
    const tail = took(took(beginTail('begin'), answer(['1'])), answer(['9', '8'], true));
    expect(ids(tail.rows)).toEqual(['9', '8', 'gap', '1']);
    expect(tail.gaps).toBe(1);
  });

  test('a list that grows for hours is bounded', () => {
    let tail = beginTail('begin');
    for (let n = 0; n < 30; n += 1) tail = took(tail, answer(Array.from({ length: 400 }, (_, index) => `${n}-${index}`)));
    expect(tail.rows).toHaveLength(tailMax);
    expect(ids(tail.rows)[0]).toBe('29-0');
  });
});

describe('the histogram', () => {
  const hour = 3_600_000;

  test('intervals are those the server knows, and few enough', () => {
    expect([60_000, hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour].map(stepFor)).toEqual([1000, 60_000, 900_000, 10_800_000, 86_400_000]);
  });

  test('parts: the newest first, cut between bars, nothing twice and nothing left out', () => {
    const window = { from: Date.UTC(2026, 10, 1, 3, 17), to: Date.UTC(2026, 10, 8, 4, 2) };
    const buckets = bucketsOf(window, stepFor(window.to - window.from), 480);
    const parts = partsOf(window, buckets);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts[0]!.to).toBe(window.to);
    expect(parts.at(-1)!.from).toBe(window.from);
    parts.slice(1).forEach((part, index) => {
      expect(part.to).toBe(parts[index]!.from);
      expect(buckets.starts).toContain(part.to);
    });
    expect(partsOf({ from: 0, to: hour }, bucketsOf({ from: 0, to: hour }, 60_000, 0))).toEqual([{ from: 0, to: hour }]);
  });

  test('levels in their order; what is not answered yet is not known, what is answered without lines is nothing', () => {
    const buckets = { starts: [0, 100, 200, 300], end: 400 };
    const series = barsOf(buckets, [{ part: { from: 200, to: 380 }, items: [{ at: 200, count: 5, levels: { error: 2, debug: 2, '': 1 } }] }]);
    expect(series).toEqual([
      { key: 'debug', values: [null, null, 2, 0] },
      { key: 'error', values: [null, null, 2, 0] },
      { key: '', values: [null, null, 1, 0] },
    ]);
  });

  test('an interval that begins a little off ours is not lost', () => {
    const buckets = { starts: [100, 200], end: 300 };
    const items = [90, 130, 250, 300].map((at) => ({ at, count: 1, levels: { info: 1 } }));
    expect(countsOf(buckets, items, (item) => item.count)).toEqual([2, 1]);
  });
});
