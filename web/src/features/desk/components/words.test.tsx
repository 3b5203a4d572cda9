import { describe, expect, test } from 'vitest';
import { waitLevel } from './ConversationList';
import { customerName } from './customerName';

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
