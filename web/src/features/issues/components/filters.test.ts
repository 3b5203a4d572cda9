import { describe, expect, test } from 'vitest';
import { filtersOf, narrowed, questionOf, searchOf, trendOf } from './filters';
import { changesOf } from './history';

const read = (address: string) => filtersOf(new URLSearchParams(address));

describe('the address holds the filters', () => {
  test.each([
    '',
    'range=30d',
    'state=found%2Cfixed&kind=js&severity=P0%2CP1',
    'release=1.4.2&assignee=me&text=price',
    'ignored=only&sort=users',
    'from=1000&to=2000&state=all',
  ])('%s', (address) => expect(searchOf(read(address)).toString()).toBe(address));

  test('what nobody knows is left away', () => {
    expect(searchOf(read('state=found,gone&kind=x&severity=P9&ignored=maybe&sort=name&range=2y')).toString()).toBe('state=found');
  });

  test.each([
    ['', false],
    ['range=30d&sort=users', false],
    ['ignored=yes', false],
    ['ignored=only', true],
    ['text=price', true],
    ['state=all', true],
  ])('"%s" narrows: %s', (address, expected) => expect(narrowed(read(address))).toBe(expected));
});

describe('the question', () => {
  const now = 1_800_000_000_000;
  test('without filters: what is unresolved, of a week', () => {
    expect(questionOf(read(''), now)).toEqual({ from: now - 7 * 86_400_000, to: now + 60_000, state: 'open', ignored: 'no', sort: 'last_seen' });
  });
  test('all states are named one by one, also beside others', () => {
    expect(questionOf(read('state=fixed,all'), now).state).toBe('found,classified,located,fixed,released');
  });
  test('only what was asked is sent', () => {
    expect(questionOf(read('from=1000&to=2000&kind=js,api&assignee=none&release=1.0'), now)).toEqual({ from: 1000, to: 2000, state: 'open', ignored: 'no', sort: 'last_seen', kind: 'js,api', assignee: 'none', release: '1.0' });
  });
});

describe('a trend', () => {
  test('has a bar for each interval, those without events, too', () => {
    expect(trendOf([{ at: 0, events: 2 }, { at: 20, events: 5 }], { from: 0, to: 40 }, 10)).toEqual([2, 0, 5, 0]);
  });
  test('what begins before the range belongs to its first bar, what ends after it to its last', () => {
    expect(trendOf([{ at: -5, events: 1 }, { at: 3, events: 1 }, { at: 40, events: 7 }], { from: 0, to: 35 }, 10)).toEqual([2, 0, 0, 7]);
  });
  test('is never empty and never longer than can be drawn', () => {
    expect(trendOf([], { from: 0, to: 1 }, 10)).toEqual([0]);
    expect(trendOf([], { from: 0, to: 1_000_000 }, 10)).toHaveLength(200);
  });
});

describe('a step of the history', () => {
  test.each([
    ['a person', { assignee: null }, { assignee: { id: '1', name: '王开发' } }, ['assignee']],
    ['nothing but what is another now', { state: 'found', severity: 'P1' }, { state: 'fixed', severity: 'P1' }, ['state']],
    ['null is as good as nothing', {}, { fixed_in: null, tracker_url: 'https://x' }, ['tracker_url']],
    ['of a merge', { issues: ['1'] }, { issues: ['1', '2'] }, []],
  ])('%s', (_, from, to, fields) => expect(changesOf({ from, to }).map((one) => one.field)).toEqual(fields));
});
