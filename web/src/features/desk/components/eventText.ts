// An event of a conversation as a sentence.
import type { TFunction } from 'i18next';
import type { Schemas } from '@/shared/api/client';
import { kinds as levelKinds } from '@/shared/service_levels/marks';
import { outcomes } from '../api/conversations';

type Event = Pick<Schemas['ConversationEvent'], 'kind' | 'from' | 'to' | 'actor_kind' | 'actor_name' | 'note'>;

const kinds = [
  'opened', 'reopened', 'closed', 'assigned', 'taken', 'transferred', 'released', 'queued', 'entered', 'stage', 'assignee', 'priority', 'routed', 'returned', 'parked', 'unparked',
  'transfer_asked', 'transfer_declined', 'transfer_withdrawn', 'transfer_expired', 'silence_warned', 'agent_reminded', 'window_closing', 'reply_refused', 'resent', 'check_confirmed', 'survey_asked', 'rated', 'rating_comment', 'supervisor_notified',
  'reason_set', 'tags_set', 'field_set',
] as const;
const levels = ['half', 'most', 'breached'] as const;
const whys = ['last_agent', 'least_busy', 'round_robin'] as const;
const toGroup = 'group:';

interface Names {
  group(id: string): string;
  agent(id: string): string | undefined;
}

export function eventText(event: Event, names: Names, t: TFunction<'console'>): string {
  const to = event.to ?? '';
  if (event.kind === 'routed') return event.actor_kind === 'rule' ? t('desk.event_to.routed', { rule: event.actor_name ?? '', group: names.group(to) }) : t('desk.event_to.moved', { group: names.group(to) });
  if (event.kind === 'transferred' && to.startsWith(toGroup)) return t('desk.event_to.transferred_group', { group: names.group(to.slice(toGroup.length)) });
  if (event.kind === 'escalated') return t('desk.event_to.escalated', { group: names.group(to.slice(toGroup.length)), why: t(`desk.event_to.escalated_why.${event.note === 'assigned' ? 'assigned' : 'waiting'}`) });
  if (event.kind === 'service_level') return levelText(event, t);
  // Without a number: who sees conversations must not see it.
  if (event.kind === 'rated' && to) return t('desk.event_to.rated', { n: to });
  if (event.kind === 'parked' && event.actor_kind === 'customer') return t('desk.event_to.left');
  if (event.kind === 'closed' && event.actor_kind === 'customer') return t('desk.event_to.ended');
  const outcome = event.kind === 'closed' && outcomes.find((one) => one === to);
  if (outcome) return t('desk.event_to.closed', { outcome: t(`desk.closing.outcomes.${outcome}`) });
  const kind = kinds.find((one) => one === event.kind);
  const agent = kind === 'assigned' || kind === 'transferred' ? names.agent(to) : undefined;
  if (agent) return kind === 'assigned' ? t('desk.event_to.assigned', { agent }) : t('desk.event_to.transferred', { agent });
  return kind ? t(`desk.event.${kind}`) : event.kind;
}

// What an agent wrote to it, or a rule to supervisors, or that a macro was taken back.
export function noteText({ kind, actor_kind, note }: Event, t: TFunction<'console'>): string {
  if (!note || (actor_kind !== 'agent' && kind !== 'supervisor_notified')) return '';
  return note === 'macro undone' ? t('desk.event_to.macro_undone') : note;
}

// Who did it; what routing says names its rule already.
export const actorOf = ({ kind, actor_kind, actor_name }: Event) => (actor_kind === 'agent' || (actor_kind === 'rule' && kind !== 'routed') ? (actor_name ?? '') : '');

// A warning or a breach: `from` says of what, `to` how far it is used.
function levelText({ kind, from, to }: Event, t: TFunction<'console'>): string {
  const [what, level] = [levelKinds.find((one) => one === from), levels.find((one) => one === to)];
  return what && level ? t('desk.levels.event', { kind: t(`desk.levels.kinds.${what}`), level: t(`desk.levels.levels.${level}`) }) : kind;
}

// Why routing chose this agent.
export const whyOf = (event: Event) => (event.kind === 'assigned' ? whys.find((one) => one === event.note) : undefined);
