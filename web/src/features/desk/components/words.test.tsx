import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { marked } from '../pages/RecordsPage';
import { waitLevel } from './ConversationList';
import { customerName } from './customerName';
import { keepDraft, readDraft } from './settings';

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
