// What the desk knows of the customer: since when, from which pages, and what was talked about.
import { Link } from 'react-router';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { useContact, useConversations, type Profile } from '../api/people';

export function Facts({ appid, profile }: { appid: string; profile: Profile }) {
  const { t } = useTranslation();
  const contact = useContact(appid, profile.openid);
  const sources = contact.data?.sources ?? [];
  return (
    <Panel title={t('people.facts.title')}>
      <dl className="facts">
        <dt>{t('people.columns.first_seen')}</dt>
        <dd>
          <Exact at={profile.first_seen_at} />
        </dd>
        <dt>{t('people.columns.last_seen')}</dt>
        <dd>
          <Ago at={profile.last_seen_at} />
        </dd>
        <dt>{t('people.facts.first_source')}</dt>
        <dd>{profile.source || <span className="muted">—</span>}</dd>
        {sources.length > 0 && (
          <>
            <dt>{t('people.facts.sources')}</dt>
            <dd>
              <ul className="people-plain">
                {sources.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

export function Conversations({ appid, profile }: { appid: string; profile: Profile }) {
  const { t } = useTranslation();
  const conversations = useConversations(appid, profile.openid);
  return (
    <Panel title={t('people.conversations.title')}>
      <Loaded query={conversations} rows={3}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('people.conversations.none')}</p>
          ) : (
            <ul className="people-rows">
              {items.map((one) => (
                <li key={one.id}>
                  <span className="people-row-text">
                    <Link to={`/m/${appid}/desk/workbench/${one.id}${one.state === 'closed' ? '?view=closed' : ''}`}>
                      <Exact at={one.opened_at} />
                    </Link>
                    <span className="muted people-summary">{one.last_message?.summary}</span>
                  </span>
                  <span className="muted">{t(`people.conversations.states.${one.state}`)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
