// What happened, small and grey: entered from a page, closed, transferred.
import { useTranslation } from 'react-i18next';
import { clockTime, useZone } from '@/shared/ui/time';
import type { Message } from '../api/cache';

// What we said by ourselves is a message like any other.
export const isSystemNote = (message: Message) => (message.sender_kind === 'system' && message.direction !== 'out') || message.msgtype === 'system' || message.msgtype === 'event';

export function SystemNote({ message }: { message: Message }) {
  const { t } = useTranslation();
  const zone = useZone();
  const { event, content, source } = message.system ?? {};
  const entered = event === 'entered';
  const text = entered ? (source ? t('desk.thread.entered_from', { from: source }) : t('desk.thread.entered')) : (content ?? message.text?.content ?? event ?? message.msgtype);
  return (
    <p className="wb-system">
      {text} <time dateTime={new Date(message.created_at).toISOString()} className="num">{clockTime(message.created_at, zone)}</time>
    </p>
  );
}
