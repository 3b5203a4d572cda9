// 概览: today at a glance; each number is a link to where it comes from. Only what one may see is asked for.
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { useAppId, useMiniProgram } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { PresenceName } from '@/shared/teams/PresenceName';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { QualityTiles } from '../components/QualityTiles';
import { Tile } from '../components/Tile';
import './overview.css';

export function OverviewPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const program = useMiniProgram();
  const { can } = usePermissions();
  const params = { params: { path: { appid } } };
  const desk = can('desk.read', appid);
  const counts = useQuery({ queryKey: ['desk', 'counts', appid], enabled: desk, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations/counts', params)) });
  const agents = useQuery({ queryKey: ['agents', appid], enabled: desk, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/agents', params)) });
  const health = useQuery({
    queryKey: ['overview', 'gateway', appid],
    enabled: can('gateway.read', appid),
    refetchInterval: 10_000,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/gateway', params)),
  });
  const base = `/m/${appid}`;
  const online = agents.data?.items.filter((one) => one.presence === 'online').length;
  return (
    <Page title={program ? `${t('overview.title')} · ${program.name}` : t('overview.title')} purpose={t('overview.purpose')}>
      <div className="tiles">
        {desk && (
          <>
            <Tile to={`${base}/desk/workbench?view=waiting`} label={t('overview.waiting')} value={counts.data?.waiting} />
            <Tile to={`${base}/desk/workbench`} label={t('overview.active')} value={counts.data?.active} />
            <Tile to={`${base}/desk/workbench?view=closed`} label={t('overview.closed_today')} value={counts.data?.closed_today} />
            <Tile to={`${base}/desk/workbench`} label={t('overview.online')} value={online} hint={agents.data && t('overview.online_hint', { n: agents.data.items.length })} />
          </>
        )}
        {health.data && (
          <>
            <Tile to={`${base}/gateway`} label={t('overview.per_second')} value={health.data.pushes.per_second.toFixed(1)} />
            <Tile to={`${base}/gateway`} label={t('overview.failed')} value={health.data.outbox.failed_24h} />
          </>
        )}
        {can('telemetry.read', appid) && <QualityTiles appid={appid} base={base} />}
      </div>
      {health.data && <Alerts health={health.data} base={base} />}
      {desk && (
        <Panel title={t('overview.team')}>
          <Loaded query={agents}>{(list) => (list.items.length === 0 ? <Empty title={t('overview.no_team')} text={t('overview.no_team_hint')} /> : <Team items={list.items} />)}</Loaded>
        </Panel>
      )}
    </Page>
  );
}

function Alerts({ health, base }: { health: Schemas['GatewayHealth']; base: string }) {
  const { t } = useTranslation();
  const dead = health.journal.consumers.reduce((sum, one) => sum + one.dead_letters, 0);
  const alerts: { text: string; to: string }[] = [];
  if (!health.storage.writable) alerts.push({ text: t('overview.alert_storage'), to: `${base}/gateway` });
  if (['failing', 'stopped', 'expired'].includes(health.token.state)) alerts.push({ text: t('overview.alert_token'), to: `${base}/gateway` });
  if (dead > 0) alerts.push({ text: t('overview.alert_dead', { n: dead }), to: `${base}/gateway` });
  if (health.outbox.paused_until) alerts.push({ text: t('overview.alert_paused'), to: `${base}/gateway` });
  if (!health.pushes.last_at) alerts.push({ text: t('overview.alert_no_push'), to: `${base}/miniprogram` });
  return (
    <Panel title={t('overview.alerts')}>
      {alerts.length === 0 ? (
        <p className="overview-line">
          <CircleCheck size={16} className="overview-ok" aria-hidden /> {t('overview.all_well')}
        </p>
      ) : (
        alerts.map((one) => (
          <p key={one.text} className="overview-line">
            <CircleAlert size={16} className="state-red" aria-hidden /> <Link to={one.to}>{one.text}</Link>
          </p>
        ))
      )}
    </Panel>
  );
}

function Team({ items }: { items: Schemas['Agent'][] }) {
  const { t } = useTranslation();
  return (
    <Table
      rowKey="account_id"
      size="middle"
      pagination={false}
      dataSource={items}
      columns={[
        { title: t('overview.agent'), dataIndex: 'display_name', sorter: (a, b) => a.display_name.localeCompare(b.display_name) },
        { title: t('overview.presence'), render: (_, one) => <PresenceName state={one.presence} reason={one.reason} /> },
        { title: t('overview.load'), align: 'right', className: 'num', sorter: (a, b) => a.load - b.load, render: (_, one) => `${one.load} / ${one.load_max}` },
      ]}
    />
  );
}
