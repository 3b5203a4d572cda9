// The pages of a replay, added up. Pure.
import type { Replay } from '../api/routing';

export interface Sum extends Pick<Replay, 'moved' | 'groups' | 'agents' | 'changes' | 'cut'> {
  conversations: number;
  total: number;
  changed: number; // how many there are of what `changes` lists the first of
}

export const nothing: Sum = { conversations: 0, total: 0, moved: 0, groups: [], agents: { had: 0, fit: 0 }, changes: [], changed: 0, cut: false };

export const changesShown = 200;

export function added(sum: Sum, page: Replay): Sum {
  const groups = new Map(sum.groups.map((one) => [one.group_id, one]));
  for (const one of page.groups) {
    const before = groups.get(one.group_id);
    groups.set(one.group_id, { ...one, before: one.before + (before?.before ?? 0), after: one.after + (before?.after ?? 0) });
  }
  const conversations = sum.conversations + page.conversations;
  return {
    conversations,
    // More may have been opened since the first page was counted.
    total: Math.max(sum.total, page.total ?? 0, conversations),
    moved: sum.moved + page.moved,
    groups: [...groups.values()],
    agents: { had: sum.agents.had + page.agents.had, fit: sum.agents.fit + page.agents.fit },
    changes: [...sum.changes, ...page.changes].slice(0, changesShown),
    changed: sum.changed + page.changes.length,
    cut: page.cut,
  };
}

export const percentOf = ({ conversations, total }: Pick<Sum, 'conversations' | 'total'>) => (total === 0 ? 0 : Math.round((conversations / total) * 100));
