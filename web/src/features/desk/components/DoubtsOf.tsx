// A message that the content check stopped: what is wrong with it, and what the agent may do now.
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Doubts } from '@/shared/api/client';
import { rewrite, sendAgain, type Pending } from '../api/outgoing';
import { doubtLines } from './doubts';

export default function DoubtsOf({ pending, doubts }: { pending: Pending; doubts: Doubts }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return (
    <>
      {doubtLines(doubts, t).map((line) => (
        <blockquote key={line} className="delivery-answer">
          {line}
        </blockquote>
      ))}
      {pending.body.text && (
        <Button size="small" onClick={() => rewrite(pending.client_id)}>
          {t('content_check.doubts.rewrite')}
        </Button>
      )}
      {pending.code === 'content_check.unchecked' && (
        <Button size="small" onClick={() => void sendAgain(client, pending.client_id)}>
          {t('common.retry')}
        </Button>
      )}
      {doubts.mayConfirm && (
        <Button size="small" onClick={() => void sendAgain(client, pending.client_id, true)}>
          {t('desk.delivery.send_anyway')}
        </Button>
      )}
    </>
  );
}
