// A figure over time 趋势图: lines, areas or stacked bars, the period before, what happened meanwhile. Dragging chooses a
// stretch of time, a press the records behind; the table does the same for the keyboard.
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { exactTime, useZone } from '../ui/time';
import { ChartFrame } from './ChartFrame';
import type { Confidence } from './confidence';
import type { Mark } from './happenings';
import { endOf, fillingOf, type Buckets } from './places';
import { drawnOf, sumOf, type Form, type Painted, type Series } from './series';
import { cell, type Sheet } from './sheet';
import { TimePlot } from './TimePlot';
import type { Unit } from './units';

export interface TimeChartProps extends Buckets {
  title: string;
  unit: Unit;
  form: Form;
  series: Series[];
  asOf?: number; // when it was asked for: the two minutes before are still filling
  marks?: Mark[];
  confidence?: Confidence;
  hint?: string;
  tools?: ReactNode;
  height?: number;
  zoom?: (from: number, to: number) => void;
  pick?: (from: number, to: number, key?: string) => void; // without it, a press zooms
}

export function TimeChart(props: TimeChartProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { title, unit, series, starts, end, zoom, pick, tools, confidence, hint } = props;
  const others = t('charts.others');
  const { drawn, left } = useMemo(() => drawnOf(series, unit.adds, others), [series, unit.adds, others]);
  const shown = drawn.filter((one) => !hidden.has(one.key));
  const total = series.reduce((all, one) => all + sumOf(one.values), 0);
  const most = Math.max(0, ...series.flatMap((one) => one.values.map((value) => value ?? 0)));
  const summary = unit.adds ? t('charts.total', { n: unit.text(total) }) : t('charts.most', { n: unit.text(most) });
  const filling = props.asOf === undefined ? undefined : fillingOf(props, props.asOf);
  const open = pick ?? zoom;
  const sheet = timeSheet({ series, starts, end }, unit, zone, { time: t('charts.time'), before: t('charts.before') }, open);
  const toggle = (key: string) => setHidden(hidden.has(key) ? new Set([...hidden].filter((one) => one !== key)) : new Set([...hidden, key]));
  return (
    <ChartFrame
      title={title}
      summary={summary}
      sheet={sheet}
      legend={shown}
      confidence={confidence}
      tools={tools}
      hint={[filling && t('charts.filling'), hint].filter(Boolean).join(' · ')}
      above={drawn.length > 1 && <Legend series={drawn} unit={unit} hidden={hidden} toggle={toggle} left={left} />}
    >
      <TimePlot {...props} drawn={shown} filling={filling} label={`${title}, ${unit.name}, ${summary}`} />
    </ChartFrame>
  );
}

function Legend({ series, unit, hidden, toggle, left }: { series: Painted[]; unit: Unit; hidden: ReadonlySet<string>; toggle(key: string): void; left: number }) {
  const { t } = useTranslation();
  return (
    <ul className="chart-legend">
      {series.map((one) => (
        <li key={one.key}>
          <button type="button" aria-pressed={!hidden.has(one.key)} title={t('charts.toggle')} onClick={() => toggle(one.key)}>
            <span className="chart-swatch" style={{ background: one.color }} aria-hidden />
            {one.name} {unit.adds && <span className="muted num">{unit.text(sumOf(one.values))}</span>}
          </button>
        </li>
      ))}
      {left > 0 && <li className="muted">{t('charts.left', { n: left })}</li>}
    </ul>
  );
}

// The newest first; buckets in which nothing was counted are left out.
export function timeSheet({ series, ...buckets }: { series: Series[] } & Buckets, unit: Unit, zone: string, names: { time: string; before: string }, open?: (from: number, to: number) => void): Sheet {
  const columns = series.flatMap((one) => [{ name: one.name, values: one.values }, ...(one.before ? [{ name: `${one.name} (${names.before})`, values: one.before }] : [])]);
  const rows = buckets.starts.map((start, index) => ({ start, index })).filter(({ index }) => !unit.adds || columns.some((one) => (one.values[index] ?? 0) > 0));
  return {
    head: [names.time, ...columns.map((one) => one.name)],
    rows: rows.reverse().map(({ start, index }) => [
      cell(exactTime(start, zone), exactTime(start, zone), open && (() => open(start, endOf(buckets, index)))),
      ...columns.map(({ values }) => {
        const value = values[index] ?? null;
        return cell(value === null ? '—' : unit.text(value), value);
      }),
    ]),
  };
}
