// What the parts of the pages decide: the address, what is marked, how far an export is, what is kept.
import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { filtersOf, openOf, questionOf, withFilters, withOpen } from './address';
import { excerpt, marked } from './marked';
import { doneOf } from './progress';
import { problemOf, shortened } from './retention';

const zone = 'Asia/Shanghai';
const search = (text: string) => new URLSearchParams(text);

describe('the address', () => {
  test('what is no condition is not taken for one', () => {
    const filters = filtersOf(search('q=退款&from=2026-10-01&to=gestern&agent=0&group=7&score=6&reason_id=x&tag=催办&customer_tag=VIP'));
    expect(filters).toEqual({ q: '退款', from: '2026-10-01', to: '', customer: '', group: '7', agent: '', score: '', reason_id: '', tag: '催办', customer_tag: 'VIP', source: '' });
  });

  test.each([
    ['', {}],
    ['q=退款&score=2', { text: '退款', score: 2 }],
    // Both days included, on the mini program's clock.
    ['from=2026-10-01&to=2026-10-01', { from: Date.parse('2026-09-30T16:00:00Z'), to: Date.parse('2026-10-01T16:00:00Z') }],
    ['to=2026-12-31', { to: Date.parse('2026-12-31T16:00:00Z') }],
    ['reason_id=3&tag=催办&customer_tag=VIP', { reason_id: '3', tag: '催办', customer_tag: 'VIP' }],
    ['customer=oABC&agent=12&source=pages/pay', { customer: 'oABC', agent: '12', source: 'pages/pay' }],
  ])('%s asks for %o', (text, question) => expect(questionOf(filtersOf(search(text)), zone)).toEqual(question));

  test('another question closes what was read, and what is emptied leaves the address', () => {
    expect(String(withFilters(search('q=a&open=12&seq=3&tag=x'), { tag: ' ', score: '1' }))).toBe('q=a&score=1');
    expect(openOf(search('open=12&seq=x'))).toEqual({ open: '12', seq: 0 });
    expect(openOf(search('open=../12'))).toEqual({ open: '', seq: 0 });
    expect(String(withOpen(search('q=a'), '12', 3))).toBe('q=a&open=12&seq=3');
  });
});

test('what was sought is marked, as text and not as a pattern', () => {
  const { container } = render(<p>{marked('价格 (含税) 是 a.b', '(含税) a.b')}</p>);
  expect([...container.querySelectorAll('mark')].map((one) => one.textContent)).toEqual(['(含税)', 'a.b']);
  expect(container.textContent).toBe('价格 (含税) 是 a.b');
});

test.each([
  ['短的全文', '全文', '短的全文'],
  [`${'前'.repeat(200)}退款${'后'.repeat(200)}`, '退款', `…${'前'.repeat(10)}退款${'后'.repeat(18)}…`],
  ['x'.repeat(40), '没有', `${'x'.repeat(30)}…`],
])('an excerpt has the word in it', (text, q, shown) => expect(excerpt(text, q, 30)).toBe(shown));

const asked = { text: '', agent: null, group: null, customer: '', reason_id: null, tag: '', customer_tag: '', source: '', score: null };
test.each([
  ['waiting', { ...asked, from: 100, to: 200 }, null, 0],
  ['running', { ...asked, from: 100, to: 200 }, 150, 50],
  ['running', { ...asked, from: 100, to: 200 }, 100, 99],
  ['running', { ...asked, from: null, to: 200 }, 150, null],
  ['running', null, null, null],
] as const)('an export that is %s is so far', (state, question, reached_at, percent) => expect(doneOf({ state, question, reached_at })).toBe(percent));

test.each([
  [0, 0, false],
  [0, 30, false],
  [30, 30, false],
  [30, 31, true],
  [30, 0, true],
])('messages for %i days and media for %i', (messages_days, media_days, problem) => expect(problemOf({ messages_days, media_days })).toBe(problem));

test.each([
  [0, 30, true],
  [30, 29, true],
  [30, 30, false],
  [30, 31, false],
  [30, 0, false],
])('from %i days to %i', (before, after, less) => expect(shortened({ messages_days: before, media_days: 0 }, { messages_days: after, media_days: 0 })).toBe(less));
