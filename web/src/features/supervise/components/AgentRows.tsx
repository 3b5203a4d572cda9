// Who is there, with how much; a supervisor sets how they are, and can take that back.
import { App, Button, Dropdown } from 'antd';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PresenceName } from '@/shared/teams/PresenceName';
import { reasonText, useTeamSettings } from '@/shared/teams/teams';
import { Panel, useNotify } from '@/shared/ui/page';
import { useSecond } from '@/shared/ui/second';
import { duration } from '@/shared/ui/time';
import { useSetAgent } from '../api/live';
import { byLoad, type Agent } from './pressing';

interface Props {
  appid: string;
  agents: Agent[];
  own: string; // the account that looks: their own presence is set at the rail
  chosen: string;
  choose(agent: string): void;
}

export function AgentRows({ appid, agents, own, chosen, choose }: Props) {
  const { t } = useTranslation();
  const there = agents.filter((one) => one.presence !== 'offline').sort(byLoad);
  return (
    <Panel title={t('supervise.agents.title')}>
      {there.length === 0 && <p className="muted">{t('supervise.agents.none')}</p>}
      <ul className="live-agents">
        {there.map((one) => (
          <li key={one.account_id}>
            <button className="live-link live-name" aria-pressed={chosen === one.account_id} title={t('supervise.agents.show', { name: one.display_name })} onClick={() => choose(chosen === one.account_id ? '' : one.account_id)}>
              {one.display_name}
            </button>
            <span className="live-presence">
              <PresenceName state={one.presence} reason={one.reason} /> {one.since && <Since at={one.since} />}
            </span>
            <Load agent={one} />
            {one.account_id !== own && <Setter appid={appid} agent={one} />}
          </li>
        ))}
      </ul>
      {agents.length > there.length && <p className="muted">{t('supervise.agents.away', { n: agents.length - there.length })}</p>}
    </Panel>
  );
}

function Since({ at }: { at: number }) {
  const { t } = useTranslation();
  const text = useSecond((now) => duration(Math.max(0, now - at)));
  return <span className="muted num">{t('supervise.agents.since', { t: text })}</span>;
}

function Load({ agent: { display_name: name, load, load_max: max } }: { agent: Agent }) {
  const { t } = useTranslation();
  return (
    <span className="live-load">
      <meter aria-label={t('supervise.agents.load_label', { name, n: load, max })} min={0} max={Math.max(1, max)} value={Math.min(load, max)} />
      <span className="num">{t('supervise.agents.load', { n: load, max })}</span>
    </span>
  );
}

const states = ['online', 'busy', 'away'] as const;
type State = (typeof states)[number];

function Setter({ appid, agent }: { appid: string; agent: Agent }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const notify = useNotify();
  const settings = useTeamSettings(appid);
  const set = useSetAgent(appid);
  const reasons = settings.data?.presence_reasons ?? [];
  const name = agent.display_name;
  const said = (state: State, reason = '') => [t(`desk.presence.${state}`), reason && reasonText(reason)].filter(Boolean).join(' · ');
  const apply = (presence: State, reason: string | undefined, undo: boolean) =>
    set.mutate(
      { id: agent.account_id, presence, reason },
      {
        onError: notify.failed,
        onSuccess: () => {
          const key = `presence:${agent.account_id}`;
          const before = states.find((one) => one === agent.presence);
          message.open({
            key,
            type: 'success',
            duration: 5,
            content: (
              <>
                {t('supervise.agents.done', { name, state: said(presence, reason) })}
                {undo && before && (
                  <Button
                    type="link"
                    size="small"
                    onClick={() => {
                      message.destroy(key);
                      apply(before, agent.reason || undefined, false);
                    }}
                  >
                    {t('common.undo')}
                  </Button>
                )}
              </>
            ),
          });
        },
      },
    );
  const items = [
    ...states.map((state) => ({ key: `${state}:`, label: <PresenceName state={state} /> })),
    ...(reasons.length === 0
      ? []
      : (['busy', 'away'] as const).map((state) => ({
          type: 'group' as const,
          key: `${state}`,
          label: t(`desk.presence.because.${state}`),
          children: reasons.map((one) => ({ key: `${state}:${one}`, label: reasonText(one) })),
        }))),
  ];
  const choose = (key: string) => {
    const [state, ...reason] = key.split(':');
    const to = states.find((one) => one === state);
    if (to) apply(to, reason.join(':') || undefined, true);
  };
  return (
    <Dropdown trigger={['click']} placement="bottomRight" menu={{ className: 'live-menu', items, onClick: ({ key }) => choose(key) }}>
      <Button size="small" loading={set.isPending} icon={<ChevronDown size={14} aria-hidden />} iconPlacement="end">
        {t('supervise.agents.set')}
      </Button>
    </Dropdown>
  );
}
