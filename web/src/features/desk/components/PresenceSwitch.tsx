// 在线 · 忙碌 · 离开 · 离线, and why: kept by the server, not by the socket.
import { Dropdown } from 'antd';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PresenceName } from '@/shared/teams/PresenceName';
import { reasonText, useTeamSettings, type PresenceState } from '@/shared/teams/teams';
import { useNotify } from '@/shared/ui/page';
import { usePresence, useSetPresence } from '../api/people';
import { presenceKey, presenceOf } from './presenceKey';

const states: PresenceState[] = ['online', 'busy', 'away', 'offline'];
const explained = ['away', 'busy'] as const;

export function PresenceSwitch({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const presence = usePresence(appid);
  const settings = useTeamSettings(appid);
  const set = useSetPresence(appid);
  const notify = useNotify();
  if (!presence.data) return null;
  const { presence: now, reason = '' } = presence.data;
  const reasons = settings.data?.presence_reasons ?? [];
  const because = (state: (typeof explained)[number]) => ({
    type: 'group' as const,
    key: `${state}:`,
    label: t(`desk.presence.because.${state}`),
    children: reasons.map((one) => ({
      key: presenceKey(state, one),
      label: (
        <>
          <span className="sr-only">{t(`desk.presence.${state}`)} </span>
          {reasonText(one)}
        </>
      ),
    })),
  });
  return (
    <Dropdown
      trigger={['click']}
      placement="topLeft"
      menu={{
        className: 'presence-menu',
        selectedKeys: [presenceKey(now, reason)],
        items: [...states.map((state) => ({ key: state, label: <PresenceName state={state} hint /> })), ...(reasons.length > 0 ? explained.map(because) : [])],
        onClick: ({ key }) => set.mutate(presenceOf(key), { onError: notify.failed }),
      }}
    >
      <button className="rail-account">
        <span className="sr-only">{t('desk.presence.label')}</span>
        <span className="presence-now">
          <PresenceName state={now} reason={reason} />
        </span>
        <span className="muted num" style={{ marginLeft: 'auto' }} title={t('desk.presence.load')}>
          {presence.data.load}/{presence.data.load_max}
        </span>
        <ChevronDown size={14} aria-hidden />
      </button>
    </Dropdown>
  );
}
