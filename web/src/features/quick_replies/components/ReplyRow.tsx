// A quick reply in the list: by what it is found, what it says, how often it was used.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { pictureUrl } from '@/shared/api/client';
import { nameOf, type QuickReply } from '@/shared/quick_replies/quickReplies';
import { WithVariables } from '@/shared/quick_replies/VariableText';
import { useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useRemoveReply } from '../api/quickReplies';

interface Props {
  appid: string;
  reply: QuickReply;
  mayChange: boolean;
  withFolder: boolean;
  usesMax: number; // 0: how often it was used is not drawn
  edit(): void;
}

export function ReplyRow({ appid, reply, mayChange, withFolder, usesMax, edit }: Props) {
  const { t } = useTranslation();
  const name = nameOf(reply);
  return (
    <li className="qr-row">
      {reply.picture_id && <img className="qr-thumb" loading="lazy" src={pictureUrl(appid, reply.picture_id)} alt={t('quick_replies.list.picture_of', { name })} />}
      <div className="qr-text">
        <div className="qr-line">
          {reply.shortcut && <span className="mono">/{reply.shortcut}</span>}
          {(reply.title || !reply.shortcut) && <strong>{reply.title || name}</strong>}
          <span className="qr-tag">{t(`quick_replies.scopes.${reply.scope}`)}</span>
          {withFolder && reply.folder && <span className="muted">{reply.folder}</span>}
        </div>
        {reply.content && (
          <div className="qr-content">
            <WithVariables text={reply.content} />
          </div>
        )}
        <div className="qr-meta muted">
          {reply.initials && (
            <span>
              {t('quick_replies.list.initials')} <span className="mono">{reply.initials}</span>
            </span>
          )}
          {usesMax > 0 && (
            <span className="qr-bar" aria-hidden>
              <span style={{ width: `${(100 * reply.uses) / usesMax}%` }} />
            </span>
          )}
          <span className="num">{reply.uses > 0 ? t('quick_replies.list.uses', { n: reply.uses }) : t('quick_replies.list.unused')}</span>
          {reply.last_used_at !== null && (
            <span>
              {t('quick_replies.list.last_used')} <Ago at={reply.last_used_at} />
            </span>
          )}
        </div>
      </div>
      {mayChange && (
        <span className="qr-actions">
          <Button type="text" size="small" aria-label={`${t('common.edit')} ${name}`} onClick={edit}>
            {t('common.edit')}
          </Button>
          <Remove appid={appid} reply={reply} />
        </span>
      )}
    </li>
  );
}

function Remove({ appid, reply }: { appid: string; reply: QuickReply }) {
  const { t } = useTranslation();
  const remove = useRemoveReply(appid);
  const { done, failed, confirm } = useNotify();
  const name = nameOf(reply);
  const ask = () => confirm(t('quick_replies.list.remove_title', { name }), t('quick_replies.list.remove_hint'), () => remove.mutateAsync(reply.id).then(() => done(), failed), t('common.delete'));
  return (
    <Button type="text" size="small" danger aria-label={`${t('common.delete')} ${name}`} onClick={ask}>
      {t('common.delete')}
    </Button>
  );
}
