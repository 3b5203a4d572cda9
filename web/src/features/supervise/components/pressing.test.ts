import { expect, test } from 'vitest';
import { byLoad, byPressing, fits, put, worksIn, type Agent, type Conversation } from './pressing';

const now = 1_800_000_000_000;
const of = (id: string, more: Partial<Conversation> = {}) => ({ id, state: 'active', version: 1, last_message_at: now, ...more }) as Conversation;
const mark = (due_at: number | null, more = {}) => ({ service_levels: [{ kind: 'next_answer', level: 'none', paused: false, due_at, left_ms: 0, ...more }] }) as unknown as Partial<Conversation>;

test('what is due first comes first, then who waits, then what was said last', () => {
  const list = [
    of('old', { last_message_at: now - 10 }),
    of('new'),
    of('waits', { waiting_since: now - 5 }),
    of('waits longer', { waiting_since: now - 50 }),
    of('paused', mark(now - 99, { paused: true })),
    of('due', mark(now + 60_000)),
    of('late', mark(now - 1)),
  ];
  expect(list.toSorted(byPressing).map((one) => one.id)).toEqual(['late', 'due', 'waits longer', 'waits', 'paused', 'new', 'old']);
});

test.each([
  ['all', '', '', ['a', 'b', 'c']],
  ['nobody', '', '', ['c']],
  ['late', '', '', ['a', 'b']],
  ['all', '1', '', ['a']],
  ['all', '', '7', ['c']],
  ['late', '', '7', []],
] as const)('%s of agent "%s" in group "%s"', (show, agent, group, ids) => {
  const who = (id: string) => ({ assignee: { id, display_name: id } });
  const list = [of('a', { ...who('1'), ...mark(now - 1) }), of('b', { ...who('2'), ...mark(now + 1, { level: 'most' }) }), of('c', { group_id: '7', ...mark(now + 1, { level: 'half' }) })];
  expect(list.filter((one) => fits(one, { show, agent, group }, now)).map((one) => one.id)).toEqual(ids);
});

test('a live change replaces what is older, and a closed conversation goes', () => {
  const list = [of('a', { version: 3 }), of('b')];
  expect(put(list, of('a', { version: 2 }))).toBe(list);
  expect(put(list, of('a', { version: 4 }))[0]!.version).toBe(4);
  expect(put(list, of('b', { state: 'closed' })).map((one) => one.id)).toEqual(['a']);
  expect(put(list, of('c')).map((one) => one.id)).toEqual(['a', 'b', 'c']);
  expect(put(list, of('d', { state: 'closed' }))).toBe(list);
});

test('who is online and has the least room comes first', () => {
  const agent = (display_name: string, presence: Agent['presence'], load: number) => ({ display_name, presence, load, load_max: 10 }) as Agent;
  const list = [agent('away', 'away', 9), agent('free', 'online', 1), agent('full', 'online', 10), agent('busy', 'busy', 10)];
  expect(list.sort(byLoad).map((one) => one.display_name)).toEqual(['full', 'free', 'busy', 'away']);
});

test('who is in no group works in the default one', () => {
  expect(worksIn([], (group) => group === '1')).toBe(true);
  expect(worksIn([], (group) => group === '7')).toBe(false);
  expect(worksIn(['7', '8'], (group) => group === '8')).toBe(true);
});
