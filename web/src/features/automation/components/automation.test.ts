import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import type { QuickReply } from '@/shared/quick_replies/quickReplies';
import { rowsOf, type AnyStep } from '@/shared/quick_replies/stepRows';
import type { Rule } from '../api/automation';
import { bodyOf, changesOf, draftOf, kindsAt, newDraft, problemOf, ready, triable, type Draft } from './draft';
import { filtersOf, queryOf, searchOf } from './filters';
import { comparedWords, warningWords, whenWords } from './words';

const text = { field: 'text', op: 'has', value: ['退款'] };
const rule = (part: Partial<Rule> = {}): Rule => ({ id: '5', version: 2, position: 0, name: '退款', enabled: true, when: { event: 'opened', score_max: 5 }, condition: text, actions: [{ kind: 'add_tag', tag: '退款' }], paused_at: null, warnings: [], updated_by: 'boss', updated_at: 1, ...part });
const replies = [{ id: '2', scope: 'shared', content: '您好', picture_id: 'p' } as QuickReply];
const draft = (part: Partial<Draft> = {}): Draft => ({ ...draftOf(rule()), ...part });
const steps = (...all: AnyStep[]) => rowsOf(all);

describe('what is written', () => {
  test.each<[string, Partial<Draft>, object]>([
    ['an event alone', { event: 'opened', minutes: 30 }, { event: 'opened' }],
    ['after some time', { event: 'waiting', minutes: 30 }, { event: 'waiting', minutes: 30 }],
    ['a score', { event: 'scored', score: 2 }, { event: 'scored', score_max: 2 }],
  ])('%s', (_, part, when) => expect(bodyOf(draft(part)).when).toEqual(when));

  test('only what was changed is sent', () => {
    expect(changesOf(draft(), draft())).toBeNull();
    expect(changesOf(draft(), draft({ name: '退款 ', minutes: 99 }))).toBeNull();
    expect(changesOf(draft(), draft({ name: '换货', condition: null }))).toEqual({ name: '换货', condition: null });
    expect(changesOf(draft(), draft({ event: 'closed' }))).toEqual({ when: { event: 'closed' } });
  });

  test.each<[string, Partial<Draft>, boolean]>([
    ['a rule', {}, true],
    ['for every conversation', { condition: null }, true],
    ['a comparison without its value', { condition: newDraft().condition }, false],
    ['no action', { rows: [] }, false],
    ['no time', { event: 'waiting', minutes: null }, false],
    ['a time', { event: 'waiting', minutes: 2880 }, true],
    ['too long a time', { event: 'customer_silent', minutes: 2881 }, false],
    ['three messages', { rows: steps({ kind: 'send_reply', quick_reply_id: '2' }, { kind: 'send_text', text: '好' }) }, true],
    ['four', { rows: steps({ kind: 'send_reply', quick_reply_id: '2' }, { kind: 'send_reply', quick_reply_id: '2' }) }, false],
    ['a message to whom has gone', { event: 'closed', rows: steps({ kind: 'send_text', text: '好' }) }, false],
    ['a tag then', { event: 'closed' }, true],
  ])('can be tried: %s', (_, part, can) => expect(triable(draft(part), replies)).toBe(can));
  test('without a name it is not saved', () => expect([ready(draft(), replies), ready(draft({ name: ' ' }), replies)]).toEqual([true, false]));
});

test('of a closed conversation only what needs no customer', () => {
  expect(kindsAt('closed')).toEqual(['note', 'add_tag', 'remove_tag', 'set_level', 'set_priority', 'notify_supervisor']);
  expect(kindsAt('opened')).toContain('close');
  expect(problemOf({ kind: 'park' }, 'closed', replies)).toBe('closed');
  expect(problemOf({ kind: 'park' }, 'parked', replies)).toBeUndefined();
});

test('the address holds the filters of the log', () => {
  const filters = filtersOf(new URLSearchParams('rule=5&outcome=fired&conversation=x'));
  expect(filters).toEqual({ rule: '5', outcome: 'fired', conversation: '' });
  expect(queryOf(filters)).toEqual({ rule_id: '5', outcome: 'fired', conversation_id: undefined });
  expect(searchOf(filters).toString()).toBe('rule=5&outcome=fired');
  expect(filtersOf(new URLSearchParams('outcome=sneezed')).outcome).toBe('');
});

describe('in words', () => {
  const t = i18next.t;
  beforeAll(async () => {
    await startI18n('zh');
    for (const part of ['automation', 'teams', 'quick_replies'] as const) await loadStrings(part);
  });
  test.each<[Rule['when'], string]>([
    [{ event: 'closed' }, '会话结束'],
    [{ event: 'waiting', minutes: 10 }, '客户等了 10 分钟还没有人回复'],
    [{ event: 'customer_silent', minutes: 2880 }, '客服回复后，客户 2 天没有回话'],
    [{ event: 'scored', score_max: 5 }, '客户评分'],
    [{ event: 'scored', score_max: 2 }, '客户评分不高于 2 分'],
  ])('%o', (when, words) => expect(whenWords(when, t)).toBe(words));
  test('what looks wrong', () => {
    expect(warningWords({ kind: 'matches_everything', action: null }, { event: 'opened' }, t)).toBe('没有条件限制：每次“会话开始”都会执行');
    expect(warningWords({ kind: 'broken', action: 1 }, { event: 'opened' }, t)).toBe('第 2 个操作用到的内容已删除，执行时会被拒绝');
  });
  test('what was compared, with its values as long as they are the ones', () => {
    const compared = { index: 0, field: 'text', op: 'has', key: '', held: false };
    expect(comparedWords(compared, text, t)).toBe('客户的消息 含有 “退款”');
    expect(comparedWords(compared, undefined, t)).toBe('客户的消息 含有');
    expect(comparedWords({ ...compared, field: 'signed_parameter', op: 'set', key: 'vip' }, text, t)).toBe('签名参数 “vip” 有');
  });
});
