// To whom a conversation may be handed: who comes first in the list, and how it stands in each group. Pure.
import type { Schemas } from '@/shared/api/client';
import { defaultGroup, type PresenceState } from '@/shared/teams/teams';
import type { Conversation } from '../api/cache';

const order: PresenceState[] = ['online', 'busy', 'away', 'offline'];

// Who is there, then who has the most room.
export const whoFirst = (a: Schemas['Agent'], b: Schemas['Agent']) =>
  order.indexOf(a.presence) - order.indexOf(b.presence) || a.load / Math.max(1, a.load_max) - b.load / Math.max(1, b.load_max) || a.display_name.localeCompare(b.display_name);

export const named = (name: string, words: string) => name.toLowerCase().includes(words.trim().toLowerCase());

// Who is in no group works in the default one.
export function groupLoads(roster: Pick<Schemas['TeamAgent'], 'groups' | 'presence'>[], open: Pick<Conversation, 'stage' | 'group_id'>[]) {
  const worksIn = (agent: (typeof roster)[number], id: string) => (agent.groups.length === 0 ? id === defaultGroup : agent.groups.some((one) => one.group_id === id));
  return (id: string) => ({
    online: roster.filter((agent) => agent.presence === 'online' && worksIn(agent, id)).length,
    queued: open.filter((one) => one.stage === 'queued' && (one.group_id ?? defaultGroup) === id).length,
  });
}
