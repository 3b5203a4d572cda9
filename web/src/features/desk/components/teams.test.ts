import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { setLanguage, startI18n } from '@/i18n';
import type { Schemas } from '@/shared/api/client';
import { tiersOf } from '@/shared/teams/teams';
import { actorOf, eventText, noteText, whyOf } from './eventText';
import { presenceKey, presenceOf } from './presenceKey';
import { groupLoads, named, whoFirst } from './transfer';

beforeAll(() => startI18n('zh'));

describe('a choice of presence', () => {
  test.each([
    ['online', { presence: 'online' }],
    ['away:lunch', { presence: 'away', reason: 'lunch' }],
    ['busy:盘点: 库房', { presence: 'busy', reason: '盘点: 库房' }],
  ])('%s', (key, body) => {
    expect(presenceOf(key)).toEqual(body);
    expect(presenceKey(body.presence as 'online', 'reason' in body ? body.reason! : '')).toBe(key);
  });
});

describe('an event in words', () => {
  const names = { group: (id: string) => `组${id}`, agent: (id: string) => (id === '9' ? '王芳' : undefined) };
  const event = (part: object) => ({ kind: 'assigned', actor_kind: 'system', ...part });
  test.each([
    [{ kind: 'routed', to: '7', actor_kind: 'rule', actor_name: '退款' }, '按分配规则“退款”分到组7', 'Routed to 组7 by the rule “退款”'],
    [{ kind: 'routed', to: '7', actor_kind: 'system', actor_name: 'group_deleted' }, '移到组7', 'Moved to 组7'],
    [{ kind: 'closed', to: 'unresolved', actor_kind: 'agent' }, '会话结束：未解决', 'Closed: not resolved'],
    [{ kind: 'closed', to: '' }, '会话结束', 'Closed'],
    [{ kind: 'transferred', to: 'group:7', actor_kind: 'agent' }, '转接到组7', 'Transferred to 组7'],
    [{ kind: 'transferred', to: '9' }, '转接给王芳', 'Transferred to 王芳'],
    [{ kind: 'escalated', to: 'group:7', note: 'waiting' }, '升级到组7：等待太久', 'Escalated to 组7: waited too long'],
    [{ kind: 'escalated', from: '9', to: 'group:7', note: 'assigned' }, '升级到组7：接待太久', 'Escalated to 组7: worked on for too long'],
    [{ kind: 'assigned', to: '9', note: 'last_agent' }, '分配给王芳', 'Assigned to 王芳'],
    [{ kind: 'assigned', to: '10' }, '分配', 'Assigned'],
    [{ kind: 'service_level', from: 'first_answer', to: 'most' }, '首次响应：将超时', 'First answer: nearly used up'],
    [{ kind: 'service_level', from: 'something', to: 'most' }, 'service_level', 'service_level'],
    [{ kind: 'survey_asked' }, '邀请客户评价', 'Customer asked for a score'],
    [{ kind: 'rated', to: '4', actor_kind: 'customer' }, '客户评了 4 分', 'Customer scored 4 of 5'],
    [{ kind: 'rated', to: '', actor_kind: 'customer' }, '客户已评价', 'Customer gave a score'],
    [{ kind: 'supervisor_notified', actor_kind: 'rule' }, '通知主管', 'Supervisors told'],
    [{ kind: 'rating_comment', actor_kind: 'customer' }, '客户留言说明评价', 'Customer commented on the score'],
    [{ kind: 'something_new' }, 'something_new', 'something_new'],
  ])('%j', async (part, zh, en) => {
    await setLanguage('zh', false);
    expect(eventText(event(part), names, i18next.t)).toBe(zh);
    await setLanguage('en', false);
    expect(eventText(event(part), names, i18next.t)).toBe(en);
  });
  test('who did it, and what was written to it', () => {
    const told = event({ kind: 'supervisor_notified', actor_kind: 'rule', actor_name: '等久了', note: '等了 10 分钟' });
    expect([actorOf(told), noteText(told, i18next.t)]).toEqual(['等久了', '等了 10 分钟']);
    expect(actorOf(event({ kind: 'routed', actor_kind: 'rule', actor_name: '退款' }))).toBe('');
    expect(noteText(event({ kind: 'closed', actor_kind: 'rule', note: 'automation' }), i18next.t)).toBe('');
  });
  test('why it was this agent', () => {
    expect(whyOf(event({ note: 'round_robin' }))).toBe('round_robin');
    expect(whyOf(event({ note: '请跟进' }))).toBeUndefined();
    expect(whyOf(event({ kind: 'transferred', note: 'last_agent' }))).toBeUndefined();
  });
});

describe('to whom a conversation may be handed', () => {
  const agent = (display_name: string, presence: string, load: number, load_max = 10) => ({ account_id: display_name, display_name, presence, load, load_max }) as Schemas['Agent'];
  test('who is there comes first, then who has room', () => {
    const list = [agent('d', 'offline', 0), agent('c', 'away', 0), agent('b', 'online', 5), agent('a', 'online', 1, 2), agent('e', 'online', 2)];
    expect(list.sort(whoFirst).map((one) => one.display_name)).toEqual(['e', 'a', 'b', 'c', 'd']);
  });
  test('a name is found by a part of it', () => {
    expect(named('Wang Fang', ' fang')).toBe(true);
    expect(named('王芳', '李')).toBe(false);
    expect(named('王芳', '')).toBe(true);
  });
  test('tiers are offered where there are two', () => {
    const group = (id: string, tier: 'ordinary' | 'expert') => ({ id, tier });
    expect(tiersOf([group('1', 'ordinary'), group('7', 'ordinary')])).toEqual([]);
    expect(tiersOf([group('1', 'expert'), group('7', 'ordinary'), group('8', 'expert')])).toEqual([{ tier: 'ordinary', ids: ['7'] }, { tier: 'expert', ids: ['1', '8'] }]);
  });
  test('who works where, and how many wait', () => {
    const roster = [{ groups: [], presence: 'online' as const }, { groups: [{ group_id: '7' }, { group_id: '8' }], presence: 'online' as const }, { groups: [{ group_id: '7' }], presence: 'away' as const }];
    const open = [{ stage: 'queued' as const, group_id: '7' }, { stage: 'assigned' as const, group_id: '7' }, { stage: 'queued' as const }];
    const of = groupLoads(roster, open);
    expect(of('1')).toEqual({ online: 1, queued: 1 });
    expect(of('7')).toEqual({ online: 1, queued: 1 });
    expect(of('8')).toEqual({ online: 1, queued: 0 });
  });
});
