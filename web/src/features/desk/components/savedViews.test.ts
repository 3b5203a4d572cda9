import { beforeAll, expect, test } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import type { Conversation } from '../api/cache';
import { closesSoon } from './ComposerHints';
import { inSaved, type SavedFilter } from './savedViews';
import { cleaned } from './ViewEditor';
import { viewText } from './viewText';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('workbench');
});

const now = 100_000_000;
const minutes = (n: number) => n * 60_000;
const one = { state: 'active', group_id: '3', assignee: { id: '7', display_name: '小王' }, tags: ['退款'], reason: { id: '9', name: '售后' }, waiting_since: now - minutes(10), budget: { remaining: 3, expires_at: now + minutes(90) }, priority: 5, unread: 2 } as Conversation;

test.each<[SavedFilter, boolean, Partial<Conversation>?]>([
  [{}, true],
  [{ state: 'active' }, true],
  [{ state: 'waiting' }, false],
  [{ agent: 'me' }, true],
  [{ agent: '8' }, false],
  [{ agent: 'none' }, false],
  [{ agent: 'none' }, true, { assignee: null }],
  [{ group_id: '3', tag: '退款', reason_id: '9' }, true],
  [{ group_id: '1' }, true, { group_id: undefined }],
  [{ tag: '退' }, false],
  [{ reason_id: '9' }, false, { reason: null }],
  [{ waiting_minutes: 10 }, true],
  [{ waiting_minutes: 11 }, false],
  [{ waiting_minutes: 1 }, false, { waiting_since: null }],
  [{ window_minutes: 90 }, true],
  [{ window_minutes: 89 }, false],
  [{ window_minutes: 90 }, false, { budget: { remaining: 0, expires_at: now - 1 } as Conversation['budget'] }],
  [{ priority: 5 }, true],
  [{ priority: 6 }, false],
  [{ unread: true }, false, { unread: 0 }],
  [{ left_message: true }, false],
  [{ left_message: true }, true, { left_due_at: now + minutes(60) }],
  [{ state: 'active', agent: 'me', unread: true, priority: 6 }, false],
])('%j: %s', (filter, expected, part) => expect(inSaved({ ...one, ...part }, filter, '7', now)).toBe(expected));

test('what asks for nothing is not stored, nor what closed ones cannot be asked', () => {
  expect(cleaned({ state: 'active', tag: undefined, unread: false, priority: 3 })).toEqual({ state: 'active', priority: 3 });
  expect(cleaned({ state: 'closed', tag: '退款', waiting_minutes: 5, unread: true, left_message: true })).toEqual({ state: 'closed', tag: '退款' });
});

test('in words', () => {
  const names = { group: (id: string) => `组${id}`, agent: (id: string) => `客服${id}`, reason: (id: string) => `原因${id}` };
  expect(viewText({}, names)).toBe('进行中和等待中');
  expect(viewText({ state: 'waiting', agent: 'none', group_id: '3', tag: '退款', window_minutes: 120, unread: true, left_message: true }, names)).toBe('等待接入 · 没有客服 · 组3 · #退款 · 时限 ≤ 120 分钟 · 有未读消息 · 客户有留言');
  expect(viewText({ agent: '8', reason_id: '9' }, names)).toBe('进行中和等待中 · 客服8 · 原因9');
});

test.each([
  [minutes(121), 3, 'active', false],
  [minutes(120), 3, 'active', true],
  [minutes(1), 1, 'waiting', true],
  [minutes(1), 0, 'active', false],
  [-1, 3, 'active', false],
  [minutes(1), 3, 'closed', false],
])('a window of %i ms with %i left, %s: closes soon %s', (left, remaining, state, expected) => expect(closesSoon({ state, budget: { remaining, expires_at: now + left } } as Conversation, now)).toBe(expected));
