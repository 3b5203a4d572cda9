// A metric over time 趋势: its quantiles with the period before, or one quantile by a property's values.
import { Checkbox, Segmented, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useConfidence } from '@/shared/charts/confidence';
import type { Mark } from '@/shared/charts/happenings';
import { TimeChart } from '@/shared/charts/TimeChart';
import { lasting } from '@/shared/charts/units';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useReleases, useTrend } from '../api/performance';
import { groupings, intervals, quantiles, type Quantile, type Question, type View } from './address';
import { namesOf, valuesOf } from './buckets';
import { othersName, wordOf } from './words';

interface Props {
  appid: string;
  view: View;
  question: Question;
  asOf: number;
  change(part: Partial<View>): void;
}
type Trended = NonNullable<ReturnType<typeof useTrend>['data']>;

// Beyond it, hours are more than can be told apart.
const hoursMax = 32 * 86_400_000;

const colorOf = (index: number) => `var(--chart-${index + 1})`;

function seriesOf({ items, buckets, before, by }: Trended, lines: Quantile[]) {
  if (!by) return lines.map((line) => ({ key: line as string, name: line as string, color: colorOf(quantiles.indexOf(line)), values: valuesOf(buckets, items, line), before: before && valuesOf(before, before.items, line) }));
  return namesOf(items, othersName).map((name, index) => ({
    key: name,
    name: wordOf(by, name),
    color: name === othersName ? 'var(--chart-others)' : colorOf(index),
    values: valuesOf(buckets, items.filter((one) => one.name === name), lines[0]!),
  }));
}

export function Trend({ appid, view, question, asOf, change }: Props) {
  const { t } = useTranslation();
  const { metric, by, lines } = view;
  const offered = intervals.filter((one) => one !== 'hour' || question.to - question.from <= hoursMax);
  const interval = offered.includes(view.interval) ? view.interval : 'auto';
  const trend = useTrend(appid, question, { metric, interval, by: by || undefined });
  const confidence = useConfidence(appid, 'performance', question);
  const marks = useMarks(appid);
  const unit = useMemo(() => lasting('ms'), []);
  return (
    <Panel>
      <div className="perf-tools" role="group" aria-label={t('performance.trend.tools')}>
        <Segmented aria-label={t('performance.trend.interval')} value={interval} options={offered.map((value) => ({ value, label: t(`performance.trend.intervals.${value}`) }))} onChange={(value) => change({ interval: value })} />
        <Select aria-label={t('performance.trend.by')} style={{ minWidth: 148 }} value={by} options={[{ value: '' as const, label: t('performance.trend.together') }, ...groupings.map((value) => ({ value, label: t('performance.trend.by_one', { by: t(`performance.dimensions.${value}`) }) }))]} onChange={(value) => change({ by: value })} />
        {by ? (
          <Segmented aria-label={t('performance.trend.quantile')} value={lines[0]} options={[...quantiles]} onChange={(value) => change({ lines: [value] })} />
        ) : (
          <span role="group" aria-label={t('performance.trend.lines')}>
            <Checkbox.Group value={lines} options={[...quantiles]} onChange={(chosen) => chosen.length > 0 && change({ lines: quantiles.filter((one) => chosen.includes(one)) })} />
          </span>
        )}
      </div>
      <Loaded query={trend} rows={6}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title={t('performance.none_metric', { metric: t(`performance.metrics.${data.metric}`) })} text={t('performance.none_metric_hint')} />
          ) : (
            <TimeChart
              title={[t('performance.trend.title', { metric: t(`performance.metrics.${data.metric}`) }), data.by && lines[0]].filter(Boolean).join(' · ')}
              unit={unit}
              form="line"
              height={240}
              {...data.buckets}
              series={seriesOf(data, lines)}
              asOf={asOf}
              marks={marks}
              confidence={confidence.data}
              zoom={(from, to) => change({ range: { from, to } })}
              hint={t('performance.trend.hint')}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function useMarks(appid: string): Mark[] {
  const { t } = useTranslation();
  const releases = useReleases(appid);
  return useMemo(
    () => (releases.data ?? []).filter((one) => one.release).map((one) => ({ at: one.first_seen_at, kind: 'release', text: t('performance.trend.release', { release: one.release }), to: `/m/${appid}/performance/compare?${new URLSearchParams({ against: 'release', b: one.release })}` })),
    [releases.data, t, appid],
  );
}
