import { describe, expect, test } from 'vitest';
import { filled, mistakeOf, type Values } from './variables';

const values: Values = { 'customer.nickname': '林小满', 'agent.name': '王芳' };

describe('filled in', () => {
  test.each([
    ['您好', '您好'],
    ['{{customer.nickname}}您好，我是{{ agent.name }}', '林小满您好，我是王芳'],
    ['{{customer.nickname|亲}}', '林小满'],
    ['来自{{conversation.source|小程序}}', '来自小程序'],
    ['来自{{conversation.source}}。', '来自。'],
    ['{{date|{一}|二}}', '{一}|二'],
    ['{{nothing}}', '{{nothing}}'],
  ])('%s', (text, shown) => expect(filled(text, values)).toBe(shown));

  test('what a value says is no variable', () => expect(filled('{{customer.nickname}}', { 'customer.nickname': '{{agent.name}}' })).toBe('{{agent.name}}'));
});

describe('what is wrong', () => {
  test.each([
    ['{{customer.nickname', 1, 'open'],
    ['您好😀{{agent.name {{date}}', 4, 'open'],
    ['{{date}} {{name}}', 10, 'unknown'],
    ['{{}}', 1, 'unknown'],
    [`{{date|${'长'.repeat(65)}}}`, 1, 'fallback'],
    ['{{date}}'.repeat(21), 161, 'many'],
  ])('%s', (text, position, why) => expect(mistakeOf(text)).toEqual({ position, why }));

  test.each([`{{date|${'😀'.repeat(64)}}}`, '{{date}}'.repeat(20), '一个 { 和 }}', ''])('nothing: %s', (text) => expect(mistakeOf(text)).toBeUndefined());
});
