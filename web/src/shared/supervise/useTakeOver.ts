// Asks before a conversation is taken from whoever has it.
import { useTranslation } from 'react-i18next';
import { useNotify } from '../ui/page';
import type { Schemas } from '../api/client';
import { takeOver } from './supervise';

export function useTakeOver(done?: (conversation: Schemas['Conversation']) => void) {
  const { t } = useTranslation();
  const notify = useNotify();
  return ({ id, assignee }: Pick<Schemas['Conversation'], 'id' | 'assignee'>) =>
    notify.confirm(
      t('supervise.take_over.title'),
      assignee ? t('supervise.take_over.hint', { agent: assignee.display_name }) : t('supervise.take_over.hint_nobody'),
      async () => {
        try {
          const taken = await takeOver(id);
          notify.done(t('supervise.take_over.done'));
          done?.(taken);
        } catch (problem) {
          notify.failed(problem);
        }
      },
      t('supervise.take_over.do'),
    );
}
