// What happened to a conversation: who did it, to whom or where it went, and why.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useAgents, useGroupName } from '@/shared/teams/teams';
import { Loaded } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';
import { useConversationEvents } from '../api/conversations';
import { actorOf, eventText, noteText, whyOf } from './eventText';

export function Events({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const events = useConversationEvents(conversation.id);
  const group = useGroupName(conversation.appid);
  const agents = useAgents(conversation.appid);
  const agent = useCallback((id: string) => agents.data?.items.find((one) => one.account_id === id)?.display_name, [agents.data]);
  return (
    <Loaded query={events} rows={3}>
      {(list) =>
        list.items.length === 0 ? (
          <p className="muted">{t('desk.customer.no_events')}</p>
        ) : (
          <ol className="wb-events">
            {list.items.map((one) => (
              <OneEvent key={one.id} event={one} text={eventText(one, { group, agent }, t)} />
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

function OneEvent({ event, text }: { event: Schemas['ConversationEvent']; text: string }) {
  const { t } = useTranslation();
  const why = whyOf(event);
  const note = noteText(event, t);
  const actor = actorOf(event);
  return (
    <li>
      <span>
        {text}
        {why && <span className="muted"> · {t(`desk.why.${why}`)}</span>}
        {actor && <span className="muted"> · {actor}</span>}
      </span>
      {note && <span className="wb-event-note">{note}</span>}
      <span className="muted wb-small">
        <Ago at={event.at} />
      </span>
    </li>
  );
}
