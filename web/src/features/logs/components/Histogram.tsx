// Lines over time by level: begun when the first lines are there, filled from the newest to the oldest.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useConfidence } from '@/shared/charts/confidence';
import type { Mark } from '@/shared/charts/happenings';
import { TimeChart } from '@/shared/charts/TimeChart';
import { counted } from '@/shared/charts/units';
import { Failure, Loading } from '@/shared/ui/page';
import { exactTime, useZone } from '@/shared/ui/time';
import { useReleases, type Bars } from '../api/logs';
import { kindOf, levels, type Question } from './address';
import { levelColor } from './formats';

interface Props {
  appid: string;
  bars: Bars;
  question: Question;
  asOf: number;
  zoom(from: number, to: number): void;
}

export function Histogram({ appid, bars, question, asOf, zoom }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const confidence = useConfidence(appid, kindOf(question.source), question);
  const marks = useMarks(appid);
  const unit = useMemo(() => counted(t(`logs.per.${bars.step}`)), [t, bars.step]);
  const series = bars.series.map(({ key, values }) => {
    const level = levels.find((one) => one === key);
    return { key: key || 'none', name: level ? t(`logs.levels.${level}`) : t('logs.levels.none'), color: levelColor(key), values };
  });
  if (bars.isError && series.length === 0) return <Failure error={bars.error} retry={() => void bars.refetch()} />;
  if (!bars.data) return <Loading rows={5} />;
  const oldest = bars.buckets.starts[bars.series[0]?.values.findIndex((one) => one !== null) ?? 0];
  return (
    <>
      <TimeChart
        title={t('logs.over_time')}
        unit={unit}
        form="bars"
        height={156}
        {...bars.buckets}
        series={series.length > 0 ? series : [{ key: 'none', name: t('logs.over_time'), color: levelColor(''), values: bars.buckets.starts.map(() => 0) }]}
        asOf={asOf}
        marks={marks}
        confidence={confidence.data && { ...confidence.data, of: bars.complete && !question.query && !question.level ? bars.total : undefined }}
        zoom={zoom}
        hint={t('logs.zoom_hint')}
      />
      <p className="muted log-progress" role="status">
        {!bars.complete && !bars.isError && oldest !== undefined && t('logs.counting', { at: exactTime(oldest, zone) })}
        {bars.isError && t('logs.counting_failed')}
      </p>
    </>
  );
}

// A release stands where its first line came.
function useMarks(appid: string): Mark[] {
  const { t } = useTranslation();
  const releases = useReleases(appid);
  return useMemo(() => (releases.data ?? []).filter((one) => one.release).map((one) => ({ at: one.first_seen_at, kind: 'release', text: t('logs.release_mark', { release: one.release }) })), [releases.data, t]);
}
