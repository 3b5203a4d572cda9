// One follow-up: the score, what the customer said, whose it is, until when, and what its owner noted.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAccount, usePermissions } from '@/shared/session/session';
import { Mark, useNotify, type Level } from '@/shared/ui/page';
import { Ago, duration, exactTime, useNow, useZone } from '@/shared/ui/time';
import { useChangeFollowUp, type FollowUp } from '../api/satisfaction';
import { ConversationLink } from './ConversationLink';
import { mayChange, pressureOf, type Pressure } from './followUp';
import { useNames } from './names';
import { Said } from './Scores';
import { Stars } from './Stars';

interface Props {
  appid: string;
  followUp: FollowUp;
  open(finishing: boolean): void;
}

export function FollowUpRow(props: Props) {
  const { t } = useTranslation();
  const { appid, followUp } = props;
  const names = useNames(appid);
  const { result, owner_id, note, state } = followUp;
  return (
    <li>
      <span className="sat-line">
        <Stars score={result.score} />
        <Due followUp={followUp} />
      </span>
      <Said appid={appid} result={result} />
      <span className="sat-meta">
        <span>{owner_id ? t('satisfaction.follow_ups.owned_by', { name: names.agent(owner_id) }) : t('satisfaction.follow_ups.nobody')}</span>
        <span>{t('satisfaction.follow_ups.served_by', { name: names.agent(result.agent_id) })}</span>
        <ConversationLink appid={appid} id={result.conversation_id} />
        {state === 'done' && (
          <span>
            {t('satisfaction.follow_ups.done_by', { name: followUp.done_by })} <Ago at={followUp.done_at} />
          </span>
        )}
      </span>
      {note && <p className="sat-note">{note}</p>}
      <Actions {...props} />
    </li>
  );
}

const levels: Record<Pressure, Level> = { over: 'failed', soon: 'warning', later: 'info', done: 'ok' };
const minuteMs = 60_000;

function Due({ followUp }: { followUp: FollowUp }) {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useNow(minuteMs);
  const pressure = pressureOf(followUp, now);
  const { due_at } = followUp;
  return (
    <Mark level={levels[pressure]}>
      {pressure === 'done' ? (
        t('satisfaction.follow_ups.done')
      ) : (
        <time dateTime={new Date(due_at).toISOString()} title={exactTime(due_at, zone)} className="num">
          {t(`satisfaction.follow_ups.${pressure === 'over' ? 'over' : 'left'}`, { t: duration(Math.abs(due_at - now)) })}
        </time>
      )}
    </Mark>
  );
}

function Actions({ appid, followUp, open }: Props) {
  const { t } = useTranslation();
  const me = useAccount().id;
  const { can } = usePermissions();
  const change = useChangeFollowUp(appid);
  const { done, failed } = useNotify();
  const { id, version, owner_id, state } = followUp;
  if (!mayChange(followUp, me, { reply: can('desk.reply', appid), supervise: can('desk.supervise', appid) })) return null;
  const act = (body: { owner_id?: string; state?: FollowUp['state'] }, said: string) => void change.mutateAsync({ id, version, ...body }).then(() => done(said), failed);
  if (state === 'done')
    return (
      <span className="sat-line">
        <Button size="small" loading={change.isPending} onClick={() => act({ state: 'open' }, t('satisfaction.follow_ups.reopened'))}>
          {t('satisfaction.follow_ups.reopen')}
        </Button>
      </span>
    );
  return (
    <span className="sat-line">
      {owner_id === null && (
        <Button size="small" loading={change.isPending} onClick={() => act({ owner_id: me }, t('satisfaction.follow_ups.taken'))}>
          {t('satisfaction.follow_ups.take')}
        </Button>
      )}
      <Button size="small" onClick={() => open(true)}>
        {t('satisfaction.follow_ups.finish')}
      </Button>
      <Button size="small" type="text" onClick={() => open(false)}>
        {t('common.edit')}
      </Button>
    </span>
  );
}
