import { beforeAll, expect, test } from 'vitest';
import { startI18n } from '@/i18n';
import { windowAt } from './windowAt';

beforeAll(() => startI18n('zh'));

const now = 1_790_000_000_000;
const minute = 60_000;
const hour = 60 * minute;

test.each<[number, number, string, string]>([
  [48 * hour - 1, 5, 'fine', '5 条 · 47 小时'],
  [2 * hour, 2, 'fine', '2 条 · 2 小时'],
  [2 * hour - 1, 5, 'low', '5 条 · 1 小时 59 分'],
  [30 * hour, 1, 'low', '1 条 · 30 小时'],
  [90_000, 2, 'low', '2 条 · 1:30'],
  [30 * hour, 0, 'over', '条数用完'],
  [0, 3, 'over', '已过时限'],
  [-hour, 0, 'over', '已过时限'],
])('%i ms and %i messages: %s, %s', (left, remaining, level, text) => {
  const budget = { expires_at: now + left, remaining, opened_by: 'message' as const };
  expect(windowAt(budget, now)).toEqual([level, text]);
});
