// Tells supervisors what service levels warn of; the server sends it to nobody else.
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import i18next from 'i18next';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { useLiveEvents } from '@/shared/live/live';
import { levelsKey } from '@/shared/service_levels/marks';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import type { Conversation } from '../api/cache';
import { keys } from '../api/conversations';
import { customerName } from './customerName';
import { Gathered, noticeOf, type Notice } from './notices';

// It is gone before the next one can come, unless somebody holds it.
const shownS = 8;

export function LevelNotices() {
  const client = useQueryClient();
  const { notification } = App.useApp();
  const programs = useMiniPrograms().data ?? [];
  const toast = useRef(0);
  const show = (notices: Notice[]) => {
    const [first, ...others] = notices as [Notice, ...Notice[]];
    for (const appid of new Set(notices.map((one) => one.appid))) void client.invalidateQueries({ queryKey: levelsKey(appid) });
    const conversation = client.getQueryData<{ items: Conversation[] }>(keys.open(first.appid))?.items.find((one) => one.id === first.conversation_id);
    notification.destroy(toast.current);
    const key = (toast.current += 1);
    notification.open({
      key,
      type: first.level === 'breached' ? 'error' : first.level === 'most' ? 'warning' : 'info',
      role: 'status',
      duration: shownS,
      title: titleOf(first),
      description: [...aboutOf(first, conversation), programs.length > 1 && programs.find((one) => one.appid === first.appid)?.name].filter(Boolean).join(' · '),
      actions: <Links first={first} others={others} close={() => notification.destroy(key)} />,
    });
  };
  const newest = useRef(show);
  newest.current = show;
  const gathered = useRef<Gathered>(undefined);
  gathered.current ??= new Gathered((notices) => newest.current(notices));
  useEffect(() => () => gathered.current?.stop(), []);

  useLiveEvents('change', ({ appid, topic, data }) => {
    const notice = topic === 'service_level' ? noticeOf(appid, data) : undefined;
    if (notice) gathered.current?.add(notice);
  });
  return null;
}

function titleOf({ kind, level }: Notice): string {
  const t = i18next.t;
  return kind === 'window' ? t('desk.levels.notice.window') : t('desk.levels.event', { kind: t(`desk.levels.kinds.${kind}`), level: t(`desk.levels.levels.${level}`) });
}

function aboutOf({ conversation_id, agent_id }: Notice, conversation: Conversation | undefined) {
  const t = i18next.t;
  const who = conversation ? customerName(conversation) : t('desk.levels.notice.conversation', { id: conversation_id });
  return [who, agent_id ? conversation?.assignee?.display_name : t('desk.levels.notice.nobody')];
}

// The others: those that are overdue have a list of their own, the rest are counting down in the workbench.
function Links({ first, others, close }: { first: Notice; others: Notice[]; close(): void }) {
  const t = i18next.t;
  const rest = others.some((one) => one.level === 'breached') ? 'service-levels/breaches?open=yes' : 'desk/workbench';
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: 16 }}>
      <Link to={`/m/${first.appid}/desk/workbench/${first.conversation_id}`} onClick={close}>
        {t('desk.levels.notice.open')}
      </Link>
      {others.length > 0 && (
        <Link to={`/m/${first.appid}/${rest}`} onClick={close}>
          {t('desk.levels.notice.more', { n: others.length })}
        </Link>
      )}
    </span>
  );
}
