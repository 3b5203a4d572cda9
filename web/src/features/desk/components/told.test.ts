import { beforeAll, expect, test } from 'vitest';
import i18next from 'i18next';
import { loadStrings, startI18n } from '@/i18n';
import { withName } from './naming';
import { toldOf } from './told';

beforeAll(async () => {
  if (!i18next.isInitialized) await startI18n('zh');
  await loadStrings('supervise');
});

const transfer = (outcome: string) => ({ conversation_id: '9', outcome, from_id: '1', from_name: '小王', to_id: '2', to_name: '小李' });

test.each([
  ['mention', { conversation_id: '9', kind: 'consult', from_name: '小王', account_ids: ['2'] }, '2', '小王 向您咨询'],
  ['mention', { conversation_id: '9', kind: 'mention', from_name: '小王', account_ids: ['2'] }, '3', undefined],
  ['mention', { conversation_id: '9', kind: 'news', from_name: '小王', account_ids: ['2'] }, '2', undefined],
  ['whisper', { conversation_id: '9', account_id: '2', from_name: '主管' }, '2', '主管 的悄悄话'],
  ['whisper', { conversation_id: '9', account_id: '2', from_name: '主管' }, '1', undefined],
  ['transfer', transfer('asked'), '2', '小王 想把一个会话转给您'],
  ['transfer', transfer('asked'), '1', undefined],
  ['transfer', transfer('accepted'), '1', '小李 接受了转接'],
  ['transfer', transfer('accepted'), '2', undefined],
  ['transfer', transfer('declined'), '1', '小李 谢绝了转接，会话还在您这里'],
  ['transfer', transfer('expired'), '2', '转接已过时，会话还在 小王 那里'],
  ['transfer', transfer('withdrawn'), '2', '小王 撤回了转接'],
  ['transfer', transfer('taken_over'), '1', '小李 接管了您的会话'],
  ['transfer', transfer('taken_over'), '2', undefined],
  ['agent_reminded', { conversation_id: '9', outcome: 'reminded', agent_id: '1', agent_name: '小王' }, '1', '有一位客户在等您回复'],
  ['agent_reminded', { conversation_id: '9', outcome: 'reminded', agent_id: '1', agent_name: '小王' }, '2', undefined],
  ['agent_reminded', { conversation_id: '9', outcome: 'returned', agent_id: '1', agent_name: '小王' }, '1', '您一直没有回复，会话已回到队首'],
  ['agent_silent', { conversation_id: '9', outcome: 'returned', agent_id: '1', agent_name: '小王' }, '2', '小王 一直没有回复，会话已回到队首'],
  ['agent_silent', { conversation_id: '9', outcome: 'returned', agent_id: '1', agent_name: '小王' }, '1', undefined],
  ['transfer', { ...transfer('escalated'), to_id: '0', to_name: '专家组' }, '1', '您的一个会话接待太久，已升级到专家组'],
  ['conversation', {}, '1', undefined],
] as const)('%s %j tells %s: %s', (topic, data, me, title) => {
  expect(toldOf(topic, data, me, i18next.t)?.title).toBe(title);
});

test.each([
  ['@', '小李', '@小李 '],
  ['请看 @', '小李', '请看 @小李 '],
  ['请看', '小李', '请看 @小李 '],
  ['', '小李', '@小李 '],
])('"%s" names %s', (text, name, written) => expect(withName(text, name)).toBe(written));
