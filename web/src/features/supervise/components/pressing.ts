// In which order a supervisor looks at conversations, and which of them. Pure.
import type { Schemas } from '@/shared/api/client';
import { pressing, shapeAt } from '@/shared/service_levels/marks';
import { defaultGroup } from '@/shared/teams/teams';

export type Conversation = Schemas['Conversation'];
export type Agent = Schemas['Agent'];

// Service levels that count down, by when they are due; then who waits, the longest first; then the newest message.
export function byPressing(a: Conversation, b: Conversation): number {
  return dueOf(a) - dueOf(b) || waitsSince(a) - waitsSince(b) || b.last_message_at - a.last_message_at || (a.id < b.id ? 1 : -1);
}
function dueOf(one: Conversation): number {
  const mark = pressing(one);
  return mark && !mark.paused && mark.due_at !== null ? mark.due_at : Number.MAX_SAFE_INTEGER;
}
const waitsSince = (one: Conversation) => one.waiting_since || Number.MAX_SAFE_INTEGER;

export interface Filter {
  show: 'all' | 'late' | 'nobody';
  agent: string; // '': any
  group: string; // '': any
}

export function fits(one: Conversation, { show, agent, group }: Filter, now: number): boolean {
  if (agent && one.assignee?.id !== agent) return false;
  if (group && (one.group_id ?? defaultGroup) !== group) return false;
  if (show === 'nobody') return !one.assignee;
  const mark = pressing(one);
  return show === 'all' || (!!mark && ['most', 'breached'].includes(shapeAt(mark, now)));
}

// The list with what a live change says.
export function put(list: Conversation[], item: Conversation): Conversation[] {
  const at = list.findIndex((one) => one.id === item.id);
  if (at >= 0 && list[at]!.version > item.version) return list;
  if (item.state === 'closed') return at < 0 ? list : list.toSpliced(at, 1);
  return at < 0 ? [...list, item] : list.with(at, item);
}

// Those who are there: who has the least room first.
const order: Schemas['PresenceState'][] = ['online', 'busy', 'away', 'offline'];
export const byLoad = (a: Agent, b: Agent) => order.indexOf(a.presence) - order.indexOf(b.presence) || b.load / Math.max(1, b.load_max) - a.load / Math.max(1, a.load_max) || a.display_name.localeCompare(b.display_name);

// Who is in no group works in the default one.
export const worksIn = (groups: string[], mine: (group: string) => boolean) => (groups.length === 0 ? mine(defaultGroup) : groups.some(mine));
