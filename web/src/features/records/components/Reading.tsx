// One conversation as it was, read only. Reading is noted in the audit log.
import { Button } from 'antd';
import { ExternalLink, Scale, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { mediaUrl } from '@/shared/api/client';
import { usePermissions } from '@/shared/session/session';
import { useGroupName } from '@/shared/teams/teams';
import { Empty, Loaded } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useRecord, type RecordedConversation, type RecordedMessage } from '../api/records';
import { HoldDialog } from './HoldDialog';
import { marked } from './marked';
import { useWho } from './names';

interface Props {
  appid: string;
  id: string; // '': none is chosen
  seq: number; // the message that was found; 0: none
  q: string;
  close(): void;
}

export function Reading({ appid, id, seq, q, close }: Props) {
  const { t } = useTranslation();
  const record = useRecord(appid, id);
  const pages = record.data?.pages ?? [];
  const last = pages.at(-1)?.items.at(-1)?.seq ?? 0;
  const { hasNextPage, isFetching, fetchNextPage } = record;
  // As far as the message that was found.
  useEffect(() => {
    if (seq > last && last > 0 && hasNextPage && !isFetching) void fetchNextPage();
  }, [seq, last, hasNextPage, isFetching, fetchNextPage]);
  if (!id) return <Empty title={t('records.read.none')} text={t('records.read.none_hint')} />;
  return (
    <Loaded key={id} query={record} rows={8}>
      {(data) => {
        const conversation = data.pages[0]!.conversation;
        const items = data.pages.flatMap((page) => page.items);
        return (
          <>
            <Head appid={appid} conversation={conversation} close={close} />
            {items.length === 0 && <p className="muted">{t('records.read.empty')}</p>}
            <ol className="rec-messages" aria-label={t('records.read.messages')}>
              {items.map((message) => (
                <Said key={message.id} appid={appid} conversation={conversation} message={message} q={q} found={message.seq === seq} />
              ))}
            </ol>
            {hasNextPage && (
              <Button loading={record.isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t('common.load_more')}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Head({ appid, conversation, close }: { appid: string; conversation: RecordedConversation; close(): void }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const who = useWho();
  const group = useGroupName(appid);
  const [holding, setHolding] = useState(false);
  const { agent, customer_tags, group_id, reason, source, score, tags } = conversation;
  return (
    <>
      <div className="rec-read-head">
        <h2>{who.customer(conversation)}</h2>
        <div className="rec-acts">
          {conversation.openid && (
            <Link to={`/m/${appid}/desk/workbench/${conversation.id}?view=all`} className="rec-link">
              <ExternalLink size={14} aria-hidden /> {t('records.read.workbench')}
            </Link>
          )}
          {can('desk.configure', appid) && (
            <Button size="small" icon={<Scale size={14} aria-hidden />} onClick={() => setHolding(true)}>
              {t('records.holds.add')}
            </Button>
          )}
          <Button size="small" type="text" aria-label={t('records.read.close')} title={t('records.read.close')} icon={<X size={16} aria-hidden />} onClick={close} />
        </div>
      </div>
      <dl className="facts rec-facts">
        <Fact name={t('records.read.time')}>
          <Exact at={conversation.opened_at} />
          {conversation.closed_at !== null && (
            <>
              {' – '}
              <Exact at={conversation.closed_at} />
            </>
          )}
          {` · ${t(`records.states.${conversation.state}`)}`}
        </Fact>
        <Fact name={t('records.filters.agent')}>{[agent?.display_name ?? t('records.who.nobody'), group_id && group(group_id)].filter(Boolean).join(' · ')}</Fact>
        {reason && <Fact name={t('records.filters.reason_id')}>{reason.name}</Fact>}
        {tags.length > 0 && <Fact name={t('records.filters.tag')}>{tags.join(' · ')}</Fact>}
        {customer_tags.length > 0 && <Fact name={t('records.filters.customer_tag')}>{customer_tags.join(' · ')}</Fact>}
        {source && <Fact name={t('records.filters.source')}>{source}</Fact>}
        {score !== null && <Fact name={t('records.filters.score')}>{t('records.score', { n: score })}</Fact>}
      </dl>
      {holding && <HoldDialog appid={appid} conversation={conversation.id} close={() => setHolding(false)} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface SaidProps {
  appid: string;
  conversation: RecordedConversation;
  message: RecordedMessage;
  q: string;
  found: boolean;
}

function Said({ appid, conversation, message, q, found }: SaidProps) {
  const who = useWho();
  const here = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (found) here.current?.scrollIntoView?.({ block: 'center' });
  }, [found]);
  return (
    <li ref={here} className={`rec-said rec-said-${message.direction}`} aria-current={found ? 'true' : undefined}>
      <span className="rec-said-who muted">
        {who.sender(conversation, message)} · <Exact at={message.created_at} />
      </span>
      <Content appid={appid} message={message} q={q} />
    </li>
  );
}

function Content({ appid, message: { msgtype, text, media_id }, q }: { appid: string; message: RecordedMessage; q: string }) {
  const { t } = useTranslation();
  const [gone, setGone] = useState(false);
  if (msgtype === 'erased') return <em className="muted">{t('records.read.erased')}</em>;
  if (msgtype === 'image' && media_id && !gone) return <img className="rec-picture" src={mediaUrl(appid, media_id)} alt={t('records.read.picture')} loading="lazy" onError={() => setGone(true)} />;
  return (
    <span className="rec-said-text">
      {marked(text, q)}
      {gone && <em className="muted"> {t('records.read.media_gone')}</em>}
    </span>
  );
}
