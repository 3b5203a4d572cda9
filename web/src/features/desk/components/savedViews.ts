// What a saved view 视图 asks of a conversation that is open. Pure.
import type { Schemas } from '@/shared/api/client';
import { defaultGroup } from '@/shared/teams/teams';
import type { Conversation } from '../api/cache';

export type SavedView = Schemas['SavedView'];
export type SavedFilter = Schemas['SavedViewFilter'];

const minute = 60_000;

export function inSaved(one: Conversation, asked: SavedFilter, accountId: string, now: number): boolean {
  const agent = one.assignee?.id ?? 'none';
  const closesIn = (one.budget?.expires_at ?? 0) - now;
  return (
    (!asked.state || one.state === asked.state) &&
    (!asked.group_id || (one.group_id ?? defaultGroup) === asked.group_id) &&
    (!asked.agent || agent === (asked.agent === 'me' ? accountId : asked.agent)) &&
    (!asked.tag || one.tags.includes(asked.tag)) &&
    (!asked.reason_id || one.reason?.id === asked.reason_id) &&
    (!asked.waiting_minutes || (!!one.waiting_since && now - one.waiting_since >= asked.waiting_minutes * minute)) &&
    (!asked.window_minutes || (closesIn > 0 && closesIn <= asked.window_minutes * minute)) &&
    (!asked.priority || (one.priority ?? 0) >= asked.priority) &&
    (!asked.unread || one.unread > 0) &&
    (!asked.left_message || !!one.left_due_at)
  );
}
