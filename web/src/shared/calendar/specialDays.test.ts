import { expect, test } from 'vitest';
import { kindOf, pasteDays, withDays } from './specialDays';

const unnamed = { worked: '调休', closed: '休息' };

test.each([
  ['2026-10-01 国庆节 休', [{ date: '2026-10-01', name: '国庆节', spans: [] }]],
  ['2026年10月1日至2026年10月3日 国庆节 放假', ['2026-10-01', '2026-10-02', '2026-10-03'].map((date) => ({ date, name: '国庆节', spans: [] }))],
  ['2026/10/10，国庆调休，班', [{ date: '2026-10-10', name: '国庆调休', as: 'mon' }]],
  ['2026.2.28 ~ 2026.3.1 Spring Festival closed', ['2026-02-28', '2026-03-01'].map((date) => ({ date, name: 'Spring Festival', spans: [] }))],
  ['2026-10-10 调休', [{ date: '2026-10-10', name: '调休', as: 'mon' }]],
])('%s', (text, days) => expect(pasteDays(text, 'mon', unnamed)).toEqual({ days, wrong: [] }));

test.each(['2026-02-30 元宵 休', '2026-10-01 国庆节', '10月1日 国庆节 休', '2026-10-03 至 2026-10-01 国庆节 休', '2026-01-01 至 2026-12-31 全年 休', '1999-01-01 元旦 休', 'what'])('%s is not guessed', (text) =>
  expect(pasteDays(`\n${text}\n`, 'mon', unnamed)).toEqual({ days: [], wrong: [{ line: 2, text }] }),
);

test('what is pasted takes the place of the same date, in order', () => {
  const kept = [
    { date: '2026-10-10', name: '团建', spans: [] },
    { date: '2026-01-01', name: '元旦', spans: [] },
  ];
  expect(withDays(kept, pasteDays('2026-10-10 调休 班', 'fri', unnamed).days)).toEqual([kept[1], { date: '2026-10-10', name: '调休', as: 'fri' }]);
});

test('the kinds of a special day', () => {
  expect(kindOf({ date: '2026-10-01', name: 'a' })).toBe('closed');
  expect(kindOf({ date: '2026-10-01', name: 'a', as: 'mon' })).toBe('as');
  expect(kindOf({ date: '2026-10-01', name: 'a', spans: [{ from: '09:00', to: '12:00' }] })).toBe('spans');
});
