import { describe, expect, test } from 'vitest';
import type { Channel } from '../api/channels';
import { channelFields, missing, partsOf, writtenOf } from './channelFields';

describe('what was written', () => {
  test('secrets go apart, lists and numbers are read, what is empty is left away', () => {
    expect(partsOf('email', { host: ' smtp.example.com ', from: 'ops@example.com', to: 'a@example.com，b@example.com\n\nc@example.com', username: ' ', password: 'x' })).toEqual({
      settings: { host: 'smtp.example.com', port: 465, security: 'tls', from: 'ops@example.com', to: ['a@example.com', 'b@example.com', 'c@example.com'] },
      secrets: { password: 'x' },
    });
  });
  test('pairs may hold the sign that divides them', () => {
    expect(partsOf('subscribe', { openid: 'o', template_id: 't', data: 'thing1={title}\nnote\nthing2=a=b' }).settings).toEqual({ openid: 'o', template_id: 't', data: { thing1: '{title}', thing2: 'a=b' } });
  });
  test('a webhook names its format as the API does', () => {
    expect(partsOf('webhook', { url: 'https://x' })).toEqual({ settings: { format: 'miniops' }, secrets: { url: 'https://x' } });
  });
  test('settings that the form does not know stay; what was emptied goes', () => {
    const stored = { format: 'text', mention_from: 'warning', mentioned: ['zhangsan'] };
    expect(partsOf('wecom_robot', { mentioned: '' }, stored)).toEqual({ settings: { format: 'text', mention_from: 'warning' }, secrets: {} });
  });
});

test.each([
  ['email', { host: 'h', port: 587, security: 'starttls', from: 'a@x', to: ['b@x', 'c@x'] }],
  ['subscribe', { openid: 'o', template_id: 't', data: { thing1: '{title}', time3: '{time}' } }],
  ['wecom_app', { corpid: 'c', agentid: 7, touser: ['@all'] }],
] as const)('%s: what is stored is shown, and stored again as it was', (kind, settings) => {
  expect(partsOf(kind, writtenOf({ settings } as unknown as Channel)).settings).toEqual(settings);
});

describe('what is missing', () => {
  test.each(Object.keys(channelFields) as (keyof typeof channelFields)[])('%s needs something', (kind) => expect(missing(kind, {}, {})).toBe(true));
  test('a stored secret is not asked for again', () => {
    expect(missing('wecom_robot', {}, { key: true })).toBe(false);
    expect(missing('wecom_robot', { key: ' ' }, {})).toBe(true);
  });
});
