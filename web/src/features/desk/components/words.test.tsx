import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Schemas } from '@/shared/api/client';
import { marked } from '../pages/RecordsPage';
import { waitLevel } from './ConversationList';
import { customerName } from './customerName';
import { matching } from './QuickReplyMenu';
import { keepDraft, readDraft } from './settings';

const reply = (shortcut: string, title: string, content: string) => ({ id: shortcut, shortcut, title, content, scope: 'shared' }) as Schemas['QuickReply'];

test('quick replies: the shortcut first, then the title, then the text', () => {
  const replies = [reply('tui', '退款', '三天内到账'), reply('x', '发货说明', '……'), reply('fa', '发票', '一个工作日'), reply('z', '其他', '发了一张')];
  expect(matching(replies, 'fa').map((one) => one.shortcut)).toEqual(['fa']);
  expect(matching(replies, '发').map((one) => one.shortcut)).toEqual(['x', 'fa', 'z']);
  expect(matching(replies, '')).toHaveLength(4);
  expect(matching(replies, 'nothing')).toEqual([]);
});

test('what was sought is marked, as text and not as a pattern', () => {
  const { container } = render(<p>{marked('价格 (含税) 是 a.b', '(含税) a.b')}</p>);
  expect([...container.querySelectorAll('mark')].map((one) => one.textContent)).toEqual(['(含税)', 'a.b']);
  expect(container.textContent).toBe('价格 (含税) 是 a.b');
});

describe('the service level', () => {
  test.each([
    [0, 'fresh'],
    [59_999, 'fresh'],
    [60_000, 'soon'],
    [300_000, 'late'],
  ])('%i ms is %s', (ms, level) => expect(waitLevel(ms)).toBe(level));
});

test('customers without a name are told apart', () => {
  expect(customerName({ nickname: '林小满', openid: 'oABCDEFG' })).toBe('林小满');
  expect(customerName({ nickname: '', openid: 'oABCDEFG' })).toMatch(/DEFG$/);
});

test('a draft is kept, and gone when it is empty', () => {
  keepDraft('1', '一半');
  expect(readDraft('1')).toBe('一半');
  expect(readDraft('2')).toBe('');
  keepDraft('1', '');
  expect(localStorage.length).toBe(0);
});
