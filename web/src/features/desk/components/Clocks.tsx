// The clocks of a conversation's service levels: how each stands, who it is of, when it ran.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { endingOf, lengthText, type Ending, type ServiceClock } from '@/shared/service_levels/marks';
import { useAgents } from '@/shared/teams/teams';
import { Loaded, Mark, type Level } from '@/shared/ui/page';
import { exactTime, useZone } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';
import { useClocks } from '../api/conversations';

export default function Clocks({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const clocks = useClocks(conversation);
  const agents = useAgents(conversation.appid);
  const nameOf = (id: string) => agents.data?.items.find((one) => one.account_id === id)?.display_name ?? t('desk.levels.somebody', { id });
  return (
    <Loaded query={clocks} rows={2}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <p className="muted">{t('desk.levels.no_clocks')}</p>;
        return (
          <>
            <ol className="wb-events">
              {items.map((one) => (
                <OneClock key={one.id} clock={one} agent={one.agent_id ? nameOf(one.agent_id) : ''} />
              ))}
            </ol>
            {clocks.hasNextPage && (
              <Button size="small" loading={clocks.isFetchingNextPage} onClick={() => void clocks.fetchNextPage()}>
                {t('common.load_more')}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

const marks: Record<Ending, Level> = { running: 'info', paused: 'unknown', answered: 'ok', done: 'ok', unanswered: 'warning' };

function OneClock({ clock: one, agent }: { clock: ServiceClock; agent: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const ending = endingOf(one);
  const kind = t(`desk.levels.kinds.${one.kind}`);
  const length = lengthText(one.target_ms);
  const at = (time: number) => exactTime(time, zone);
  const facts = [
    one.business ? t('desk.levels.target_business', { t: length }) : t('desk.levels.target', { t: length }),
    one.used_ms !== null && t('desk.levels.used', { t: lengthText(one.used_ms) }),
    agent,
  ];
  const times = [
    t('desk.levels.started', { at: at(one.started_at) }),
    one.breached_at !== null ? t('desk.levels.breached_at', { at: at(one.breached_at) }) : one.due_at !== null && t('desk.levels.due', { at: at(one.due_at) }),
    one.stopped_at !== null && t('desk.levels.stopped', { at: at(one.stopped_at) }),
  ];
  return (
    <li>
      <span>
        {one.ordinal > 1 ? t('desk.levels.nth', { kind, n: one.ordinal }) : kind}{' '}
        <Mark level={one.level === 'breached' ? 'failed' : marks[ending]}>
          {t(`desk.levels.endings.${ending}`)}
          {one.level !== 'none' && ` · ${t(`desk.levels.levels.${one.level}`)}`}
        </Mark>
      </span>
      <span className="muted wb-small">{facts.filter(Boolean).join(' · ')}</span>
      <span className="muted wb-small num">{times.filter(Boolean).join(' · ')}</span>
    </li>
  );
}
