// Tells what colleagues and supervisors want of me, on every page.
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLiveEvents } from '@/shared/live/live';
import { useAccount } from '@/shared/session/session';
import { reasonText, type PresenceState } from '@/shared/teams/teams';
import { mentionsKey, namedKey } from '../api/together';
import { toldOf } from './told';

const shownS = 8;

export default function TogetherNotices() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const account = useAccount();
  const { notification } = App.useApp();

  useLiveEvents('change', ({ appid, topic, data }) => {
    if (topic === 'mention') {
      void client.invalidateQueries({ queryKey: mentionsKey(appid) });
      void client.invalidateQueries({ queryKey: namedKey(String(data.conversation_id)) });
    }
    // What it says is only in the answer to whom it is for.
    if (topic === 'whisper') void client.invalidateQueries({ queryKey: ['desk', 'thread'] });
    const told = toldOf(topic, data, account.id, t);
    if (!told) return;
    const key = told.once ? topic : `${topic} ${told.conversation}`;
    notification.open({
      key,
      type: 'info',
      role: 'status',
      duration: shownS,
      title: told.title,
      actions: told.conversation && (
        <Link to={`/m/${appid}/desk/workbench/${told.conversation}`} onClick={() => notification.destroy(key)}>
          {t('supervise.told.open')}
        </Link>
      ),
    });
  });
  useLiveEvents('presence', ({ appid, account_id, presence, reason, by }) => {
    if (account_id !== account.id || !by) return;
    void client.invalidateQueries({ queryKey: ['presence', String(appid)] });
    const state = [t(`desk.presence.${presence as PresenceState}`), reason && reasonText(String(reason))].filter(Boolean).join(' · ');
    notification.open({ key: 'presence', type: 'info', role: 'status', duration: shownS, title: t('supervise.told.presence', { name: (by as { display_name: string }).display_name, state }) });
  });
  return null;
}
