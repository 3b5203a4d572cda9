import { describe, expect, test } from 'vitest';
import type { Replay } from '../api/routing';
import { added, changesShown, nothing, percentOf } from './replaySum';

const page = (part: Partial<Replay>): Replay => ({ conversations: 0, cut: false, moved: 0, groups: [], agents: { had: 0, fit: 0 }, changes: [], next_cursor: null, ...part });
const change = (id: number) => ({ conversation_id: `${id}`, from_group: '1', to_group: '7', rule_id: '', agent_id: null, agent_obstacle: null });

describe('the pages of a replay', () => {
  const first = page({ conversations: 2000, total: 3000, moved: 5, groups: [{ group_id: '1', before: 2000, after: 1995 }, { group_id: '7', before: 0, after: 5 }], agents: { had: 1500, fit: 1400 }, changes: [change(1)] });
  const second = page({ conversations: 1000, moved: 2, groups: [{ group_id: '7', before: 1000, after: 1002 }], agents: { had: 10, fit: 10 }, changes: [change(2)] });
  test('are added up', () => {
    const half = added(nothing, first);
    expect(percentOf(half)).toBe(67);
    const all = added(half, second);
    expect(all).toMatchObject({ conversations: 3000, total: 3000, moved: 7, agents: { had: 1510, fit: 1410 }, changed: 2, cut: false });
    expect(all.groups).toEqual([{ group_id: '1', before: 2000, after: 1995 }, { group_id: '7', before: 1000, after: 1007 }]);
    expect(all.changes.map((one) => one.conversation_id)).toEqual(['1', '2']);
    expect(percentOf(all)).toBe(100);
  });
  test('may be more than were counted at first', () => expect(percentOf(added(added(nothing, page({ conversations: 2, total: 2 })), page({ conversations: 1 })))).toBe(100));
  test('list a bounded number of changes', () => {
    const many = page({ changes: Array.from({ length: 100 }, (_, n) => change(n)) });
    const sum = [many, many, many].reduce(added, nothing);
    expect([sum.changes.length, sum.changed]).toEqual([changesShown, 300]);
  });
  test('of nothing are nothing', () => expect(percentOf(added(nothing, page({ total: 0 })))).toBe(0));
});
