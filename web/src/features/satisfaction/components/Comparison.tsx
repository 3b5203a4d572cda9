// The same figures by agent, by group, or by the form of the question.
import { Button, Segmented, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { Loaded, Panel, Wide } from '@/shared/ui/page';
import { useFunnel, type Figures, type Form } from '../api/satisfaction';
import { shareText } from './figures';
import { amongOf, compared, type Compared } from './filters';
import { useNames } from './names';
import type { ResultsProps } from './Results';

const counts = ['answered', 'delivered', 'asked', 'askable', 'closed'] as const;
const most = 1000; // the server lists no more

export function Comparison(props: ResultsProps) {
  const { t } = useTranslation();
  const { appid, days, filters, change } = props;
  const funnel = useFunnel(appid, filters.by, days, amongOf(filters));
  const options = compared.map((value) => ({ value, label: t(`satisfaction.compare.${value}`) }));
  return (
    <Panel title={t('satisfaction.compare.title')} extra={<Segmented aria-label={t('satisfaction.compare.title')} value={filters.by} options={options} onChange={(by) => change({ by })} />}>
      <Loaded query={funnel} rows={4}>
        {(data) => <ComparisonTable {...props} by={data.by as Compared} items={data.items} />}
      </Loaded>
    </Panel>
  );
}

function ComparisonTable({ appid, by, items, change }: ResultsProps & { by: Compared; items: Figures[] }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const right = { align: 'right', className: 'num' } as const;
  const nameOf = ({ key = '' }: Figures) => (by === 'question' ? t(`satisfaction.forms.${key as Form}`) : names[by](key));
  const narrow = ({ key = '0' }: Figures) => (by === 'question' || key === '0' ? undefined : () => change({ [by]: key }));
  return (
    <Wide label={t('satisfaction.compare.title')}>
      <Table
        rowKey="key"
        size="small"
        className="sat-compared"
        pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        dataSource={items.toSorted((a, b) => b.closed - a.closed)}
        columns={[
          {
            title: t('satisfaction.compare.name'),
            sorter: (a, b) => nameOf(a).localeCompare(nameOf(b)),
            render: (_, one) => {
              const only = narrow(one);
              return only ? (
                <Button type="link" size="small" onClick={only}>
                  {nameOf(one)}
                </Button>
              ) : (
                <span className="sat-plain">{nameOf(one)}</span>
              );
            },
          },
          { title: t('satisfaction.share'), ...right, sorter: (a, b) => (a.satisfaction ?? -1) - (b.satisfaction ?? -1), render: (_, one) => shareText(one.satisfaction) },
          { title: t('satisfaction.answer_rate'), ...right, sorter: (a, b) => (a.answer_rate ?? -1) - (b.answer_rate ?? -1), render: (_, one) => shareText(one.answer_rate) },
          ...counts.map((count) => ({ title: t(`satisfaction.steps.${count}`), ...right, sorter: (a: Figures, b: Figures) => a[count] - b[count], render: (_: unknown, one: Figures) => countText(one[count]) })),
        ]}
      />
      {items.length >= most && <p className="muted">{t('satisfaction.compare.cut')}</p>}
    </Wide>
  );
}
