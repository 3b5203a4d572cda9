// A metric by a property's values, as the server sorted them.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText, msText, percentText } from '@/shared/charts/numbers';
import { Wide } from '@/shared/ui/page';
import type { Row } from '../api/performance';
import { quantiles, type Dimension } from './address';
import { changeOf } from './changes';
import { Phases } from './Phases';
import { ChangeMark, impactText } from './marks';
import { isWord, wordOf } from './words';

const right = { align: 'right' as const, className: 'num' };

export function RowTable({ label, items, by, narrow }: { label: string; items: Row[]; by: Dimension; narrow?: (name: string) => void }) {
  const { t } = useTranslation();
  const failing = items.some((one) => one.failure_share !== null);
  const phased = items.some((one) => one.phases !== null);
  return (
    <Wide label={label}>
      <Table
        rowKey="name"
        size="small"
        pagination={items.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        dataSource={items}
        columns={[
          {
            title: t(`performance.dimensions.${by}`),
            render: (_, one) =>
              narrow && isWord(one.name) ? (
                <Button type="link" className="perf-name" title={t('performance.where.only', { name: wordOf(by, one.name) })} onClick={() => narrow(one.name)}>
                  {wordOf(by, one.name)}
                </Button>
              ) : (
                <span className="perf-name" title={one.name}>
                  {wordOf(by, one.name)}
                </span>
              ),
          },
          { title: 'p75', ...right, render: (_, one) => msText(one.quantiles.p75) },
          { title: t('performance.where.change'), ...right, render: (_, one) => <ChangeMark change={changeOf(one, one.before, 'p75')} before={one.before.quantiles?.p75} /> },
          ...quantiles.filter((quantile) => quantile !== 'p75').map((quantile) => ({ title: quantile, ...right, render: (_: unknown, one: Row) => msText(one.quantiles[quantile]) })),
          { title: t('performance.where.count'), ...right, render: (_, one) => countText(one.count) },
          { title: t('performance.where.share'), ...right, render: (_, one) => <Share share={one.share} /> },
          ...(phased ? [{ title: t('performance.requests.phases'), render: (_: unknown, one: Row) => one.phases && <Phases phases={one.phases} /> }] : []),
          ...(failing ? [{ title: t('performance.where.failed'), ...right, render: (_: unknown, one: Row) => (one.failure_share === null ? '—' : percentText(one.failure_share)) }] : []),
          { title: <span title={t('performance.where.impact_hint')}>{t('performance.where.impact')}</span>, ...right, render: (_, one) => impactText(one.impact) },
        ]}
      />
    </Wide>
  );
}

function Share({ share }: { share: number }) {
  return (
    <span className="perf-share">
      <span className="perf-share-bar" aria-hidden>
        <i style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      {percentText(share)}
    </span>
  );
}
