// 同步状态: each source with its switch, how its last run went, and when the next one is.
import { Alert, Button, Switch, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { Loaded, Mark, Panel, useNotify, type Level } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { useRun, useStatus, useSwitch, type SourceState } from '../api/official';
import { FailureText } from './marks';

function stateOf(one: SourceState): { key: 'off' | 'failed' | 'running' | 'waiting' | 'fine'; level: Level } {
  if (!one.enabled) return { key: 'off', level: 'unknown' };
  if (one.error) return { key: 'failed', level: 'failed' };
  if (one.running) return { key: 'running', level: 'info' };
  return one.last_success_at ? { key: 'fine', level: 'ok' } : { key: 'waiting', level: 'unknown' };
}

export function Sync({ appid, mayManage }: { appid: string; mayManage: boolean }) {
  const { t } = useTranslation();
  const status = useStatus(appid);
  const change = useSwitch(appid);
  const run = useRun(appid);
  const { done, failed } = useNotify();
  return (
    <Panel
      extra={
        mayManage && (
          <Button loading={run.isPending} disabled={status.data?.enabled === false} onClick={() => void run.mutateAsync(undefined).then(() => done(t('official.sync.begun')), failed)}>
            {t('official.sync.run_all')}
          </Button>
        )
      }
    >
      <Loaded query={status} rows={6}>
        {(data) => (
          <>
            {!data.enabled && <Alert type="info" showIcon title={t('official.off_everywhere')} />}
            <Table<SourceState>
              rowKey="source"
              size="small"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={data.sources}
              columns={[
                { title: t('official.sync.source'), render: (_, one) => t(`official.sources.${one.source}`) },
                {
                  title: t('official.sync.state'),
                  render: (_, one) => {
                    const { key, level } = stateOf(one);
                    return (
                      <div className="official-state">
                        <Mark level={level}>{t(`official.sync.states.${key}`)}</Mark>
                        {one.enabled && one.error && <FailureText error={one.error} />}
                      </div>
                    );
                  },
                },
                { title: t('official.sync.last_success'), render: (_, one) => <Ago at={one.last_success_at} /> },
                { title: t('official.sync.next'), render: (_, one) => <Exact at={data.enabled ? one.next_run_at : null} /> },
                { title: t('official.sync.rows'), align: 'right', render: (_, one) => <span className="num">{countText(one.rows)}</span> },
                {
                  title: t('official.sync.on'),
                  render: (_, one) => (
                    <Switch size="small" aria-label={t('official.sync.switch', { source: t(`official.sources.${one.source}`) })} disabled={!mayManage || change.isPending} checked={one.enabled} onChange={(on) => void change.mutateAsync({ [one.source]: on }).then(() => done(), failed)} />
                  ),
                },
                ...(mayManage
                  ? [
                      {
                        title: t('official.sync.run'),
                        render: (_: unknown, one: SourceState) => (
                          <Button size="small" disabled={!data.enabled || !one.enabled || run.isPending} aria-label={t('official.sync.run_one', { source: t(`official.sources.${one.source}`) })} onClick={() => void run.mutateAsync(one.source).then(() => done(t('official.sync.begun')), failed)}>
                            {t('official.sync.run')}
                          </Button>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
            <p className="muted panel-note">{t('official.sync.kept', { days: data.keep_days, logs: data.keep_log_days })}</p>
            <p className="muted panel-note">
              {t('official.sync.wxapi')} <code>{`${location.origin}/wxapi`}</code>
            </p>
          </>
        )}
      </Loaded>
    </Panel>
  );
}
