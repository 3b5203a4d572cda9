// 在线 · 忙碌 · 离线: kept by the server, not by the socket.
import { Dropdown } from 'antd';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import './presence.css';
import { usePresence, useSetPresence } from '../api/people';

const states = ['online', 'busy', 'offline'] as const;

export function PresenceSwitch({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const presence = usePresence(appid);
  const set = useSetPresence(appid);
  const notify = useNotify();
  if (!presence.data) return null;
  const now = presence.data.presence;
  return (
    <Dropdown
      trigger={['click']}
      placement="topLeft"
      menu={{
        selectedKeys: [now],
        items: states.map((state) => ({ key: state, label: <PresenceName state={state} hint /> })),
        onClick: ({ key }) => set.mutate({ presence: key as (typeof states)[number] }, { onError: notify.failed }),
      }}
    >
      <button className="rail-account">
        <span className="sr-only">{t('desk.presence.label')}</span>
        <PresenceName state={now} />
        <span className="muted num" style={{ marginLeft: 'auto' }} title={t('desk.presence.load')}>
          {presence.data.load}/{presence.data.load_max}
        </span>
        <ChevronDown size={14} aria-hidden />
      </button>
    </Dropdown>
  );
}

export function PresenceName({ state, hint }: { state: (typeof states)[number]; hint?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="presence">
      <span className={`presence-dot presence-${state}`} aria-hidden />
      {t(`desk.presence.${state}`)}
      {hint && <span className="muted"> · {t(`desk.presence.${state}_hint`)}</span>}
    </span>
  );
}
