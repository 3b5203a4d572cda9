// Open conversations, the most pressing first, with what a supervisor does about them.
import { Button, Segmented } from 'antd';
import { Ear, MessageCircleWarning, UserRoundCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { Countdown } from '@/shared/service_levels/Countdown';
import { pressing } from '@/shared/service_levels/marks';
import { useTakeOver } from '@/shared/supervise/useTakeOver';
import { WhisperDialog } from '@/shared/supervise/WhisperDialog';
import { useGroupName } from '@/shared/teams/teams';
import { Empty, Panel } from '@/shared/ui/page';
import { useSecond } from '@/shared/ui/second';
import { countdown, useNow } from '@/shared/ui/time';
import { useKeys } from '@/shared/ui/useKeys';
import { byPressing, fits, type Conversation, type Filter } from './pressing';

export const shows = ['all', 'late', 'nobody'] as const;
const shownMax = 100;

interface Props {
  appid: string;
  conversations: Conversation[];
  complete: boolean;
  filter: Filter;
  agentName: string;
  own: string;
  show(show: Filter['show']): void;
  clear(): void;
}

const addressOf = (one: Conversation) => `/m/${one.appid}/desk/workbench/${one.id}`;

export function LiveList({ appid, conversations, complete, filter, agentName, own, show, clear }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const now = useNow(5000);
  const [at, setAt] = useState(-1);
  const [whisperTo, setWhisperTo] = useState<Conversation>();
  const takeOver = useTakeOver();
  const rows = useRef<HTMLOListElement>(null);
  const fitting = conversations.filter((one) => fits(one, filter, now)).sort(byPressing);
  const shown = fitting.slice(0, shownMax);
  const current = shown[at];
  useEffect(() => setAt(-1), [filter.show, filter.agent, filter.group]);
  const move = (by: number) => {
    if (shown.length === 0) return;
    const next = at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by));
    setAt(next);
    rows.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: ({ target }) => ((target as HTMLElement).closest('button, a') || !current ? false : navigate(addressOf(current))),
    w: () => (current?.assignee && current.assignee.id !== own ? setWhisperTo(current) : false),
    t: () => (current && current.assignee?.id !== own ? takeOver(current) : false),
  });
  const narrowed = !!filter.agent || !!filter.group;
  return (
    <Panel
      title={agentName ? t('supervise.list.of_agent', { name: agentName }) : t('supervise.list.title')}
      extra={
        <span className="live-tools">
          {narrowed && (
            <Button size="small" onClick={clear}>
              {t('supervise.list.clear')}
            </Button>
          )}
          <Segmented size="small" aria-label={t('supervise.list.filter')} value={filter.show} options={shows.map((value) => ({ value, label: t(`supervise.list.${value}`) }))} onChange={show} />
        </span>
      }
    >
      {!complete && <p className="muted">{t('supervise.list.cut', { n: conversations.length })}</p>}
      {shown.length === 0 ? (
        <Empty title={conversations.length === 0 ? t('supervise.list.none') : t('supervise.list.none_here')} />
      ) : (
        <ol className="live-rows" ref={rows} aria-label={t('supervise.list.hint')}>
          {shown.map((one, index) => (
            <Row key={one.id} appid={appid} one={one} current={index === at} own={own} whisper={() => setWhisperTo(one)} takeOver={() => takeOver(one)} />
          ))}
        </ol>
      )}
      {fitting.length > shown.length && <p className="muted">{t('supervise.list.more', { n: fitting.length - shown.length })}</p>}
      <p className="muted live-keys">{t('supervise.list.keys')}</p>
      {whisperTo?.assignee && <WhisperDialog id={whisperTo.id} agent={whisperTo.assignee.display_name} close={() => setWhisperTo(undefined)} />}
    </Panel>
  );
}

interface RowProps {
  appid: string;
  one: Conversation;
  current: boolean;
  own: string;
  whisper(): void;
  takeOver(): void;
}

function Row({ appid, one, current, own, whisper, takeOver }: RowProps) {
  const { t } = useTranslation();
  const groupOf = useGroupName(appid);
  const mark = pressing(one);
  const name = one.nickname || t('supervise.list.unnamed');
  const mine = one.assignee?.id === own;
  return (
    <li className={current ? 'live-row live-current' : 'live-row'} aria-current={current || undefined} data-conversation={one.id}>
      <span className="live-who">
        <strong>{name}</strong>
        <span className="muted live-last">{one.last_message?.summary}</span>
      </span>
      <span className="live-with">
        {one.assignee?.display_name ?? t('supervise.list.nobody')}
        <span className="muted"> · {groupOf(one.group_id ?? '1')}</span>
      </span>
      <span className="live-level">
        {mark && <Countdown mark={mark} named />}
        {!mark && one.waiting_since && (
          <span className="muted num">
            {t('supervise.list.waits')} <Waits since={one.waiting_since} />
          </span>
        )}
      </span>
      <span className="live-actions">
        <Link className="live-watch" to={addressOf(one)}>
          <Ear size={14} aria-hidden /> {mine ? t('supervise.told.open') : t('supervise.watch')}
        </Link>
        {one.assignee && !mine && (
          <Button size="small" icon={<MessageCircleWarning size={14} aria-hidden />} onClick={whisper}>
            {t('supervise.whisper.do')}
          </Button>
        )}
        {!mine && (
          <Button size="small" icon={<UserRoundCheck size={14} aria-hidden />} onClick={takeOver}>
            {t('supervise.take_over.do')}
          </Button>
        )}
      </span>
    </li>
  );
}

function Waits({ since }: { since: number }) {
  return <>{useSecond((now) => countdown(Math.max(0, now - since)))}</>;
}
