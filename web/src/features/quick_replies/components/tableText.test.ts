import { expect, test } from 'vitest';
import { tableText } from './tableText';

const bytes = (...all: number[]) => new Uint8Array(all).buffer;

test('UTF-8 with and without its mark, and what Excel in China writes', () => {
  expect(tableText(bytes(0xef, 0xbb, 0xbf, 0xe9, 0x80, 0x80))).toBe('退');
  expect(tableText(bytes(0xe9, 0x80, 0x80, 0x2c))).toBe('退,');
  expect(tableText(bytes(0xcd, 0xcb, 0xbf, 0xee))).toBe('退款');
  expect(tableText(bytes(0xff, 0xff))).toBeUndefined();
});
