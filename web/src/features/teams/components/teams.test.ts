import { describe, expect, test } from 'vitest';
import type { Group } from '@/shared/teams/teams';
import { cleanLanguages, isLanguage, withGroup, withoutGroup, withSkill } from './agentEdits';
import { filtersOf, narrowed, queryOf, searchOf } from './agentFilters';
import { changeOf, same } from './edits';
import { linesOf, nobody, questionAbout, questionOf } from './facts';
import { busyComplete, escalating, removable, savable, withSet } from './groupEdits';
import { exampleOf, reasonsOf } from './points';
import { daysBack, daysOf, placeOf, totals } from './stays';

describe('what differs from what is stored', () => {
  const stored = { version: 4, name: '售后', calendar: { time_zone: 'UTC', days: { mon: [{ from: '09:00', to: '18:00' }] } } };
  test.each<[object, object | null]>([
    [{}, null],
    [{ name: '售后' }, null],
    [{ name: undefined }, null],
    [{ calendar: { days: { mon: [{ to: '18:00', from: '09:00' }] }, time_zone: 'UTC', special: undefined } }, null],
    [{ name: '售前' }, { name: '售前', version: 4 }],
    [{ name: '售后', calendar: { time_zone: 'UTC', days: {} } }, { calendar: { time_zone: 'UTC', days: {} }, version: 4 }],
  ])('%j', (edits, expected) => expect(changeOf(stored, edits)).toEqual(expected));
  test.each<[unknown, unknown, boolean]>([
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [null, {}, false],
    [{ a: [] }, { a: [] }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
  ])('%j and %j: %s', (a, b, expected) => expect(same(a, b)).toBe(expected));
});

describe('a group', () => {
  const group = { id: '7', version: 1, name: '售后', busy: { set: 'off', from_waiting: 0, limit_percent: 150 }, tier: 'ordinary', escalation: { waiting_minutes: 0, assigned_minutes: 0 } } as Group;
  test('automatic busy mode begins with somebody in the queue', () => {
    expect(withSet(group.busy, 'automatic')).toEqual({ set: 'automatic', from_waiting: 1, limit_percent: 150 });
    expect(withSet({ ...group.busy, from_waiting: 9 }, 'on').from_waiting).toBe(9);
    expect(busyComplete({ set: 'automatic', from_waiting: 0, limit_percent: 150 })).toBe(false);
    expect(busyComplete({ set: 'on', from_waiting: 0, limit_percent: 99 })).toBe(false);
  });
  test('a name is needed', () => {
    expect(savable(group, { name: ' ' })).toBe(false);
    expect(savable(group, { name: '售前' })).toBe(true);
  });
  test('what goes up by itself', () => {
    expect(escalating(group)).toEqual([]);
    const set = { tier: group.tier, escalation: { waiting_minutes: 10, assigned_minutes: 60 } };
    expect(escalating(set)).toEqual(['waiting_minutes', 'assigned_minutes']);
    expect(escalating({ ...set, tier: 'expert' })).toEqual([]);
    expect(savable(group, { escalation: { waiting_minutes: 10_081, assigned_minutes: 0 } })).toBe(false);
    expect(savable(group, { escalation: { waiting_minutes: 10, assigned_minutes: 0 } })).toBe(true);
  });
  test('who is in the default group for want of another cannot be taken out', () => {
    expect(removable({ groups: [] }, '1')).toBe(false);
    expect(removable({ groups: [{ group_id: '1' }] }, '1')).toBe(true);
  });
});

describe('an agent', () => {
  test.each([['zh', true], ['zh_CN', true], ['en-US', true], ['z', false], ['中文', false], ['zh CN', false], ['a'.repeat(17), false]])('"%s" is a language: %s', (text, expected) => expect(isLanguage(text)).toBe(expected));
  test('languages are each there once', () => expect(cleanLanguages([' zh ', 'zh', '中文', 'en'])).toEqual(['zh', 'en']));
  test('a skill is added, then gets another level', () => {
    const one = withSkill([], '3', 3);
    expect(withSkill(one, '3', 5)).toEqual([{ skill_id: '3', level: 5 }]);
  });
  test('a shift is set and taken back; a group is left', () => {
    const shift = { time_zone: 'UTC', days: {} };
    const groups = withGroup(withGroup([], '7'), '8', shift);
    expect(groups).toEqual([{ group_id: '7', shift: null }, { group_id: '8', shift }]);
    expect(withoutGroup(withGroup(groups, '8', null), '7')).toEqual([{ group_id: '8', shift: null }]);
  });
});

describe('the address holds the filters of agents', () => {
  const read = (text: string) => filtersOf(new URLSearchParams(text));
  test.each(['', 'group=7&skill=3&presence=away&language=zh&q=%E7%8E%8B'])('%s', (text) => expect(searchOf(read(text)).toString()).toBe(text));
  test('what nobody knows is left away', () => expect(searchOf(read('presence=asleep&agent=9')).toString()).toBe(''));
  test('as the server is asked', () => {
    expect(queryOf(read('group=7&presence=busy'))).toEqual({ group_id: '7', presence: 'busy' });
    expect(queryOf(read(''))).toEqual({});
    expect(narrowed(read('agent=9'))).toBe(false);
    expect(narrowed(read('q=a'))).toBe(true);
  });
});

test('the example of points stays within the highest priority', () => {
  expect(exampleOf(1)).toEqual({ ahead: 10, minutes: 10, most: 1000 });
  expect(exampleOf(30)).toEqual({ ahead: 300, minutes: 10, most: 33.3 });
  expect(exampleOf(1000)).toEqual({ ahead: 1000, minutes: 1, most: 1 });
});
test('reasons are trimmed, each once', () => expect(reasonsOf(['lunch', ' 盘点 ', '盘点', '', '长'.repeat(40)])).toEqual(['lunch', '盘点', '长'.repeat(32)]));

describe('what the simulator is asked', () => {
  test('only what is said', () => {
    expect(questionOf(nobody())).toEqual({ level: 0, msgtype: 'text', priority: 0 });
    expect(questionOf({ ...nobody(), texts: ' 退款\n\n在吗 ', page: ' pages/cart ', tags: ['VIP'], level: 3, waiting_s: 90, parameters: [{ name: ' channel ', value: 'a', signed: true }, { name: '', value: 'x', signed: false }] })).toEqual({
      level: 3,
      msgtype: 'text',
      priority: 0,
      page: 'pages/cart',
      texts: ['退款', '在吗'],
      tags: ['VIP'],
      waiting_s: 90,
      parameters: [{ name: 'channel', value: 'a', signed: true }],
    });
  });
  test('five messages at most', () => expect(linesOf('1\n2\n3\n4\n5\n6')).toHaveLength(5));
  test('about a conversation, by rules that are being written', () => {
    expect(questionAbout('5')).toEqual({ conversation_id: '5' });
    expect(questionAbout('5', [])).toEqual({ conversation_id: '5', rules: [] });
  });
});

describe('presence by day', () => {
  const zone = 'Asia/Shanghai';
  const at = (text: string) => Date.parse(`${text}+08:00`);
  const stay = (presence: 'online' | 'away' | 'offline', from: string, to: string | null, reason = '') => ({ presence, reason, from: at(from), to: to === null ? null : at(to) });
  const stays = [stay('away', '2026-11-22T00:30', null, 'lunch'), stay('online', '2026-11-21T22:00', '2026-11-22T00:30'), stay('offline', '2026-11-20T18:00', '2026-11-21T22:00')];
  const now = at('2026-11-22T01:00');

  test('days begin at midnight of the mini program', () => {
    expect(daysBack(now, 0, zone)).toBe(at('2026-11-22T00:00'));
    expect(daysBack(now, 6, zone)).toBe(at('2026-11-16T00:00'));
    // Where clocks change, too: the 29th of March has 23 hours.
    expect(daysBack(Date.parse('2026-03-30T12:00+02:00'), 1, 'Europe/Berlin')).toBe(Date.parse('2026-03-29T00:00+01:00'));
    const [day] = daysOf([], Date.parse('2026-03-29T12:00+02:00'), Date.parse('2026-03-29T13:00+02:00'), 'Europe/Berlin');
    expect(day!.end - day!.start).toBe(23 * 3_600_000);
  });
  test('a stay over midnight is on both days; who still stays counts until now', () => {
    const [today, before, first] = daysOf(stays, daysBack(now, 2, zone), now, zone);
    expect(today!.parts.map((one) => [one.presence, one.to - one.from])).toEqual([['online', 30 * 60_000], ['away', 30 * 60_000]]);
    expect(before!.parts.map((one) => one.presence)).toEqual(['offline', 'online']);
    expect(first!.parts.map((one) => one.from)).toEqual([at('2026-11-20T18:00')]);
    expect(placeOf(today!.parts[0]!, today!)).toEqual({ left: 0, width: (0.5 / 24) * 100 });
  });
  test('how long in what, for which reason; offline is not counted', () => {
    const [today, before] = daysOf(stays, daysBack(now, 1, zone), now, zone);
    expect(totals(today!.parts)).toEqual([{ presence: 'online', reason: '', ms: 30 * 60_000 }, { presence: 'away', reason: 'lunch', ms: 30 * 60_000 }]);
    expect(totals(before!.parts)).toEqual([{ presence: 'online', reason: '', ms: 2 * 3_600_000 }]);
  });
});
