// What an agent should know before sending: another tab's draft, pictures that a reload took, no connection, and a window
// that closes soon, with a sentence that asks the customer to write again.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/shared/live/live';
import { useNow } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';
import type { OpenDraft } from './useDraft';
import './composerHints.css';

const soonMs = 2 * 3_600_000;

// The window closes within two hours, and something may still be sent in it.
export function closesSoon({ budget, state }: Pick<Conversation, 'budget' | 'state'>, now: number): boolean {
  const left = (budget?.expires_at ?? 0) - now;
  return state !== 'closed' && left > 0 && left <= soonMs && (budget?.remaining ?? 0) > 0;
}

interface Props {
  conversation: Conversation;
  draft: OpenDraft;
  lost: string[]; // names of pictures that have to be chosen again
  forget(names: string[]): void;
  write(text: string): void;
}

export default function ComposerHints({ conversation, draft, lost, forget, write }: Props) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const { status } = useLive();
  const sentence = t('workbench.again.text');
  const offered = closesSoon(conversation, now) && !draft.note && !draft.text.includes(sentence);
  return (
    <>
      {status.state === 'lost' && (
        <div className="composer-tip" role="status">
          {t('workbench.offline')}
        </div>
      )}
      {draft.theirs && (
        <div className="composer-tip" role="status">
          <span>{t('workbench.draft.other', { text: draft.theirs.text })}</span>
          <Button size="small" onClick={() => draft.answerTheirs(true)}>
            {t('workbench.draft.take')}
          </Button>
          <Button size="small" type="text" onClick={() => draft.answerTheirs(false)}>
            {t('workbench.draft.keep')}
          </Button>
        </div>
      )}
      {lost.length > 0 && (
        <div className="composer-tip" role="status">
          <span>{t('workbench.draft.pictures', { names: lost.join(t('workbench.comma')) })}</span>
          <Button size="small" type="text" onClick={() => forget(lost)}>
            {t('workbench.draft.forget')}
          </Button>
        </div>
      )}
      {offered && (
        <div className="composer-tip">
          <span>{t('workbench.again.hint')}</span>
          <Button size="small" onClick={() => write([draft.text.trimEnd(), sentence].filter(Boolean).join('\n'))}>
            {t('workbench.again.insert')}
          </Button>
        </div>
      )}
    </>
  );
}
