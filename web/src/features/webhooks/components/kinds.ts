// The kinds of events, in the order of a conversation's life, and in groups by their first word.
import i18next from 'i18next';
import type { Kind } from '../api/webhooks';

// As a record, so that a kind that the API has and this list has not is no program.
const known: Record<Kind, true> = {
  'conversation.opened': true,
  'conversation.queued': true,
  'conversation.assigned': true,
  'conversation.transfer_asked': true,
  'conversation.transferred': true,
  'conversation.routed': true,
  'conversation.parked': true,
  'conversation.changed': true,
  'conversation.reminded': true,
  'conversation.window_closing': true,
  'conversation.reply_refused': true,
  'conversation.reopened': true,
  'conversation.closed': true,
  'message.received': true,
  'message.sent': true,
  'message.failed': true,
  'message.noted': true,
  'customer.changed': true,
  'customer.blocked': true,
  'customer.unblocked': true,
  'customer.linked': true,
  'customer.unlinked': true,
  'service_level.warned': true,
  'service_level.breached': true,
  'satisfaction.asked': true,
  'satisfaction.scored': true,
  'agent.presence_changed': true,
  'automation.fired': true,
  'automation.paused': true,
  'records.exported': true,
  'records.erased': true,
};
export const kinds = Object.keys(known) as Kind[];

type GroupOf<K extends string> = K extends `${infer G}.${string}` ? G : never;
export type KindGroup = GroupOf<Kind>;
export const groupOf = (kind: Kind) => kind.split('.')[0] as KindGroup;
export const kindGroups = [...new Set(kinds.map(groupOf))].map((key) => ({ key, kinds: kinds.filter((kind) => groupOf(kind) === key) }));

export const kindText = (kind: Kind) => i18next.t(`webhooks.kinds.${kind}`);
export const kindWithGroup = (kind: Kind) => i18next.t('webhooks.kind_of', { group: i18next.t(`webhooks.groups.${groupOf(kind)}`), kind: kindText(kind) });

// In the list: all of them, some by name, or how many.
export function kindsText(chosen: Kind[]): string {
  const t = i18next.t;
  if (chosen.length >= kinds.length) return t('webhooks.kinds_all', { n: kinds.length });
  const named = chosen.slice(0, 2).map(kindText).join(t('webhooks.and'));
  return chosen.length > 2 ? t('webhooks.kinds_more', { names: named, n: chosen.length }) : named;
}
