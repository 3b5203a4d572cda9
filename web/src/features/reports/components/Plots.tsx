// The same figures over time; a press leads to the conversations opened then.
import { Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { TimeChart } from '@/shared/charts/TimeChart';
import { counted, share } from '@/shared/charts/units';
import { spanOf, type Days } from '@/shared/charts/wholeDays';
import { dayText } from '@/shared/ui/days';
import { Loaded, Panel } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useFigures, type Answer, type Interval, type Listed, type Metric, type Question, type Span } from '../api/reports';
import type { Filters } from './address';
import { durations } from './figures';
import { hourOf, intervalFor, intervalsFor, longestOf, missedOf, openedOf, sharesOf, slotsOf, timesOf } from './plots';
import { scaleFor } from './spans';

interface Props {
  appid: string;
  days: Days;
  question: Question;
  asked: Interval | 'auto';
  timed: Metric; // whose times are drawn
  change(part: { interval?: string; timed?: string }): void;
  zoom(from: number, to: number): void;
  pick(days: Span, listed: Listed, more?: Filters): void;
}

export function Plots(props: Props) {
  const { t } = useTranslation();
  const { appid, days, question, asked, change } = props;
  const interval = intervalFor(asked, days);
  const figures = useFigures(appid, question, { interval });
  const offered = (['auto', ...intervalsFor(days)] as const).map((value) => ({ value, label: t(`reports.plots.intervals.${value}`) }));
  return (
    <>
      <div className="rep-tools">
        <Segmented aria-label={t('reports.plots.interval')} value={asked === 'auto' ? 'auto' : interval} options={offered} onChange={(value) => change({ interval: value })} />
      </div>
      <Loaded query={figures} rows={12}>
        {(answer) => <Drawn {...props} interval={interval} answer={answer} />}
      </Loaded>
    </>
  );
}

function Drawn({ days, timed, change, zoom, pick, interval, answer: { rows, totals } }: Props & { interval: Interval; answer: Answer }) {
  const { t } = useTranslation();
  const zone = useZone();
  const slots = slotsOf(days, zone, interval);
  const scale = scaleFor(longestOf(rows, timed));
  const hourly = interval === 'hour';
  const common = { ...slots, zoom: hourly ? undefined : zoom, height: 220, hint: t('reports.plots.hint') };
  // An hour is one of its day.
  const lead = (from: number, to: number, listed: Listed) => {
    if (!hourly) return pick({ from, to }, listed);
    const day = dayText(from, zone);
    pick(spanOf({ from: day, to: day }, zone), listed, { hour: String(hourOf(from, zone)) });
  };
  const spread = (key: string) => t(`reports.figures.${key as 'median'}`);
  const metric = (key: string) => t(`reports.metrics.${key as Metric}`);
  return (
    <div className="rep-plots">
      <Panel>
        <TimeChart {...common} title={t('reports.metrics.conversations')} unit={counted(t('reports.plots.axes.conversations'))} form="bars" series={openedOf(slots.starts, rows, metric)} pick={(from, to) => lead(from, to, { metric: 'conversations', part: 'all', order: 'newest' })} />
      </Panel>
      <Panel>
        <TimeChart
          {...common}
          title={t('reports.plots.times', { metric: metric(timed) })}
          unit={scale.unit}
          form="line"
          series={timesOf(slots.starts, rows, timed, scale.ms, spread)}
          pick={(from, to) => lead(from, to, { metric: timed, part: 'counted', order: 'largest' })}
          tools={<Select size="small" aria-label={t('reports.plots.timed')} popupMatchSelectWidth={false} value={timed} options={durations.map((value) => ({ value, label: metric(value) }))} onChange={(value) => change({ timed: value })} />}
        />
      </Panel>
      <Panel>
        <TimeChart {...common} title={t('reports.plots.missed')} unit={counted(t('reports.plots.axes.times'))} form="bars" series={missedOf(slots.starts, rows, (key) => t(`reports.missed.${key as 'wait'}`))} pick={(from, to, key) => lead(from, to, { metric: key === 'wait' ? 'wait' : 'response', part: 'missed', order: 'newest' })} />
      </Panel>
      <Panel>
        <TimeChart {...common} title={t('reports.plots.shares')} unit={share(t('reports.plots.axes.share'))} form="line" series={sharesOf(slots.starts, rows, totals, metric)} pick={(from, to, key) => lead(from, to, { metric: (key as Metric | undefined) ?? 'resolution', part: 'all', order: 'newest' })} />
      </Panel>
    </div>
  );
}
