import { describe, expect, test } from 'vitest';
import { parseWords, writeWords } from '@/shared/api/words';
import { chipsOf, filtersOf, onlyWord, questionOf, searchOf, withoutChip, withWord } from './filters';

const of = (query: string) => filtersOf(new URLSearchParams(query));

describe('a value of a filter', () => {
  test.each([
    ['PayOrder', { any: ['PayOrder'], not: false }],
    ['a,b', { any: ['a', 'b'], not: false }],
    ['!a,b', { any: ['a', 'b'], not: true }],
    ['a,,b', { any: ['a,b'], not: false }],
    ['a,,,b', { any: ['a,', 'b'], not: false }],
    ['', { any: [''], not: false }],
    ['!', { any: [''], not: true }],
  ])('%s', (text, words) => {
    expect(parseWords(text)).toEqual(words);
    expect(writeWords(words)).toBe(text);
  });
});

describe('the address', () => {
  test('nothing is events of the last day, and is written as nothing', () => {
    expect(of('')).toEqual({ kind: 'event', range: { preset: '24h' }, words: {}, text: '' });
    expect(searchOf(of('')).toString()).toBe('');
  });

  test.each(['kind=error&range=7d&name=TypeError&page=pages%2Fpay%2Findex&text=undefined', 'kind=log&from=1000&to=2000&level=%21debug%2Cinfo', 'person=382540669249388544', 'release='])('%s is read and written back', (query) => {
    expect(searchOf(of(query)).toString()).toBe(query);
  });

  test('what makes no sense is as if it were not there', () => {
    expect(of('kind=mystery&range=9y&from=5&to=3&unknown=1')).toEqual(of(''));
    expect(of('from=abc&to=9').range).toEqual({ preset: '24h' });
  });

  test('is asked of the API with the same words', () => {
    expect(questionOf(of('kind=error&range=1h&name=!a,b&text=x'), 10_000_000)).toEqual({ kind: 'error', from: 6_400_000, to: 10_060_000, name: '!a,b', text: 'x' });
    expect(questionOf(of('from=1000&to=2000'), 10_000_000)).toEqual({ kind: 'event', from: 1000, to: 2000 });
  });
});

describe('chips', () => {
  test('one for each value', () => {
    expect(chipsOf(of('name=a,b&level=!debug&text=x y'))).toEqual([
      { field: 'name', word: 'a', not: false },
      { field: 'name', word: 'b', not: false },
      { field: 'level', word: 'debug', not: true },
      { field: 'text', word: 'x y', not: false },
    ]);
  });

  test('removing one leaves the others; the last of a field takes the field along', () => {
    const filters = of('name=a,b&level=!debug&text=x');
    const [a, b, level, text] = chipsOf(filters);
    expect(searchOf(withoutChip(filters, a!)).toString()).toBe('name=b&level=%21debug&text=x');
    expect(searchOf(withoutChip(withoutChip(filters, a!), b!)).toString()).toBe('level=%21debug&text=x');
    expect(searchOf(withoutChip(filters, level!)).toString()).toBe('name=a%2Cb&text=x');
    expect(searchOf(withoutChip(filters, text!)).toString()).toBe('name=a%2Cb&level=%21debug');
    expect(chipsOf(filters)).toHaveLength(4);
  });

  test('a value is added once; after "all but" it begins anew', () => {
    expect(withWord(of('name=a'), 'name', 'b').words.name).toEqual({ any: ['a', 'b'], not: false });
    expect(withWord(of('name=a'), 'name', 'a').words.name).toEqual({ any: ['a'], not: false });
    expect(withWord(of('name=!a'), 'name', 'b').words.name).toEqual({ any: ['b'], not: false });
  });

  test('one person is followed alone, in the same kind and time', () => {
    expect(searchOf(onlyWord(of('kind=log&range=7d&name=a&text=x'), 'person', '7')).toString()).toBe('kind=log&range=7d&person=7');
  });
});
