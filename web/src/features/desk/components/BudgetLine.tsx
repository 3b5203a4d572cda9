// How many messages may still be sent and until when; what to do when it ends. Nothing where the channel sets no limit.
import { Hourglass, MessageCircleOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { countdown, useNow } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';

export function BudgetLine({ budget }: { budget: Conversation['budget'] }) {
  const { t } = useTranslation();
  const now = useNow();
  const left = budget?.expires_at ? budget.expires_at - now : 0;
  const remaining = left > 0 ? (budget?.remaining ?? 0) : 0;
  if (budget === null) return null;
  if (left <= 0) {
    return (
      <div className="budget budget-none" role="status">
        <MessageCircleOff size={14} aria-hidden />
        <span>{t('desk.budget.closed')}</span>
      </div>
    );
  }
  if (remaining === 0) {
    return (
      <div className="budget budget-none" role="status">
        <MessageCircleOff size={14} aria-hidden />
        <span>{t('desk.budget.spent')}</span>
      </div>
    );
  }
  return (
    <div className={`budget${remaining === 1 || left < 600_000 ? ' budget-low' : ''}`}>
      <Hourglass size={14} aria-hidden />
      <span className="num">{t('desk.budget.open', { n: remaining, t: countdown(left) })}</span>
      {budget?.opened_by === 'enter' && <span className="muted">{t('desk.budget.by_enter')}</span>}
    </div>
  );
}
