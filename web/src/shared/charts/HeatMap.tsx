// Two properties against each other 热力图: page × hour, model × metric. The deeper the colour, the larger the value; the
// one largest of twenty does not make the others pale.
import { useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartFrame } from './ChartFrame';
import type { Confidence } from './confidence';
import type { Value } from './series';
import { cell } from './sheet';
import { cutText, widthOf } from './text';
import { TipRow } from './TimeTip';
import type { Unit } from './units';
import { useWidth } from './useWidth';

interface Named {
  key: string;
  name: string;
}
export interface HeatMapProps {
  title: string;
  unit: Unit;
  rowsName: string; // what the rows are
  rows: Named[];
  columns: Named[];
  values: Value[][]; // row by row
  shade?: { unit: Unit; values: Value[][] }; // what the colours follow, where the columns' values do not compare
  confidence?: Confidence;
  hint?: string;
  pick?: (row: string, column: string) => void;
}

// From 0 to 1: where the colour is full, at the 95th percentile.
export function heatOf(values: Value[]): { full: number; heat(value: number): number } {
  const known = values.filter((one) => one !== null).sort((a, b) => a - b);
  const full = known[Math.min(known.length - 1, Math.floor(known.length * 0.95))] ?? 0;
  return { full, heat: (value) => (full > 0 ? Math.max(0, Math.min(1, value / full)) : 0) };
}

const rowPx = 26;
const below = 24;
const opacityOf = (heat: number) => 0.08 + 0.92 * heat;

export function HeatMap(props: HeatMapProps) {
  const { t } = useTranslation();
  const { title, unit, rowsName, rows, columns, values, shade = { unit, values }, confidence, hint, pick } = props;
  const { full, heat } = heatOf(shade.values.flat());
  const sheet = {
    head: [rowsName, ...columns.map((one) => one.name)],
    rows: rows.map((row, r) => [
      cell(row.name),
      ...columns.map((column, c) => {
        const value = values[r]?.[c] ?? null;
        return cell(value === null ? '—' : unit.text(value), value, value !== null && pick ? () => pick(row.key, column.key) : undefined);
      }),
    ]),
  };
  const scale = (
    <p className="chart-scale muted num">
      {t('charts.low')} 0
      <span aria-hidden>
        {[0, 0.25, 0.5, 0.75, 1].map((one) => (
          <i key={one} style={{ opacity: opacityOf(one) }} />
        ))}
      </span>
      {t('charts.high')} ≥ {shade.unit.text(full)} {shade.unit !== unit && shade.unit.name}
    </p>
  );
  return (
    <ChartFrame title={title} summary={unit.name} sheet={sheet} confidence={confidence} hint={hint} above={scale}>
      <Cells {...props} heatAt={(row, column) => heat(shade.values[row]?.[column] ?? 0)} />
    </ChartFrame>
  );
}

function Cells({ title, unit, rows, columns, values, pick, heatAt }: HeatMapProps & { heatAt(row: number, column: number): number }) {
  const { t } = useTranslation();
  const { ref, width } = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<[number, number] | null>(null);
  const left = Math.min(width * 0.34, Math.max(40, ...rows.map((one) => widthOf(one.name))) + 10);
  const wide = (width - left) / Math.max(1, columns.length);
  const height = rows.length * rowPx + below;
  const every = Math.max(1, Math.ceil((Math.max(...columns.map((one) => widthOf(one.name))) + 8) / wide));
  const placeOf = (event: PointerEvent<SVGSVGElement>): [number, number] | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const place: [number, number] = [Math.floor((event.clientY - box.top) / rowPx), Math.floor((event.clientX - box.left - left) / wide)];
    return rows[place[0]] && columns[place[1]] ? place : null;
  };
  const press = (event: PointerEvent<SVGSVGElement>) => {
    const place = placeOf(event);
    if (place && (values[place[0]]?.[place[1]] ?? null) !== null) pick?.(rows[place[0]]!.key, columns[place[1]]!.key);
  };
  const value = at ? (values[at[0]]?.[at[1]] ?? null) : null;
  return (
    <div className="chart-plot" ref={ref}>
      <svg className={pick ? 'chart-svg chart-press' : 'chart-svg'} width={width} height={height} role="img" aria-label={`${title}, ${unit.name}`} onPointerMove={(event) => setAt(placeOf(event))} onPointerLeave={() => setAt(null)} onPointerUp={press}>
        {rows.map((row, r) => (
          <g key={row.key}>
            <text x={left - 8} y={r * rowPx + 17} textAnchor="end" className="chart-strong" fontSize={12}>
              <title>{row.name}</title>
              {cutText(row.name, left - 12)}
            </text>
            {columns.map((column, c) => {
              const one = values[r]?.[c] ?? null;
              return one === null ? null : <rect key={column.key} x={left + c * wide + 0.5} y={r * rowPx + 1} width={Math.max(1, wide - 1)} height={rowPx - 2} rx={2} fill="var(--chart-heat)" fillOpacity={opacityOf(heatAt(r, c))} />;
            })}
          </g>
        ))}
        {at && <rect x={left + at[1] * wide} y={at[0] * rowPx} width={wide} height={rowPx} rx={2} className="chart-ring" />}
        {columns.map(
          (column, c) =>
            c % every === 0 && (
              <text key={column.key} x={left + (c + 0.5) * wide} y={height - 6} textAnchor="middle" className="chart-text" fontSize={12}>
                {column.name}
              </text>
            ),
        )}
      </svg>
      {at && (
        <div className="chart-tip" style={{ top: (at[0] + 1) * rowPx + 4, ...(at[1] < columns.length / 2 ? { left: left + at[1] * wide } : { right: width - left - (at[1] + 1) * wide }) }}>
          <strong>{rows[at[0]]!.name}</strong>
          <TipRow name={columns[at[1]]!.name} color={value === null ? undefined : 'var(--chart-heat)'} text={value === null ? t('charts.nothing') : unit.text(value)} />
        </div>
      )}
    </div>
  );
}
