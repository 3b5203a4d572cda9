// 实时监控: who is there, who waits, what is most pressing, and what a supervisor does about it.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { useAccount, usePermissions } from '@/shared/session/session';
import { defaultGroup, groupName, useAgents, useGroups } from '@/shared/teams/teams';
import { Empty, Loaded, Page } from '@/shared/ui/page';
import { useBoard, useFollowing, useOpen, useRoster } from '../api/live';
import { AgentRows } from '../components/AgentRows';
import { LiveList, shows } from '../components/LiveList';
import { worksIn, type Filter } from '../components/pressing';
import { Queues } from '../components/Queues';
import './live.css';

export function LivePage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { can, canIn, canSome } = usePermissions();
  const groups = useGroups(appid);
  if (!canSome('desk.supervise', appid))
    return (
      <Page title={t('supervise.title')} purpose={t('supervise.purpose')}>
        <Empty title={t('supervise.nothing')} text={t('supervise.nothing_hint')} />
      </Page>
    );
  const own = (groups.data ?? []).filter((one) => canIn('desk.supervise', appid, one.id)).map(groupName);
  return (
    <Page wide title={t('supervise.title')} purpose={t('supervise.purpose')}>
      {!can('desk.supervise', appid) && own.length > 0 && <p className="muted">{t('supervise.own', { groups: own.join(', ') })}</p>}
      <Live key={appid} appid={appid} />
    </Page>
  );
}

function Live({ appid }: { appid: string }) {
  const account = useAccount();
  const { canIn } = usePermissions();
  const [search, setSearch] = useSearchParams();
  useFollowing(appid);
  const board = useBoard(appid);
  const open = useOpen(appid);
  const agents = useAgents(appid);
  const roster = useRoster(appid);
  const mine = useCallback((group: string) => canIn('desk.supervise', appid, group), [canIn, appid]);
  const filter: Filter = { show: shows.find((one) => one === search.get('show')) ?? 'all', agent: search.get('agent') ?? '', group: search.get('group') ?? '' };
  const change = (entries: Record<string, string>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(entries)) value ? next.set(name, value) : next.delete(name);
        return next;
      },
      { replace: true },
    );
  const supervised = (agents.data?.items ?? []).filter((one) => worksIn(roster.data?.get(one.account_id) ?? [], mine));
  return (
    <div className="live">
      <div className="live-side">
        <Loaded query={board} rows={4}>
          {(data) => <Queues appid={appid} board={data} toldAt={board.dataUpdatedAt} mine={mine} chosen={filter.group} choose={(group) => change({ group })} />}
        </Loaded>
        <Loaded query={agents} rows={4}>
          {() => <Loaded query={roster}>{() => <AgentRows appid={appid} agents={supervised} own={account.id} chosen={filter.agent} choose={(agent) => change({ agent })} />}</Loaded>}
        </Loaded>
      </div>
      <Loaded query={open} rows={10}>
        {({ items, complete }) => (
          <LiveList
            appid={appid}
            conversations={items.filter((one) => mine(one.group_id ?? defaultGroup))}
            complete={complete}
            filter={filter}
            agentName={supervised.find((one) => one.account_id === filter.agent)?.display_name ?? ''}
            own={account.id}
            show={(show) => change({ show: show === 'all' ? '' : show })}
            clear={() => change({ agent: '', group: '' })}
          />
        )}
      </Loaded>
    </div>
  );
}
