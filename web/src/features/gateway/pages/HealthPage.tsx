// Whether WeChat's messages are all received, stored, handled and answered.
import { Button, Table } from 'antd';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '@/i18n';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import type { Schemas } from '@/shared/api/client';
import { CopyText, Loaded, Mark, Page, Panel, useNotify, type Level } from '@/shared/ui/page';
import { Ago, duration, Exact } from '@/shared/ui/time';
import { useGateway, useRefreshToken } from '../api/gateway';
import { DeadLetters } from '../components/DeadLetters';
import { Plot, useSamples } from '../components/Plot';
import { PushFailures, refusalText } from '../components/PushFailures';
import './gateway.css';

type Health = Schemas['GatewayHealth'];

export function HealthPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const gateway = useGateway(appid);
  const pushes = useSamples(gateway.data?.at, gateway.data?.health.pushes.per_second);
  const latency = useSamples(gateway.data?.at, gateway.data?.health.pushes.ack_p99_ms);
  return (
    <Page wide title={t('gateway.health.title')} purpose={t('gateway.health.purpose')}>
      <Loaded query={gateway} rows={10}>
        {({ health }) => (
          <>
            <Tiles health={health} />
            <div className="columns">
              <Panel>
                <Plot title={t('gateway.health.chart_pushes')} samples={pushes} digits={1} />
              </Panel>
              <Panel>
                <Plot title={t('gateway.health.chart_ack')} samples={latency} digits={1} />
              </Panel>
            </div>
            <div className="columns">
              <Token appid={appid} token={health.token} />
              <Relay relay={health.relay} />
              <Pushes health={health} />
              <Consumers health={health} />
            </div>
          </>
        )}
      </Loaded>
      <DeadLetters appid={appid} />
      <PushFailures appid={appid} />
    </Page>
  );
}

function Tile({ label, value, hint }: { label: string; value: React.ReactNode; hint?: React.ReactNode }) {
  return (
    <div className="tile">
      <div className="tile-label">{label}</div>
      <div className="tile-value">{value}</div>
      {hint && <div className="tile-hint">{hint}</div>}
    </div>
  );
}

const ms = (value: number | null | undefined) => (value == null ? '—' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);

function Tiles({ health }: { health: Health }) {
  const { t } = useTranslation();
  const { pushes, journal, outbox } = health;
  const lag = journal.consumers.reduce((sum, one) => sum + one.lag, 0);
  const dead = journal.consumers.reduce((sum, one) => sum + one.dead_letters, 0);
  return (
    <div className="tiles tiles-7">
      <Tile label={t('gateway.health.per_second')} value={pushes.per_second.toFixed(pushes.per_second < 10 ? 1 : 0)} hint={<Ago at={pushes.last_at} />} />
      <Tile label={t('gateway.health.ack')} value={ms(pushes.ack_p99_ms)} hint={pushes.ack_p50_ms == null ? undefined : t('gateway.health.ack_p50', { ms: pushes.ack_p50_ms.toFixed(1) })} />
      <Tile label={t('gateway.health.lag')} value={lag} hint={t('gateway.health.lag_hint')} />
      <Tile label={t('gateway.health.queued')} value={outbox.queued} hint={t('gateway.health.queued_hint', { sending: outbox.sending, held: outbox.held })} />
      <Tile label={t('gateway.health.failed')} value={outbox.failed_24h} hint={t('gateway.health.failed_hint', { sent: outbox.sent_24h })} />
      <Tile label={t('gateway.health.dead')} value={dead} />
      <Tile label={t('gateway.health.down')} value={duration(health.down_ms_24h)} />
    </div>
  );
}

const tokenLevels: Record<Schemas['TokenState']['state'], Level> = { none: 'unknown', ok: 'ok', expired: 'warning', failing: 'failed', stopped: 'failed' };

function Token({ appid, token }: { appid: string; token: Schemas['TokenState'] }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const refresh = useRefreshToken(appid);
  const english = currentLanguage() === 'en';
  const run = (force: boolean) => refresh.mutateAsync(force).then(() => notify.done(t('gateway.health.refreshed')), notify.failed);
  return (
    <Panel
      title={t('gateway.health.token')}
      extra={
        can('gateway.manage', appid) && (
          <span>
            <Button size="small" icon={<RefreshCw size={13} aria-hidden />} loading={refresh.isPending} onClick={() => void run(false)}>
              {t('gateway.health.refresh')}
            </Button>{' '}
            <Button size="small" danger onClick={() => notify.confirm(t('gateway.health.force_title'), t('gateway.health.force_text'), () => run(true), t('gateway.health.force'))}>
              {t('gateway.health.force')}
            </Button>
          </span>
        )
      }
    >
      <dl className="facts">
        <dt>{t('gateway.programs.state')}</dt>
        <dd>
          <Mark level={tokenLevels[token.state] ?? 'unknown'}>{t(`gateway.health.token_states.${token.state}`)}</Mark>
        </dd>
        <dt>{t('gateway.health.obtained')}</dt>
        <dd><Ago at={token.obtained_at} /></dd>
        <dt>{t('gateway.health.expires')}</dt>
        <dd><Exact at={token.expires_at} /></dd>
        <dt>{t('gateway.health.next_refresh')}</dt>
        <dd><Exact at={token.next_refresh_at} /></dd>
        <dt>{t('gateway.health.forced_today')}</dt>
        <dd className="num">{token.forced_today ?? 0} / 20</dd>
        {token.last_error && (
          <>
            <dt>{t('gateway.health.last_error')}</dt>
            <dd className="error-text">
              {english ? token.last_error.explanation_en : token.last_error.explanation} <span className="mono">{token.last_error.errcode || ''}</span> <Ago at={token.last_error.at} />
              {token.last_error.ip && <CopyText text={token.last_error.ip} />}
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Relay({ relay }: { relay: Health['relay'] }) {
  const { t } = useTranslation();
  if (!relay?.url) {
    return (
      <Panel title={t('gateway.health.relay')}>
        <p className="muted">{t('gateway.health.relay_none')}</p>
      </Panel>
    );
  }
  return (
    <Panel title={t('gateway.health.relay')}>
      <dl className="facts">
        <dt>{t('gateway.program.relay_url')}</dt>
        <dd className="mono">{relay.url}</dd>
        <dt>{t('gateway.health.behind')}</dt>
        <dd className="num">{relay.lag}</dd>
        <dt>{t('gateway.health.last_success')}</dt>
        <dd><Ago at={relay.last_success_at} /></dd>
        {relay.last_error && (
          <>
            <dt>{t('gateway.health.last_error')}</dt>
            <dd className="error-text">{relay.last_error}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Pushes({ health }: { health: Health }) {
  const { t } = useTranslation();
  const { pushes, outbox, storage } = health;
  const refused = Object.entries(pushes.refused).filter(([, count]) => count > 0);
  return (
    <Panel title={t('gateway.health.pushes')}>
      {!pushes.last_at && <p className="muted" style={{ marginBottom: 8 }}>{t('gateway.health.no_push')}</p>}
      <dl className="facts">
        <dt>{t('gateway.health.accepted')}</dt>
        <dd className="num">{pushes.accepted}</dd>
        <dt>{t('gateway.health.duplicates')}</dt>
        <dd className="num">{pushes.duplicates}</dd>
        <dt>{t('gateway.health.refused')}</dt>
        <dd className="num">{refused.length === 0 ? 0 : refused.map(([reason, count]) => `${refusalText(reason)} ${count}`).join(' · ')}</dd>
        <dt>{t('gateway.health.dropped')}</dt>
        <dd className="num">{pushes.dropped}</dd>
        <dt>{t('gateway.health.storage')}</dt>
        <dd>
          <Mark level={storage.writable ? 'ok' : 'failed'}>{storage.writable ? t('gateway.health.writable') : t('gateway.health.not_writable', { problem: storage.problem ?? '' })}</Mark>
        </dd>
        {!!outbox.paused_until && (
          <>
            <dt>{t('gateway.health.queued')}</dt>
            <dd>
              <Mark level="warning">{t('gateway.health.paused', { at: '' })}</Mark> <Exact at={outbox.paused_until} />
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Consumers({ health }: { health: Health }) {
  const { t } = useTranslation();
  const names = { desk: t('gateway.health.consumer_names.desk'), relay: t('gateway.health.consumer_names.relay') } as Record<string, string>;
  return (
    <Panel title={t('gateway.health.consumers')}>
      <Table
        rowKey="name"
        size="small"
        pagination={false}
        dataSource={health.journal.consumers}
        columns={[
          { title: t('gateway.health.consumer'), render: (_, one) => names[one.name] ?? one.name },
          { title: t('gateway.health.behind'), align: 'right', className: 'num', dataIndex: 'lag' },
          { title: t('gateway.health.oldest'), align: 'right', render: (_, one) => <Ago at={one.oldest_at} /> },
          { title: t('gateway.health.dead'), align: 'right', className: 'num', dataIndex: 'dead_letters' },
        ]}
      />
    </Panel>
  );
}
