import { describe, expect, test } from 'vitest';
import type { FollowUp, Settings } from '../api/satisfaction';
import { funnelOf, moodsOf, seriesOf, spreadOf } from './figures';
import { filtersOf, followUpFiltersOf, followUpsOf, listedOf, withFilters } from './filters';
import { changeOf as followUpChange, changes, mayChange, pressureOf } from './followUp';
import { canonical, withWords, wordProblems } from './offer';
import { changeOf, isPage, problemsOf, withoutText, type Problem } from './settingsDraft';

const figures = (part: object = {}) => ({ key: '2026-11-21', closed: 20, askable: 16, asked: 12, delivered: 10, answered: 5, scores: { '1': 1, '2': 0, '3': 1, '4': 1, '5': 2 }, satisfaction: 0.6, answer_rate: 0.5, ...part });

describe('figures', () => {
  test('each step is a part of the first and of the one before', () => {
    expect(funnelOf(figures()).map(({ step, n, part, ofBefore }) => [step, n, part, ofBefore])).toEqual([
      ['closed', 20, 1, null],
      ['askable', 16, 0.8, 0.8],
      ['asked', 12, 0.6, 0.75],
      ['delivered', 10, 0.5, 10 / 12],
      ['answered', 5, 0.25, 0.5],
    ]);
  });
  test('of nothing there is no part', () => {
    const none = figures({ closed: 0, askable: 0, asked: 0, delivered: 0, answered: 0, scores: { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 } });
    expect(funnelOf(none).map(({ part, ofBefore }) => [part, ofBefore])).toEqual(Array.from({ length: 5 }, () => [0, null]));
    expect(spreadOf(none).every(({ part }) => part === 0)).toBe(true);
  });
  test('who was silent stands beside who answered', () => {
    expect(moodsOf(figures())).toEqual({ content: 3, fair: 1, low: 1, silent: 5 });
    const names = { content: '', fair: '', low: '', silent: '' };
    expect(seriesOf({ from: '2026-11-20', to: '2026-11-21' }, [figures()], names).map((one) => one.values)).toEqual([[0, 3], [0, 1], [0, 1], [0, 5]]);
  });
});

describe('filters in the address', () => {
  test('what makes no sense is left out', () => {
    expect(filtersOf(new URLSearchParams('group=7&agent=<b>&score=6&comment=perhaps&by=day'))).toEqual({ group: '7', agent: '', score: 0, comment: false, by: 'agent' });
    expect(followUpFiltersOf(new URLSearchParams('state=gone&owner=me&overdue=yes'))).toEqual({ state: 'open', owner: '', overdue: true });
    expect(followUpFiltersOf(new URLSearchParams('state=done&owner=nobody&overdue=yes'))).toEqual({ state: 'done', owner: 'nobody', overdue: false });
  });
  test('stand beside the days, and what is usual is not written', () => {
    expect(withFilters(new URLSearchParams('range=30d&by=group&score=5'), { by: 'agent', score: 2, comment: true, state: 'open' }).toString()).toBe('range=30d&score=2&comment=yes');
  });
  test('are asked of the server only where they are set', () => {
    expect(listedOf(filtersOf(new URLSearchParams('score=2&comment=yes')))).toEqual({ score: 2, with_comment: true });
    expect(followUpsOf(followUpFiltersOf(new URLSearchParams()))).toEqual({ state: 'open' });
  });
});

describe('a follow-up', () => {
  const followUp = { id: '1', version: 3, state: 'open', owner_id: '9', due_at: 100, note: '打了***电话' } as FollowUp;
  const reply = { reply: true, supervise: false };
  test.each([
    ['its owner', '9', '9', reply, true],
    ['somebody else', '9', '8', reply, false],
    ['anybody, of nobody’s', null, '8', reply, true],
    ['who supervises', '9', '8', { reply: true, supervise: true }, true],
    ['who may not answer customers', null, '8', { reply: false, supervise: true }, false],
  ])('may be changed by %s: %s', (_, owner_id, me, rights, may) => expect(mayChange({ owner_id }, me, rights)).toBe(may));
  test('is sent as far as it differs: a masked note stays as it is', () => {
    expect(followUpChange(followUp, {}, 'done')).toEqual({ version: 3, state: 'done' });
    expect(followUpChange(followUp, { owner_id: '8', due_at: 100, note: '已道歉' })).toEqual({ version: 3, owner_id: '8', note: '已道歉' });
    expect(changes(followUpChange(followUp, { owner_id: '9' }))).toBe(false);
  });
  test.each([
    ['open', 99, 'over'],
    ['open', 100, 'over'],
    ['open', 101, 'soon'],
    ['open', 100 + 5 * 3_600_000, 'later'],
    ['done', 0, 'done'],
  ] as const)('%s until %i: %s', (state, due_at, pressure) => expect(pressureOf({ state, due_at }, 100)).toBe(pressure));
});

describe('what counts as an answer', () => {
  test.each([
    [' 满意！', '满意'],
    ['ＯＫ', 'ok'],
    ['5?', '5?'],
    ['。', ''],
  ])('%s is %s', (text, same) => expect(canonical(text)).toBe(same));
  test.each([
    [[{ word: '好', score: 5 }, { word: '好。', score: 5 }], 5, { counts: 5 }],
    [[{ word: '好', score: 5 }, { word: ' 好', score: 4 }], 4, { counts: 5 }],
    [[{ word: '五', score: 1 }], 1, { counts: 5 }],
    [[{ word: '！', score: 3 }], 3, 'empty'],
    [[{ word: '长'.repeat(21), score: 3 }], 3, 'long'],
  ] as const)('%j', (words, score, problem) => expect(wordProblems([...words], score).map((one) => one.problem)).toEqual([problem]));
  test('words of one score are written anew, the others stay', () => {
    const words = [{ word: '好', score: 5 }, { word: '差', score: 1 }];
    expect(withWords(words, 5, ['好', ' 赞 ', '赞'])).toEqual([...words, { word: '赞', score: 5 }]);
    expect(withWords(words, 1, [])).toEqual([words[0]]);
  });
});

describe('settings', () => {
  const settings: Settings = {
    enabled: false,
    form: 'text',
    texts: [{ language: 'zh', text: '请评价' }, { language: 'en', text: 'Please rate' }],
    language: 'zh',
    words: [{ word: '好', score: 5 }, { word: '差', score: 1 }],
    card: { page: '', picture_id: '' },
    anonymous: false,
    follow_up: { score_max: 2, owner: 'agent', account_id: null, due_hours: 24 },
  };
  const card = { page: 'pages/rate/rate', picture_id: 'p' };
  test.each<[string, Partial<Settings>, Problem[]]>([
    ['as they are', {}, []],
    ['an empty text', { texts: [{ language: 'zh', text: ' ' }] }, ['texts']],
    ['a text of 300', { texts: [{ language: 'zh', text: '好'.repeat(300) }] }, []],
    ['a title of 65', { form: 'card', card, texts: [{ language: 'zh', text: '好'.repeat(65) }] }, ['texts']],
    ['a card of nothing', { form: 'card' }, ['page', 'cover']],
    ['a page elsewhere', { card: { ...card, page: 'https://a.cn/rate' } }, ['page']],
    ['the same word twice', { words: [...settings.words, { word: '好！', score: 4 }] }, ['words']],
    ['a member who is not named', { follow_up: { ...settings.follow_up, owner: 'account' } }, ['account']],
    ['an owner who must not know', { anonymous: true }, ['agent_anonymous']],
    ['no follow-ups while anonymous', { anonymous: true, follow_up: { ...settings.follow_up, score_max: 0 } }, []],
  ])('%s', (_, part, problems) => expect(problemsOf({ ...settings, ...part })).toEqual(problems));
  test.each([
    ['pages/rate/rate?from=a', true],
    ['/pages/rate', false],
    ['pages/评价', false],
    ['pages/a b', false],
    ['', false],
  ])('the page %s: %s', (page, is) => expect(isPage(page)).toBe(is));
  test('are sent as far as they differ', () => {
    expect(changeOf(settings, { enabled: false, words: settings.words.toReversed() })).toBeNull();
    expect(changeOf(settings, { enabled: true, form: 'text' })).toEqual({ enabled: true });
    expect(changeOf(settings, { follow_up: { ...settings.follow_up, due_hours: 48 } })).toEqual({ follow_up: { score_max: 2, owner: 'agent', due_hours: 48 } });
    expect(changeOf(settings, { follow_up: { ...settings.follow_up, owner: 'account', account_id: '9' } })).toEqual({ follow_up: { score_max: 2, owner: 'account', account_id: '9', due_hours: 24 } });
  });
  test('without the default language another is it', () => {
    expect(withoutText(settings, 'zh')).toEqual({ texts: [settings.texts[1]], language: 'en' });
    expect(withoutText(settings, 'en').language).toBe('zh');
  });
});
