import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, setLanguage, startI18n } from '@/i18n';
import type { Answer, Warning } from '../api/routing';
import { shownOf, type Shown } from './drafts';
import { agentSentence, comparedSentence, findDrafted, findStored, obstacleSentence, queueSentence, warningSentence, type Candidate, type Compared } from './sentences';
import { freshTarget, targetOf, targetWords } from './target';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('teams');
});

const names = { group: (id: string) => (id === '7' ? '售后组' : '默认客服组'), skill: () => '退款', agent: (id: string) => (id === '9' ? '王芳' : `账号 ${id}`) };
const rule: Shown = shownOf({ id: '55', name: '退款', enabled: true, condition: { any: [{ field: 'text', op: 'has', value: ['退款', '退货'] }, { field: 'level', op: 'at_least', value: 3 }] }, target: { group: '7' } } as never);
const both = async (say: () => string) => {
  await setLanguage('zh', false);
  const zh = say();
  await setLanguage('en', false);
  return [zh, say()];
};

test('rules are found by their ids, written ones by their number', () => {
  expect(findStored([rule])('55')).toBe(rule);
  expect(findStored([rule])('1')).toBeUndefined();
  expect(findDrafted([rule])('1')).toBe(rule);
  expect(findDrafted([rule])('2')).toBeUndefined();
});

describe('which queue', () => {
  const queue = (part: Partial<Answer['queue']>) => ({ rule: '55', group: '7', priority: 100, considered: [], cut: false, ...part }) as Answer['queue'];
  test('by a rule', async () => {
    expect(await both(() => queueSentence(queue({}), findStored([rule]), names, i18next.t))).toEqual(['进入售后组的队列：规则“退款”适用。优先级 100。', 'Goes to the queue of 售后组: the rule “退款” matches. Priority 100.']);
  });
  test('by none', async () => {
    expect(await both(() => queueSentence(queue({ rule: null, group: '1', priority: 0 }), findStored([rule]), names, i18next.t))).toEqual(['没有规则适用，进入默认客服组的队列。优先级 0。', 'No rule matches: goes to the queue of 默认客服组. Priority 0.']);
  });
});

describe('each comparison says what was seen', () => {
  const compared = (part: Partial<Compared>): Compared => ({ index: 0, field: 'text', op: 'has', seen: '退货', held: true, trusted: true, ...part });
  test.each<[Partial<Compared>, string, string]>([
    [{}, '客户的消息 含有 “退款”或“退货”：找到了“退货”', 'What they write has “退款” or “退货”: “退货” was found'],
    [{ seen: '', held: false }, '客户的消息 含有 “退款”或“退货”：没有找到', 'What they write has “退款” or “退货”: was not found'],
    [{ index: 1, field: 'level', op: 'at_least', seen: '5' }, '客户等级 至少 3：等级是 5', 'Level at least 3: the level is 5'],
    // The rule was changed meanwhile: only what the server tells.
    [{ index: 7, field: 'waiting', op: 'at_least', seen: '90' }, '已等待 至少：已等待 90 秒', 'Waited at least: has waited 90 s'],
    [{ index: 7, field: 'open', op: 'is', seen: 'false' }, '现在 是：现在不是工作时间', 'Now is: it is not working time'],
    [{ index: 7, field: 'time', op: 'outside', seen: 'within' }, '当前时间 不在：现在在这段时间内', 'Time outside: it is within these hours'],
    [{ index: 7, field: 'tag', op: 'has', seen: '' }, '客户标签 含有：没有这些标签', 'Tags has: has none of these tags'],
    [{ index: 7, field: 'page', op: 'is', seen: 'pages/cart', trusted: false }, '来源页面 是：手机上报的是“pages/cart”，没有签名', 'Page they came from is: the phone says “pages/cart”, which is not signed'],
    [{ index: 7, field: 'signed_parameter', op: 'is', key: 'vip', seen: '1' }, '签名参数 “vip” 是：实际是“1”', 'Signed parameter “vip” is: it is “1”'],
    [{ index: 7, field: 'language', op: 'is', seen: '' }, '客户语言 是：没有提供', 'Language is: nothing is known'],
    [{ index: 7, field: 'mood', op: 'is', seen: 'good' }, 'mood is：good', 'mood is: good'],
  ])('%j', async (part, zh, en) => {
    expect(await both(() => comparedSentence(compared(part), rule, i18next.t))).toEqual([zh, en]);
  });
});

describe('who', () => {
  const agents = (part: Partial<Answer['agents']>) => ({ agent: '9', why: 'least_busy', overflow: 0, candidates: [], left_out: 0, ...part }) as Answer['agents'];
  test.each<[Partial<Answer['agents']>, string, string]>([
    [{}, '由王芳接待：在合适的客服里最空闲。', '王芳 gets the customer: the least busy of those who can.'],
    [{ why: 'last_agent', overflow: 2 }, '由王芳接待：7 天内接待过这位客户。用到了溢出的第 2 步。', '王芳 gets the customer: had them within 7 days. By step 2 of overflow.'],
    [{ agent: null, why: null, overflow: 1 }, '现在没有人能接待，客户在队列里等待。溢出已经到了第 1 步。', 'Nobody can answer now: the customer waits in the queue. Step 1 of overflow has come.'],
  ])('%j', async (part, zh, en) => expect(await both(() => agentSentence(agents(part), names, i18next.t))).toEqual([zh, en]));

  const candidate = (part: Partial<Candidate>): Candidate => ({ account_id: '9', obstacle: null, presence: 'online', skill: null, load: 5, limit: 5, ...part });
  test.each<[Partial<Candidate>, string]>([
    [{}, '由他接待'],
    [{ obstacle: 'taken' }, '可以接待，但分给了别人'],
    [{ obstacle: 'full' }, '已满：5/5'],
    [{ obstacle: 'away', presence: 'busy' }, '不在线：忙碌'],
    [{ obstacle: 'skill', skill: '3' }, '缺少技能“退款”或级别不够'],
    [{ obstacle: 'language' }, '不会客户的语言'],
    [{ obstacle: 'off_duty' }, '现在不当班'],
    [{ obstacle: 'other_group' }, '不在这些组里'],
  ])('%j', async (part, zh) => expect((await both(() => obstacleSentence(candidate(part), names, i18next.t)))[0]).toBe(zh));
});

test('a warning names the other rule, the group or the skill', async () => {
  const warning = (part: Partial<Warning>) => ({ rule: '56', kind: 'unreachable', other: '55', group: null, skill: null, ...part }) as Warning;
  const say = (part: Partial<Warning>) => () => warningSentence(warning(part), findStored([rule]), names, i18next.t);
  expect((await both(say({})))[0]).toBe('永远轮不到它：“退款”已经先接走了它能匹配的全部会话');
  expect((await both(say({ kind: 'empty_group', other: null, group: '7' })))[1]).toBe('Nobody is in 售后组: customers who are sent there go on waiting');
});

test('a target in words: what is as usual goes without saying', async () => {
  const target = targetOf({ ...freshTarget('7'), skills: [{ skill: '3', level: 2 }], priority: 100, last_agent_first: false, strategy: 'round_robin', overflow: [{ after_s: 60, groups: ['1'], drop_skills: true, drop_language: false }] });
  expect(await both(() => targetWords(target, names, i18next.t))).toEqual([
    '分到售后组 · 需要“退款”2 级以上 · 轮流 · 优先级 +100 · 等 60 秒后也可以由默认客服组接待、不再要求技能',
    'to 售后组 · needs “退款” at level 2 or more · In turn · priority +100 · after 60 s also 默认客服组, skills not needed',
  ]);
});
