import { expect, test } from 'vitest';
import { filled, preview, unknownVariable, type QueueTexts } from './queuePreview';

const texts: QueueTexts = {
  notices: true,
  position_text: '第 {position} 位',
  wait_text: '第 {position} 位，{wait} 分钟',
  busy_text: '人多',
  leave: false,
  leave_after_minutes: 10,
  answer_within_minutes: 240,
  offer_text: '回复1',
  closed_text: '下班了，回复1',
  ask_text: '请说',
  left_text: '{due} 前回复',
};

test('the preview says what the server would', () => {
  expect(preview(texts).map((one) => one.text)).toEqual(['第 3 位，4–8 分钟', '第 3 位', '人多\n第 3 位，4–8 分钟']);
  expect(preview({ ...texts, notices: false })).toEqual([]);
  const leaving = preview({ ...texts, leave: true });
  expect(leaving.map((one) => one.occasion)).toEqual(['usual', 'first', 'busy', 'waiting', 'closed', 'asked', 'left']);
  expect(leaving[2]!.text).toBe('人多\n第 3 位，4–8 分钟\n回复1');
  expect(leaving[6]!.text).toBe('11-24 10:00 前回复');
  expect(preview({ ...texts, notices: false, leave: true, leave_after_minutes: 0 }).map((one) => one.occasion)).toEqual(['busy', 'closed', 'asked', 'left']);
});

test('a variable that a text does not have is named', () => {
  expect(unknownVariable('wait_text', '{position} {wait}')).toBeUndefined();
  expect(unknownVariable('position_text', '{position} {wait}')).toBe('{wait}');
  expect(unknownVariable('busy_text', '{}')).toBe('{}');
  expect(filled('{wait} {else}')).toBe('4–8 {else}');
});
