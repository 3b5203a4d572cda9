// How long, and with how many messages, a customer may still be written to: in a line of the list. Nothing where the
// channel sets no limit. BudgetLine says the same in the conversation, with what to do when it ends.
import { Hourglass, MessageCircleOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSecond } from '@/shared/ui/second';
import { windowAt, type WindowLevel } from './windowAt';
import type { Conversation } from '../api/cache';

export function WindowLeft({ conversation: { budget, state } }: { conversation: Pick<Conversation, 'budget' | 'state'> }) {
  const { t } = useTranslation();
  const [level, text] = useSecond((now) => windowAt(budget, now).join('\n')).split('\n') as [WindowLevel, string];
  if (!budget || state === 'closed') return null;
  const Icon = level === 'over' ? MessageCircleOff : Hourglass;
  return (
    <span className={`wb-mark num${level === 'fine' ? '' : ' wb-mark-urgent'}`} title={t('desk.budget.row')}>
      <Icon size={12} aria-hidden />
      <span className="sr-only">{t('desk.budget.row')}</span>
      <span>{text}</span>
    </span>
  );
}
