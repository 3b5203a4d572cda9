// Pushes that a consumer set aside after failing on them again and again.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { usePermissions } from '@/shared/session/session';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useDeadLetters, useDropDeadLetter, useReplay } from '../api/gateway';

export function DeadLetters({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const letters = useDeadLetters(appid);
  return (
    <Panel title={t('gateway.health.dead_letters')}>
      <p className="muted" style={{ marginBottom: 12 }}>
        {t('gateway.health.dead_hint')}
      </p>
      <Loaded query={letters} rows={2}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length === 0) return <p>{t('gateway.health.dead_none')}</p>;
          return (
            <>
              <Letters appid={appid} items={items} />
              {letters.hasNextPage && <Button onClick={() => void letters.fetchNextPage()}>{t('common.load_more')}</Button>}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Letters({ appid, items }: { appid: string; items: Schemas['DeadLetter'][] }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const replay = useReplay(appid);
  const drop = useDropDeadLetter(appid);
  const mayManage = can('gateway.manage', appid);
  return (
    <Table
      rowKey="id"
      size="small"
      pagination={false}
      dataSource={items}
      scroll={{ x: 'max-content' }}
      expandable={{ columnTitle: <span className="sr-only">{t('common.details')}</span>, expandedRowRender: (one) => <pre className="bubble-raw">{one.message || '—'}</pre> }}
      columns={[
        { title: t('gateway.health.received'), render: (_, one) => <Ago at={one.received_at} /> },
        { title: t('gateway.health.consumer'), dataIndex: 'consumer' },
        { title: 'OpenID', render: (_, one) => <span className="mono">{one.openid}</span> },
        { title: t('gateway.health.error'), render: (_, one) => <span className="error-text">{one.error}</span> },
        {
          title: <span className="sr-only">{t('gateway.health.replay')}</span>,
          align: 'right',
          render: (_, one) =>
            mayManage && (
              <>
                <Button size="small" onClick={() => replay.mutate(one.id, { onSuccess: () => notify.done(t('gateway.health.replayed')), onError: notify.failed })}>
                  {t('gateway.health.replay')}
                </Button>{' '}
                <Button size="small" danger type="text" onClick={() => notify.confirm(t('gateway.health.drop_title'), t('gateway.health.drop_text'), () => drop.mutateAsync(one.id).catch(notify.failed), t('gateway.health.drop'))}>
                  {t('gateway.health.drop')}
                </Button>
              </>
            ),
        },
      ]}
    />
  );
}
