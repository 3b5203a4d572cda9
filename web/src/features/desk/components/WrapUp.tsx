// What is said of a conversation, beside it: it can be said before it ends, and changed afterwards.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/shared/session/session';
import { useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { useChangeWrapUp } from '../api/conversations';
import { changeOf, draftOf, type Draft } from './wrapUpDraft';
import { WrapUpFields } from './WrapUpFields';

export default function WrapUp({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const save = useChangeWrapUp();
  const [written, setWritten] = useState<Draft>();
  const draft = written ?? draftOf(conversation);
  const change = changeOf(draft, conversation);
  const mayChange = can('desk.reply', conversation.appid);
  const changed = Object.keys(change).length > 0;
  const keep = () => changed && save.mutate({ conversation, said: (now) => changeOf(draft, now) }, { onSuccess: () => (setWritten(undefined), notify.done()), onError: notify.failed });
  return (
    <>
      <WrapUpFields appid={conversation.appid} said={conversation} draft={draft} disabled={!mayChange} change={setWritten} entered={keep} />
      {mayChange && changed && (
        <div className="wrap-up-save">
          <Button type="primary" size="small" loading={save.isPending} onClick={keep}>
            {t('wrapup.save')}
          </Button>
          <Button size="small" onClick={() => setWritten(undefined)}>
            {t('wrapup.discard')}
          </Button>
        </div>
      )}
    </>
  );
}
