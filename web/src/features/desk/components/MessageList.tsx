// The conversation: bubbles grouped by sender and minute, day separators, system notes, private notes on yellow.
import { Button } from 'antd';
import { ArrowDown } from 'lucide-react';
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure, Loading } from '@/shared/ui/page';
import { clockTime, dayName, dayOf, useZone } from '@/shared/ui/time';
import { inOrder, type Conversation, type Message } from '../api/cache';
import { useThread } from '../api/conversations';
import { usePending } from '../api/outgoing';
import { Bubble, PendingBubble } from './Bubble';
import { CustomerAvatar } from './CustomerAvatar';
import { customerName } from './customerName';
import { isSystemNote, SystemNote } from './SystemNote';

const groupMs = 60_000;
const sameGroup = (a: Message | undefined, b: Message) =>
  !!a && !isSystemNote(a) && a.direction === b.direction && a.sender_kind === b.sender_kind && a.sender_id === b.sender_id && b.created_at - a.created_at < groupMs;

export function MessageList({ conversation, onSeen }: { conversation: Conversation; onSeen(seq: number): void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const thread = useThread(conversation);
  const messages = useMemo(() => inOrder(thread.data), [thread.data]);
  const pending = usePending().filter((one) => one.thread_id === conversation.thread_id && !messages.some((message) => message.client_id === one.client_id));
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const kept = useRef<{ first: string | undefined; height: number }>({ first: undefined, height: 0 });
  const newest = messages.at(-1);

  // Stay at the end when one is there; keep the place when older ones come in above.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const first = messages[0]?.id;
    if (kept.current.first && first !== kept.current.first && !atEnd) box.scrollTop += box.scrollHeight - kept.current.height;
    else if (atEnd) box.scrollTop = box.scrollHeight;
    kept.current = { first, height: box.scrollHeight };
  });
  // Pictures grow after they are drawn.
  useEffect(() => {
    const box = scroller.current;
    const content = box?.firstElementChild;
    if (!box || !content || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      if (atEnd) box.scrollTop = box.scrollHeight;
    });
    observer.observe(content);
    observer.observe(box);
    return () => observer.disconnect();
  }, [atEnd, thread.isPending]);

  // Seen: the end is in view and the window is looked at. The count may come after the message.
  useEffect(() => {
    const seen = () => {
      if (newest && atEnd && conversation.unread > 0) onSeen(newest.seq);
    };
    seen();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [newest?.seq, atEnd, conversation.unread, onSeen]); // eslint-disable-line react-hooks/exhaustive-deps

  if (thread.isPending) return <div className="wb-messages wb-pad"><Loading rows={6} /></div>;
  if (!thread.data) return <div className="wb-messages"><Failure error={thread.error} retry={() => void thread.refetch()} /></div>;
  const onScroll = () => {
    const box = scroller.current!;
    setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < 48);
    if (box.scrollTop < 240 && thread.hasNextPage && !thread.isFetchingNextPage) void thread.fetchNextPage();
  };
  const toEnd = () => {
    const box = scroller.current!;
    box.scrollTop = box.scrollHeight;
    setAtEnd(true);
  };
  return (
    <div className="wb-messages">
      <div className="wb-scroll" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-live="polite" aria-label={t('desk.thread.label')}>
        <div className="wb-thread">
          {thread.hasNextPage ? (
            <Button type="text" size="small" loading={thread.isFetchingNextPage} onClick={() => void thread.fetchNextPage()}>
              {t('desk.thread.older')}
            </Button>
          ) : (
            <p className="wb-divider">{t('desk.thread.beginning')}</p>
          )}
          {messages.map((message, index) => {
            const before = messages[index - 1];
            const newDay = !before || dayOf(before.created_at, zone) !== dayOf(message.created_at, zone);
            const first = newDay || !sameGroup(before, message);
            const last = !messages[index + 1] || !sameGroup(message, messages[index + 1]!);
            const otherConversation = before && before.conversation_id !== message.conversation_id;
            return (
              <Fragment key={message.id}>
                {newDay && <p className="wb-divider">{dayName(message.created_at, zone)}</p>}
                {otherConversation && <p className="wb-divider wb-divider-line">{message.conversation_id === conversation.id ? t('desk.thread.this_one') : t('desk.thread.next_one')}</p>}
                {isSystemNote(message) ? <SystemNote message={message} appid={conversation.appid} /> : <Line message={message} first={first} last={last} conversation={conversation} />}
              </Fragment>
            );
          })}
          {pending.map((one) => (
            <PendingBubble key={one.client_id} pending={one} />
          ))}
        </div>
      </div>
      {!atEnd && (
        <button className="wb-to-end" onClick={toEnd}>
          <ArrowDown size={14} aria-hidden /> {t('desk.thread.to_end')}
        </button>
      )}
    </div>
  );
}

function Line({ message, first, last, conversation }: { message: Message; first: boolean; last: boolean; conversation: Conversation }) {
  const { t } = useTranslation();
  const zone = useZone();
  const mine = message.direction !== 'in';
  const who = mine ? (message.sender_kind === 'agent' ? message.sender_name : t(`desk.sender.${message.sender_kind}`)) : customerName(conversation);
  return (
    <div className={`wb-line${mine ? ' wb-line-out' : ''}${first ? ' wb-line-first' : ''}`}>
      {!mine && <span className="wb-line-avatar">{first && <CustomerAvatar openid={conversation.openid} name={conversation.nickname} size={32} />}</span>}
      <div className="wb-line-body">
        {first && (
          <div className="wb-who">
            {who} <time dateTime={new Date(message.created_at).toISOString()} className="num">{clockTime(message.created_at, zone)}</time>
          </div>
        )}
        <Bubble message={message} appid={conversation.appid} last={last} />
      </div>
    </div>
  );
}
