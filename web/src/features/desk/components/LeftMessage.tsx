// 留言: what the customer left it for, how to reach them, and by when they are to be answered.
import { useQuery } from '@tanstack/react-query';
import { MessageSquareText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/shared/api/client';
import { Exact, useNow } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';
import { Hidden } from './HiddenNumbers';
import './leftMessage.css';

export default function LeftMessage({ conversation: { id, appid, stage, state, left_due_at, waiting_since } }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const { data } = useQuery({
    // Again when it is left or comes back.
    queryKey: ['desk', 'left-message', id, left_due_at, stage],
    queryFn: () => unwrap(api.GET('/api/v1/conversations/{id}/left-message', { params: { path: { id } } })),
  });
  if (!data) return null;
  const late = state !== 'closed' && !!waiting_since && now > data.due_at;
  const { contact } = data;
  return (
    <section className="left-message" aria-label={t('queue.left.title')} tabIndex={0}>
      <p className="left-message-head">
        <MessageSquareText size={15} aria-hidden />
        <strong>{t('queue.left.title')}</strong>
        <span className="muted">{t(`queue.left.reasons.${data.reason}`)}</span>
        <span className={late ? 'wb-mark-urgent' : 'muted'}>
          {late ? t('queue.left.late') : t('queue.left.due')} <Exact at={data.due_at} />
        </span>
        {data.returns_at && (
          <span className="muted">
            {t('queue.left.returns')} <Exact at={data.returns_at} />
          </span>
        )}
      </p>
      <p className="left-message-subject">{data.subject || <span className="muted">{t('queue.left.erased')}</span>}</p>
      <p className="left-message-contact">
        <span className="muted">{t('queue.left.contact')}</span>{' '}
        {!contact && t('queue.left.none')}
        {contact && contact.position === null && <span className="num">{contact.text}</span>}
        {contact && contact.position !== null && <Hidden appid={appid} message={{ id: data.message_id, conversation_id: id }} one={{ position: contact.position, kind: 'phone' }} text={contact.text} />}
      </p>
    </section>
  );
}
