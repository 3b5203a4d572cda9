// What was found, the newest first: messages that say the words, or conversations. A hit is read beside.
import { Button } from 'antd';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useGroupName } from '@/shared/teams/teams';
import { Empty, Loaded } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useRecords, type Hit, type Question } from '../api/records';
import { openOf, withOpen } from './address';
import { excerpt, marked } from './marked';
import { useWho } from './names';

export function Hits({ appid, question }: { appid: string; question: Question }) {
  const { t } = useTranslation();
  const found = useRecords(appid, question);
  const asked = Object.keys(question).length > 0;
  return (
    <Loaded query={found} rows={8}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        const indexing = pages[0]?.not_indexed ?? 0;
        const over = !found.hasNextPage;
        return (
          <>
            {indexing > 0 && <p role="status">{t('records.indexing', { n: indexing })}</p>}
            {items.length === 0 && over && indexing === 0 && <Empty title={asked ? t('records.none') : t('records.empty')} text={asked ? t('records.none_hint') : t('records.empty_hint')} />}
            {items.length > 0 && (
              <ul className="rec-hits" aria-label={t('records.found')}>
                {items.map((hit) => (
                  <Line key={hit.message?.id ?? hit.conversation.id} appid={appid} hit={hit} q={question.text ?? ''} />
                ))}
              </ul>
            )}
            <div className="rec-foot">
              {items.length > 0 && (
                <span className="muted num" role="status">
                  {over ? t('records.all', { n: items.length }) : t('records.shown', { n: items.length })}
                </span>
              )}
              {!over && (
                <>
                  {items.length === 0 && <span className="muted">{t('records.further_hint')}</span>}
                  <Button icon={<Search size={14} aria-hidden />} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                    {t('records.further')}
                  </Button>
                </>
              )}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Line({ appid, hit: { conversation, message }, q }: { appid: string; hit: Hit; q: string }) {
  const { t } = useTranslation();
  const who = useWho();
  const group = useGroupName(appid);
  const [search] = useSearchParams();
  const { open, seq } = openOf(search);
  const here = open === conversation.id && (!message || seq === message.seq);
  const facts = [t(`records.states.${conversation.state}`), conversation.agent?.display_name, conversation.group_id && group(conversation.group_id), conversation.reason?.name, ...conversation.tags.map((tag) => `#${tag}`), conversation.score && t('records.score', { n: conversation.score })].filter(Boolean);
  return (
    <li>
      <Link className="rec-hit" aria-current={here ? 'true' : undefined} to={{ search: `?${withOpen(search, conversation.id, message?.seq)}` }}>
        <span className="rec-hit-top">
          <strong>{who.customer(conversation)}</strong>
          <span className="muted">
            <Ago at={message?.created_at ?? conversation.opened_at} />
          </span>
        </span>
        {message && (
          <span className="rec-hit-text">
            {message.direction !== 'in' && <span className="muted">{who.sender(conversation, message)}: </span>}
            {marked(excerpt(message.text, q), q)}
          </span>
        )}
        <span className="rec-hit-facts muted">{facts.join(' · ')}</span>
      </Link>
    </li>
  );
}
