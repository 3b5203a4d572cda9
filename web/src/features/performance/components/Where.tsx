// Where 在哪里: a metric by a property's values. A value that can be filtered by is pressed to look at it alone.
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useBreakdown } from '../api/performance';
import { dimensionsOf, isFilter, sorts, withWord, type Question, type View } from './address';
import { RowTable } from './RowTable';

interface Props {
  appid: string;
  view: View;
  question: Question;
  change(part: Partial<View>): void;
}

export function Where({ appid, view, question, change }: Props) {
  const { t } = useTranslation();
  const { metric, dimension, sort } = view;
  const rows = useBreakdown(appid, question, { metric, by: dimension, sort });
  const options = dimensionsOf(metric).map((value) => ({ value, label: t(`performance.dimensions.${value}`) }));
  return (
    <Panel
      title={t('performance.where.title', { metric: t(`performance.metrics.${metric}`) })}
      extra={
        <span className="perf-tools">
          <Select aria-label={t('performance.where.by')} style={{ minWidth: 148 }} value={dimension} options={options} onChange={(value) => change({ dimension: value })} />
          <Sorting sort={sort} change={(value) => change({ sort: value })} />
        </span>
      }
    >
      <Loaded query={rows} rows={6}>
        {({ items, by }) => (items.length === 0 ? <Empty title={t('performance.where.none')} /> : <RowTable label={t('performance.where.title', { metric: t(`performance.metrics.${metric}`) })} items={items} by={by} narrow={isFilter(by) ? (name) => change({ words: withWord(view.words, by, name) }) : undefined} />)}
      </Loaded>
    </Panel>
  );
}

export function Sorting({ sort, change }: { sort: View['sort']; change(sort: View['sort']): void }) {
  const { t } = useTranslation();
  return <Select aria-label={t('performance.where.sort')} style={{ minWidth: 148 }} value={sort} options={sorts.map((value) => ({ value, label: t(`performance.where.sorts.${value}`) }))} onChange={change} />;
}
