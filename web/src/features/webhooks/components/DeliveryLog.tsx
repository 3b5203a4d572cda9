// The log of 30 days, the newest first: what was delivered, what is tried again, what was given up.
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { msText } from '@/shared/charts/numbers';
import { rangeOf, writeRange, type Range } from '@/shared/charts/ranges';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useDeliveries, type Delivery, type Webhook } from '../api/webhooks';
import { AgainButton, StateOf } from './DeliveryParts';
import { DeliverySheet } from './DeliverySheet';
import { eventOf, filtersOf, queryOf, usual, withFilters } from './filters';
import { kindText } from './kinds';
import { LogFilters } from './LogFilters';
import { RedeliverDialog } from './RedeliverDialog';

export function DeliveryLog({ appid, webhook }: { appid: string; webhook: Webhook }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const [again, setAgain] = useState(false);
  const filters = filtersOf(search);
  const range = rangeOf(search, usual);
  const deliveries = useDeliveries(appid, webhook.id, queryOf(filters, range, asOf));
  const narrowed = !!filters.state || !!filters.kind || !('preset' in range) || range.preset !== usual;
  const within = (next: Range) => {
    const kept = new URLSearchParams(search);
    writeRange(kept, next, usual);
    setAsOf(Date.now());
    setSearch(kept);
  };
  const open = (event: string) => {
    const next = new URLSearchParams(search);
    event ? next.set('event', event) : next.delete('event');
    setSearch(next);
  };
  return (
    <>
      <Panel
        title={t('webhooks.log.title')}
        extra={
          <Button disabled={!webhook.enabled} onClick={() => setAgain(true)}>
            {t('webhooks.again.all')}
          </Button>
        }
      >
        <p className="muted panel-note">{webhook.enabled ? t('webhooks.log.hint') : t('webhooks.log.off')}</p>
        <LogFilters filters={filters} range={range} asOf={asOf} change={(part) => setSearch(withFilters(search, part))} within={within} />
        <Loaded query={deliveries} rows={8}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <Empty title={narrowed ? t('webhooks.log.not_found') : t('webhooks.log.empty')} text={narrowed ? t('webhooks.log.not_found_hint') : t('webhooks.log.empty_hint')} />;
            return (
              <>
                <DeliveryTable appid={appid} webhook={webhook} items={items} open={open} />
                <div className="hook-line hook-foot">
                  <span className="muted num" role="status">
                    {t('webhooks.log.shown', { n: items.length })}
                  </span>
                  {deliveries.hasNextPage && (
                    <Button loading={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
                      {t('common.load_more')}
                    </Button>
                  )}
                </div>
              </>
            );
          }}
        </Loaded>
      </Panel>
      <DeliverySheet appid={appid} webhook={webhook} event={eventOf(search)} close={() => open('')} />
      {again && <RedeliverDialog appid={appid} id={webhook.id} range={range} close={() => setAgain(false)} />}
    </>
  );
}

function DeliveryTable({ appid, webhook, items, open }: { appid: string; webhook: Webhook; items: Delivery[]; open(event: string): void }) {
  const { t } = useTranslation();
  return (
    <Wide label={t('webhooks.log.title')}>
      <Table
        rowKey="event_id"
        size="small"
        pagination={false}
        className="hook-log"
        dataSource={items}
        columns={[
          { title: t('webhooks.log.at'), render: (_, one) => <Ago at={one.at} /> },
          {
            title: t('webhooks.log.kind'),
            render: (_, one) => (
              <span className="hook-name">
                <Button type="link" size="small" onClick={() => open(one.event_id)}>
                  {kindText(one.kind)}
                </Button>
                <span className="mono muted">{one.event_id}</span>
              </span>
            ),
          },
          { title: t('webhooks.log.state'), render: (_, one) => <StateOf delivery={one} /> },
          { title: t('webhooks.log.status'), align: 'right', className: 'num', render: (_, one) => one.status ?? <span className="muted">—</span> },
          { title: t('webhooks.log.attempts'), align: 'right', className: 'num', dataIndex: 'attempts' },
          { title: t('webhooks.log.last_at'), render: (_, one) => <Ago at={one.last_at} /> },
          { title: t('webhooks.log.duration'), align: 'right', className: 'num', render: (_, one) => (one.last_at === null ? <span className="muted">—</span> : msText(one.duration_ms)) },
          { title: <span className="sr-only">{t('webhooks.again.one')}</span>, render: (_, one) => <AgainButton appid={appid} webhook={webhook} delivery={one} /> },
        ]}
      />
    </Wide>
  );
}
