// Two properties against each other 热力图: page × hour, model × metric. A press looks at the row alone.
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { HeatMap } from '@/shared/charts/HeatMap';
import { lasting, type Unit } from '@/shared/charts/units';
import { valueText } from '@/shared/charts/numbers';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useHeatmap, useOverview, type MetricSummary } from '../api/performance';
import { heatColumns, heatRows, metrics, withWord, type Metric, type Question, type View } from './address';
import { isWord, wordOf } from './words';

interface Props {
  appid: string;
  view: View;
  question: Question;
  open(part: Partial<View>): void; // shows the trend of what was pressed
  change(part: Partial<View>): void;
}
type Heatmap = NonNullable<ReturnType<typeof useHeatmap>['data']>;

export const gridOf = ({ row_names, column_names, cells }: Pick<Heatmap, 'row_names' | 'column_names' | 'cells'>) => {
  const found = new Map(cells.map((one) => [JSON.stringify([one.row, one.column]), one.value]));
  return row_names.map((row) => column_names.map((column) => found.get(JSON.stringify([row, column])) ?? null));
};

const metricOf = (name: string): Metric | undefined => metrics.find((one) => one === name);

export function Heat({ appid, view, question, open, change }: Props) {
  const { t } = useTranslation();
  const { rows, columns, metric } = view;
  const heat = useHeatmap(appid, question, { rows, columns, metric });
  const overview = useOverview(appid, question);
  return (
    <Panel
      title={columns === 'metric' ? t('performance.heat.title_metrics') : t('performance.heat.title', { metric: t(`performance.metrics.${metric}`) })}
      extra={
        <span className="perf-tools">
          <Select aria-label={t('performance.heat.rows')} style={{ minWidth: 112 }} value={rows} options={heatRows.map((value) => ({ value, label: t(`performance.dimensions.${value}`) }))} onChange={(value) => change({ rows: value })} />
          <span className="muted">×</span>
          <Select aria-label={t('performance.heat.columns')} style={{ minWidth: 128 }} value={columns} options={heatColumns.map((value) => ({ value, label: t(`performance.heat.by.${value}`) }))} onChange={(value) => change({ columns: value })} />
        </span>
      }
    >
      <Loaded query={heat} rows={8}>
        {(data) =>
          data.cells.length === 0 ? (
            <Empty title={t('performance.heat.none')} text={t('performance.heat.none_hint')} />
          ) : (
            <Cells data={data} summaries={overview.data?.metrics ?? []} pick={(row, column) => isWord(row) && open({ words: withWord(view.words, data.rows as View['rows'], row), metric: metricOf(column) ?? metric })} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Cells({ data, summaries, pick }: { data: Heatmap; summaries: MetricSummary[]; pick(row: string, column: string): void }) {
  const { t } = useTranslation();
  const rows = data.rows as View['rows'];
  const values = useMemo(() => gridOf(data), [data]);
  const unit = useMemo(() => lasting('ms'), []);
  // A launch lasts longer than a setData: against each other stand only the parts of what is still good.
  const good = data.column_names.map((name) => summaries.find((one) => one.metric === name)?.limits.good_ms);
  const shade = good.every((one) => one !== undefined) ? { unit: timesGood(t('performance.heat.times')), values: values.map((row) => row.map((value, index) => (value === null ? null : value / good[index]!))) } : undefined;
  const columnName = (name: string) => {
    const metric = metricOf(name);
    if (metric) return t(`performance.metrics.${metric}`);
    return data.columns === 'day' ? name.slice(5) : name;
  };
  return (
    <HeatMap
      title={`${t(`performance.dimensions.${rows}`)} × ${t(`performance.heat.by.${data.columns as View['columns']}`)} · ${data.quantile}`}
      unit={unit}
      rowsName={t(`performance.dimensions.${rows}`)}
      rows={data.row_names.map((name) => ({ key: name, name: wordOf(rows, name) }))}
      columns={data.column_names.map((name) => ({ key: name, name: columnName(name) }))}
      values={values}
      shade={shade}
      hint={t('performance.heat.hint')}
      pick={pick}
    />
  );
}

const timesGood = (name: string): Unit => ({ name, adds: false, whole: false, text: (value) => `×${valueText(Number(value.toPrecision(2)))}` });
