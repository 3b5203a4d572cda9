// Page loads 页面加载 that were recorded entry by entry, the slowest first; one opens as a waterfall.
import { Button, Segmented, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { msText } from '@/shared/charts/numbers';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useLoads, type PageLoadSummary } from '../api/performance';
import { loadOrders, type Question, type View } from './address';
import { deviceText } from './device';
import { LoadSheet } from './LoadSheet';
import { wordOf } from './words';

export function Loads({ appid, view, question, change }: { appid: string; view: View; question: Question; change(part: Partial<View>): void }) {
  const { t } = useTranslation();
  const loads = useLoads(appid, question, view.order);
  return (
    <Panel title={t('performance.loads.title')} extra={<Segmented aria-label={t('performance.loads.order')} value={view.order} options={loadOrders.map((value) => ({ value, label: t(`performance.loads.orders.${value}`) }))} onChange={(order) => change({ order })} />}>
      <p className="muted panel-note">{t('performance.loads.hint')}</p>
      <Loaded query={loads} rows={8}>
        {(items) => (items.length === 0 ? <Empty title={t('performance.loads.none')} text={t('performance.loads.none_hint')} /> : <List items={items} open={(load) => change({ load })} />)}
      </Loaded>
      <LoadSheet appid={appid} id={view.load} close={() => change({ load: '' })} />
    </Panel>
  );
}

function List({ items, open }: { items: PageLoadSummary[]; open(id: string): void }) {
  const { t } = useTranslation();
  return (
    <Wide label={t('performance.loads.title')}>
      <Table
        rowKey="id"
        size="small"
        className="perf-loads"
        pagination={false}
        dataSource={items}
        onRow={(one) => ({ onClick: () => open(one.id) })}
        columns={[
          {
            title: t('performance.dimensions.page'),
            render: (_, one) => (
              <Button type="link" className="perf-name" aria-label={t('performance.loads.open', { page: wordOf('page', one.page), ms: msText(one.ms) })}>
                {wordOf('page', one.page)}
              </Button>
            ),
          },
          { title: t('performance.loads.ms'), align: 'right', className: 'num', render: (_, one) => <strong>{msText(one.ms)}</strong> },
          { title: t('performance.loads.at'), render: (_, one) => <Ago at={one.at} /> },
          { title: t('performance.dimensions.release'), className: 'num', render: (_, one) => one.release || <span className="muted">—</span> },
          { title: t('performance.dimensions.device'), render: (_, one) => deviceText(one.device) || <span className="muted">—</span> },
          { title: t('performance.dimensions.network'), render: (_, one) => one.network || <span className="muted">—</span> },
          { title: t('performance.dimensions.region'), render: (_, one) => one.region || <span className="muted">—</span> },
          { title: t('performance.loads.entries'), align: 'right', className: 'num', render: (_, one) => one.entries },
          { title: t('performance.loads.reason'), render: (_, one) => t(`performance.loads.reasons.${one.reason}`) },
        ]}
      />
    </Wide>
  );
}
