// What somebody must know of a conversation at a glance: left as a message, parked, its window closes soon, its agent was
// reminded, it went up by itself.
import { AlarmClock, BellRing, ChevronsUp, Hourglass, MessageSquareText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Exact } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';

export function ConversationMarks({ conversation: one }: { conversation: Conversation }) {
  const { t } = useTranslation();
  if (one.state === 'closed') return null;
  return (
    <>
      {one.left_due_at && (
        <span className="wb-mark">
          <MessageSquareText size={12} aria-hidden /> {t('desk.marks.left')} <Exact at={one.left_due_at} />
        </span>
      )}
      {one.stage === 'parked' && one.assignee && (
        <span className="wb-mark">
          <AlarmClock size={12} aria-hidden /> {one.parked_until ? <>{t('desk.marks.parked_until')} <Exact at={one.parked_until} /></> : t('desk.marks.parked')}
        </span>
      )}
      {one.raised_at && (
        <span className="wb-mark wb-mark-urgent">
          <Hourglass size={12} aria-hidden /> {t('desk.marks.raised')}
        </span>
      )}
      {one.reminded_at && (
        <span className="wb-mark wb-mark-urgent">
          <BellRing size={12} aria-hidden /> {t('desk.marks.reminded')}
        </span>
      )}
      {one.escalated_at && (
        <span className="wb-mark">
          <ChevronsUp size={12} aria-hidden /> {t('desk.marks.escalated')}
        </span>
      )}
    </>
  );
}
