// In which notes colleagues named or asked me: a button with the number of those I have not read, and the list.
import { Badge, Button, Drawer, Switch } from 'antd';
import { AtSign } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Empty, Failure, Loading, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useInbox, useReadMentions, useUnread, type ReceivedMention } from '../api/together';
import './together.css';

export default function Mentions({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const unread = useUnread(appid).data ?? 0;
  return (
    <>
      <Badge count={unread} size="small" offset={[-6, 4]}>
        <Button type="text" size="small" aria-label={unread > 0 ? t('supervise.inbox.open_n', { n: unread }) : t('supervise.inbox.open')} icon={<AtSign size={16} aria-hidden />} onClick={() => setOpen(true)} />
      </Badge>
      {open && <Inbox appid={appid} unread={unread} close={() => setOpen(false)} />}
    </>
  );
}

function Inbox({ appid, unread, close }: { appid: string; unread: number; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const navigate = useNavigate();
  const [unreadOnly, setUnreadOnly] = useState(false);
  const inbox = useInbox(appid, unreadOnly);
  const read = useReadMentions(appid);
  const items = inbox.data?.pages.flatMap((page) => page.items);
  const go = (one: ReceivedMention) => {
    if (!one.read_at) read.mutate([one.id]);
    close();
    navigate(`/m/${appid}/desk/workbench/${one.conversation_id}`);
  };
  return (
    <Drawer open title={t('supervise.inbox.title')} onClose={close} size={400} closable={{ 'aria-label': t('common.close') }}>
      <div className="mentions-tools">
        <label>
          <Switch size="small" checked={unreadOnly} onChange={setUnreadOnly} /> {t('supervise.inbox.unread_only')}
        </label>
        <Button size="small" disabled={unread === 0} loading={read.isPending} onClick={() => read.mutate(undefined, { onError: notify.failed })}>
          {t('supervise.inbox.all_read')}
        </Button>
      </div>
      {!items ? (
        inbox.error ? (
          <Failure error={inbox.error} retry={() => void inbox.refetch()} />
        ) : (
          <Loading rows={4} />
        )
      ) : items.length === 0 ? (
        <Empty title={unreadOnly ? t('supervise.inbox.none_unread') : t('supervise.inbox.none')} text={t('supervise.inbox.none_hint')} />
      ) : (
        <ul className="mentions-list">
          {items.map((one) => (
            <li key={one.id}>
              <One mention={one} go={() => go(one)} />
            </li>
          ))}
        </ul>
      )}
      {inbox.hasNextPage && (
        <Button block loading={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>
          {t('supervise.inbox.more')}
        </Button>
      )}
    </Drawer>
  );
}

function One({ mention, go }: { mention: ReceivedMention; go(): void }) {
  const { t } = useTranslation();
  const said = (
    <>
      <span className="mentions-head">
        <strong>{t(`supervise.inbox.${mention.kind}`, { name: mention.from.display_name })}</strong>
        <span className="muted wb-small">
          {!mention.read_at && `${t('supervise.inbox.unread')} · `}
          <Ago at={mention.created_at} />
        </span>
      </span>
      {mention.readable && <span className="mentions-text">{mention.summary}</span>}
      <span className="muted wb-small">
        {[mention.nickname, !mention.readable && t('supervise.inbox.gone'), mention.kind === 'consult' && mention.answered_at && t('supervise.inbox.answered')].filter(Boolean).join(' · ')}
      </span>
    </>
  );
  return mention.readable ? (
    <button className="mentions-one" onClick={go}>
      {said}
    </button>
  ) : (
    <div className="mentions-one">{said}</div>
  );
}
