// Records over time as stacked bars: zero-based, with units, what a bar holds under the pointer, a stretch of time to
// choose by dragging, and the same as a table, from which the keyboard chooses.
import { Button } from 'antd';
import { ChartColumn, Download, Table2 } from 'lucide-react';
import { useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime, dayOf, exactTime, useZone } from '@/shared/ui/time';
import { BarTable, csvOf } from './BarTable';
import { countText, niceTop } from './numbers';
import { intervals, type Interval } from './ranges';

export interface Series {
  key: string;
  name: string;
  color: string;
  values: number[];
}
export interface BarsProps {
  title: string;
  starts: number[];
  interval: Interval;
  series: Series[];
  hint: string;
  onPick(from: number, to: number): void;
}

const height = 100;
const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);

export function Bars(props: BarsProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const [table, setTable] = useState(false);
  const { title, starts, interval, series, hint } = props;
  const unit = t(`telemetry.chart.per_${interval}`);
  const total = t('telemetry.chart.total', { n: countText(sum(series.map((one) => sum(one.values)))) });
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['\ufeff', csvOf(t('telemetry.chart.time'), starts, series, zone)], { type: 'text/csv' }));
    link.download = `${title}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <figure className="bars">
      <figcaption>
        <strong>{title}</strong>
        <span className="muted num">
          {unit} · {total}
        </span>
        <span className="bars-tools">
          <Button size="small" type="text" icon={table ? <ChartColumn size={14} aria-hidden /> : <Table2 size={14} aria-hidden />} onClick={() => setTable(!table)}>
            {table ? t('telemetry.chart.as_chart') : t('telemetry.chart.as_table')}
          </Button>
          <Button size="small" type="text" aria-label={t('telemetry.chart.csv')} title={t('telemetry.chart.csv')} icon={<Download size={14} aria-hidden />} onClick={save} />
        </span>
      </figcaption>
      {series.length > 1 && (
        <ul className="bars-legend">
          {series.map((one) => (
            <li key={one.key}>
              <span className="bars-swatch" style={{ background: one.color }} aria-hidden />
              {one.name} <span className="muted num">{countText(sum(one.values))}</span>
            </li>
          ))}
        </ul>
      )}
      {table ? <BarTable {...props} /> : <Plot {...props} label={`${title}, ${unit}, ${total}`} />}
      {!table && <p className="muted bars-hint">{hint}</p>}
    </figure>
  );
}

function Plot({ starts, interval, series, onPick, label }: BarsProps & { label: string }) {
  const zone = useZone();
  const [at, setAt] = useState<number | null>(null);
  const [grip, setGrip] = useState<number | null>(null);
  const n = Math.max(1, starts.length);
  const ms = intervals[interval];
  const top = niceTop(Math.max(0, ...starts.map((_, index) => sum(series.map((one) => one.values[index]!)))));
  const middle = Number.isInteger(top / 2);
  const indexOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(n - 1, Math.floor(((event.clientX - box.left) / box.width) * n)));
  };
  const pick = (event: PointerEvent) => {
    if (grip === null) return;
    const end = indexOf(event);
    setGrip(null);
    onPick(starts[Math.min(grip, end)]!, starts[Math.max(grip, end)]! + ms);
  };
  const long = n * ms > 2 * 86_400_000;
  const mark = (index: number) => (long ? dayOf(starts[index]!, zone).replace(/^\d{4}.|.\d{4}$/, '') : clockTime(starts[index]!, zone));
  const chosen = grip !== null && at !== null ? [Math.min(grip, at), Math.max(grip, at)] : null;
  return (
    <div className="bars-plot">
      <div className="bars-y muted num" aria-hidden>
        <span>{countText(top)}</span>
        <span>{middle ? countText(top / 2) : ''}</span>
        <span>0</span>
      </div>
      <div className="bars-area" onPointerLeave={() => setAt(null)}>
        <svg
          viewBox={`0 0 ${n} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
          onPointerMove={(event) => setAt(indexOf(event))}
          onPointerDown={(event) => setGrip(indexOf(event))}
          onPointerUp={pick}
          onPointerCancel={() => setGrip(null)}
        >
          {(middle ? [0, 0.5, 1] : [0, 1]).map((part) => (
            <line key={part} x1={0} x2={n} y1={height * part} y2={height * part} className="bars-grid" />
          ))}
          {chosen && <rect x={chosen[0]} width={chosen[1]! - chosen[0]! + 1} y={0} height={height} className="bars-chosen" />}
          {at !== null && !chosen && <rect x={at} width={1} y={0} height={height} className="bars-hover" />}
          {starts.map((start, index) => {
            let base = height;
            return series.map((one) => {
              const tall = (one.values[index]! / top) * height;
              base -= tall;
              return tall > 0 ? <rect key={`${start} ${one.key}`} x={index + 0.1} width={0.8} y={base} height={tall} fill={one.color} /> : null;
            });
          })}
        </svg>
        {at !== null && starts[at] !== undefined && <Tip at={at} n={n} start={starts[at]!} series={series} zone={zone} />}
        <div className="bars-x muted num" aria-hidden>
          {[...new Set([0, Math.floor((n - 1) / 2), n - 1])].map((index) => (
            <span key={index}>{starts[index] === undefined ? '' : mark(index)}</span>
          ))}
        </div>
      </div>
    </div>
  );
}

function Tip({ at, n, start, series, zone }: { at: number; n: number; start: number; series: Series[]; zone: string }) {
  const there = series.filter((one) => one.values[at]! > 0);
  return (
    <div className="bars-tip" style={at < n / 2 ? { left: `${((at + 1) / n) * 100}%` } : { right: `${(1 - at / n) * 100}%` }}>
      <strong className="num">{exactTime(start, zone).replace(/:00$/, '')}</strong>
      {(there.length > 0 ? there : series.slice(0, 1)).map((one) => (
        <div key={one.key} className="bars-tip-row">
          <span className="bars-swatch" style={{ background: one.color }} aria-hidden />
          <span>{one.name}</span>
          <span className="num">{countText(one.values[at]!)}</span>
        </div>
      ))}
    </div>
  );
}
