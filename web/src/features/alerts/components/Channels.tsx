// Channels to people: each tried with a button, and what was delivered through them.
import { Alert as Note, Button, Dropdown, Switch, Table } from 'antd';
import { Ellipsis, Plus, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Mark, Panel, useNotify, Wide, type Level } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useChangeChannel, useChannels, useDeliveries, useRemoveChannel, useRetryDelivery, useTestChannel, type Channel, type TestReport } from '../api/channels';
import { ChannelDialog } from './ChannelDialog';

const healthLevels: Record<Channel['health']['state'], Level> = { unused: 'unknown', ok: 'ok', failing: 'warning', broken: 'failed' };
const deliveryLevels: Record<string, Level> = { queued: 'info', sending: 'info', sent: 'ok', failed: 'failed' };

export function Channels({ appid, mayManage }: { appid: string; mayManage: boolean }) {
  const { t } = useTranslation();
  const channels = useChannels(appid);
  const change = useChangeChannel(appid);
  const remove = useRemoveChannel(appid);
  const test = useTestChannel(appid);
  const { done, failed, confirm } = useNotify();
  const [edited, setEdited] = useState<Channel | 'new' | null>(null);
  const [tested, setTested] = useState<{ name: string; report: TestReport } | null>(null);
  const act = (what: string, one: Channel) => {
    if (what === 'edit') setEdited(one);
    if (what === 'remove') confirm(t('alerts.channels.remove_title', { name: one.name }), t('alerts.channels.remove_hint'), () => remove.mutateAsync(one.id).then(() => done(), failed), t('common.delete'));
  };
  return (
    <>
      {tested && <Report {...tested} close={() => setTested(null)} />}
      <Panel
        title={t('alerts.channels.title')}
        extra={
          mayManage && (
            <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEdited('new')}>
              {t('alerts.channels.add')}
            </Button>
          )
        }
      >
        <Loaded query={channels} rows={4}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('alerts.channels.none')} text={t('alerts.channels.none_hint')} />
            ) : (
              <Wide label={t('alerts.channels.title')}>
                <Table
                  rowKey="id"
                  size="small"
                  pagination={false}
                  dataSource={items}
                  columns={[
                    {
                      title: t('alerts.channels.name'),
                      render: (_, one) => (
                        <div className="alert-title">
                          <strong>{one.name}</strong>
                          <span className="muted">
                            {t(`alerts.channels.kinds.${one.kind}`)}
                            {one.target && ` · ${one.target}`}
                          </span>
                        </div>
                      ),
                    },
                    {
                      title: t('alerts.channels.health'),
                      render: (_, one) => (
                        <span>
                          <Mark level={healthLevels[one.health.state]}>{t(`alerts.channels.healths.${one.health.state}`)}</Mark>{' '}
                          {one.health.last_success_at !== null && <span className="muted"><Ago at={one.health.last_success_at} /></span>}
                          {(one.health.state === 'failing' || one.health.state === 'broken') && <span className="channel-problem">{one.health.last_failure_detail || one.health.last_failure_reason}</span>}
                          {one.remaining_consents !== null && one.remaining_consents !== undefined && <span className="muted num"> {t('alerts.channels.consents', { n: one.remaining_consents })}</span>}
                        </span>
                      ),
                    },
                    { title: t('alerts.rules.enabled'), render: (_, one) => <Switch size="small" aria-label={t('alerts.rules.enable', { name: one.name })} disabled={!mayManage} checked={one.enabled} onChange={(enabled) => change.mutateAsync({ id: one.id, change: { enabled } }).catch(failed)} /> },
                    ...(mayManage
                      ? [
                          {
                            title: <span className="sr-only">{t('common.more')}</span>,
                            render: (_: unknown, one: Channel) => (
                              <span className="alert-buttons">
                                <Button size="small" icon={<Send size={14} aria-hidden />} loading={test.isPending && test.variables === one.id} onClick={() => test.mutateAsync(one.id).then((report) => setTested({ name: one.name, report }), failed)}>
                                  {t('alerts.channels.test')}
                                </Button>
                                <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: t('common.edit') }, { key: 'remove', danger: true, label: t('common.delete') }], onClick: ({ key }) => act(key, one) }}>
                                  <Button size="small" type="text" aria-label={t('alerts.rules.more', { name: one.name })} icon={<Ellipsis size={15} aria-hidden />} />
                                </Dropdown>
                              </span>
                            ),
                          },
                        ]
                      : []),
                  ]}
                />
              </Wide>
            )
          }
        </Loaded>
      </Panel>
      <Deliveries appid={appid} mayManage={mayManage} />
      {edited && <ChannelDialog appid={appid} channel={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
    </>
  );
}

function Report({ name, report, close }: { name: string; report: TestReport; close(): void }) {
  const { t } = useTranslation();
  return (
    <Note
      type={report.sent ? 'success' : 'error'}
      showIcon
      closable={{ onClose: close }}
      style={{ marginBottom: 16 }}
      title={report.sent ? t('alerts.channels.tested', { name, ms: report.ms }) : t('alerts.channels.test_failed', { name })}
      description={
        <ol className="channel-steps">
          {report.steps.map((one, index) => (
            <li key={index}>
              <Mark level={one.ok ? 'ok' : 'failed'}>{t(`alerts.channels.steps.${one.step}`)}</Mark> <span className="muted">{one.detail}</span>
            </li>
          ))}
        </ol>
      }
    />
  );
}

export function Deliveries({ appid, mayManage, subject }: { appid: string; mayManage: boolean; subject?: string }) {
  const { t } = useTranslation();
  const deliveries = useDeliveries(appid, subject ? { subject } : {});
  const retry = useRetryDelivery(appid);
  const { done, failed } = useNotify();
  const items = deliveries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t('alerts.deliveries.title')}>
      <Loaded query={deliveries} rows={3}>
        {() =>
          items.length === 0 ? (
            <p className="muted">{t('alerts.deliveries.none')}</p>
          ) : (
            <Wide label={t('alerts.deliveries.title')}>
              <Table
                rowKey="id"
                size="small"
                pagination={false}
                dataSource={items}
                columns={[
                  { title: t('alerts.deliveries.at'), render: (_, one) => <Ago at={one.queued_at} /> },
                  { title: t('alerts.deliveries.message'), render: (_, one) => <span className="alert-message" title={one.title}>{one.title}</span> },
                  { title: t('alerts.deliveries.channel'), render: (_, one) => one.channel_name ?? <span className="muted">{t('alerts.deliveries.removed')}</span> },
                  {
                    title: t('alerts.columns.state'),
                    render: (_, one) => (
                      <span>
                        <Mark level={deliveryLevels[one.state] ?? 'unknown'}>{t(`alerts.deliveries.states.${one.state}`)}</Mark>
                        {one.possibly_repeated && <span className="muted"> {t('alerts.deliveries.repeated')}</span>}
                        {one.state === 'failed' && <span className="channel-problem">{one.detail || one.reason}</span>}
                        {one.in_digest && <span className="muted"> {t('alerts.deliveries.digest')}</span>}
                      </span>
                    ),
                  },
                  ...(mayManage ? [{ title: <span className="sr-only">{t('common.more')}</span>, render: (_: unknown, one: (typeof items)[number]) => one.state === 'failed' && <Button size="small" onClick={() => retry.mutateAsync(one.id).then(() => done(), failed)}>{t('common.retry')}</Button> }] : []),
                ]}
              />
            </Wide>
          )
        }
      </Loaded>
      {deliveries.hasNextPage && (
        <Button size="small" loading={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()} style={{ marginTop: 8 }}>
          {t('common.load_more')}
        </Button>
      )}
    </Panel>
  );
}
