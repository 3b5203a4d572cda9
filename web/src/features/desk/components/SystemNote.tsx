// What happened, small and grey: entered from a page, escalated.
import { useTranslation } from 'react-i18next';
import { useGroupName } from '@/shared/teams/teams';
import { clockTime, useZone } from '@/shared/ui/time';
import type { Message } from '../api/cache';

// What we said by ourselves is a message like any other.
export const isSystemNote = (message: Message) => (message.sender_kind === 'system' && message.direction !== 'out') || message.msgtype === 'system' || message.msgtype === 'event';

export function SystemNote({ message, appid }: { message: Message; appid: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const group = useGroupName(appid);
  const { event, content, source, reason, minutes, to } = message.system ?? {};
  let text = content ?? message.text?.content ?? event ?? message.msgtype;
  if (event === 'entered') text = source ? t('desk.thread.entered_from', { from: source }) : t('desk.thread.entered');
  if (event === 'escalated' && reason) text = t(`desk.thread.escalated.${reason}`, { n: minutes, group: group(to ?? '') });
  return (
    <p className="wb-system">
      {text} <time dateTime={new Date(message.created_at).toISOString()} className="num">{clockTime(message.created_at, zone)}</time>
    </p>
  );
}
