// How values are spread 分布: bins side by side, however wide their values are, with the quantiles that people talk about.
import { useTranslation } from 'react-i18next';
import { ChartFrame } from './ChartFrame';
import type { Confidence } from './confidence';
import { countText, percentText } from './numbers';
import { cell } from './sheet';
import { linesOf, widthOf } from './text';
import { valueTicks } from './ticks';
import { TipRow } from './TimeTip';
import type { Unit } from './units';
import { useBrush } from './useBrush';
import { useWidth } from './useWidth';

export interface Bin {
  from: number;
  to: number; // Infinity: and more
  count: number;
}
export interface DistributionProps {
  title: string;
  unit: Unit; // of the values
  counts: string; // what is counted: the name on the other axis
  bins: Bin[];
  quantiles?: { p: number; value: number }[]; // p: 50, 75, 95 …
  confidence?: Confidence;
  hint?: string;
  pick?: (from: number, to: number) => void;
}

const plotPx = 136;
const linePx = 16; // of the quantiles' names
const below = 24;

// Where among the bins a value lies, from 0 to 1.
export function placeOf(bins: Bin[], value: number): number | undefined {
  const index = bins.findIndex((one) => value >= one.from && value <= one.to);
  if (index < 0) return undefined;
  const { from, to } = bins[index]!;
  return (index + (to > from ? (value - from) / (to - from) : 0)) / bins.length;
}

export function Distribution(props: DistributionProps) {
  const { t } = useTranslation();
  const { title, unit, counts, bins, confidence, hint, pick } = props;
  const total = bins.reduce((all, one) => all + one.count, 0);
  const name = ({ from, to }: Bin) => (to === Infinity ? `≥ ${unit.text(from)}` : `${unit.text(from)} – ${unit.text(to)}`);
  const sheet = {
    head: [unit.name, counts, t('charts.part')],
    rows: bins.filter((one) => one.count > 0).map((one) => [cell(name(one), name(one), pick && (() => pick(one.from, one.to))), cell(countText(one.count), one.count), cell(percentText(one.count, total))]),
  };
  const summary = [`${unit.name} × ${counts}`, t('charts.total', { n: countText(total) })].join(' · ');
  return (
    <ChartFrame title={title} summary={summary} sheet={sheet} confidence={confidence} hint={hint}>
      <Plot {...props} label={`${title}, ${summary}`} total={total} name={name} />
    </ChartFrame>
  );
}

function Plot({ bins, unit, counts, quantiles = [], pick, label, total, name }: DistributionProps & { label: string; total: number; name(bin: Bin): string }) {
  const { t } = useTranslation();
  const { ref, width } = useWidth<HTMLDivElement>();
  const ticks = valueTicks(Math.max(0, ...bins.map((one) => one.count)));
  const top = ticks.at(-1)!;
  const left = Math.max(...ticks.map((one) => widthOf(countText(one)))) + 10;
  const inner = Math.max(40, width - left - 8);
  const wide = inner / Math.max(1, bins.length);
  const choose = pick && ((first: number, last: number) => pick(bins[first]!.from, bins[last]!.to));
  const brush = useBrush(bins.length, left, inner, { press: (index) => choose?.(index, index), choose });
  const band = brush.chosen ?? (brush.at === null ? null : ([brush.at, brush.at] as const));
  const places = [...quantiles]
    .sort((a, b) => a.value - b.value)
    .flatMap(({ p, value }) => {
      const part = placeOf(bins, value);
      return part === undefined ? [] : [{ x: left + part * inner, text: `p${p} ${unit.text(value)}` }];
    });
  const lines = linesOf(places);
  const above = 12 + linePx * (Math.max(-1, ...lines) + 1);
  const height = above + plotPx + below;
  const y = (value: number) => above + plotPx * (1 - value / top);
  const every = Math.max(1, Math.ceil((bins.length * 84) / inner));
  return (
    <div className="chart-plot" ref={ref}>
      <svg className={pick ? 'chart-svg chart-open' : 'chart-svg'} width={width} height={height} role="img" aria-label={label} {...brush.handlers}>
        {ticks.map((value) => (
          <g key={value}>
            <line x1={left} x2={left + inner} y1={y(value)} y2={y(value)} className="chart-grid" />
            <text x={left - 6} y={y(value) + 4} textAnchor="end" className="chart-text" fontSize={12}>
              {countText(value)}
            </text>
          </g>
        ))}
        {band && <rect x={left + band[0] * wide} width={(band[1] - band[0] + 1) * wide} y={above} height={plotPx} className={brush.chosen ? 'chart-chosen' : 'chart-hover'} />}
        {bins.map((one, index) => (
          <g key={one.from}>
            {one.count > 0 && <rect x={left + index * wide + 0.5} width={Math.max(1, wide - 1)} y={Math.min(y(one.count), y(0) - 1)} height={Math.max(1, y(0) - y(one.count))} fill="var(--chart-1)" />}
            {index % every === 0 && left + index * wide + widthOf(unit.text(one.from)) <= width && (
              <text x={left + index * wide} y={height - 6} className="chart-text" fontSize={12}>
                {unit.text(one.from)}
              </text>
            )}
          </g>
        ))}
        {places.map(({ x, text }, index) => (
          <g key={text}>
            <line x1={x} x2={x} y1={4 + linePx * lines[index]!} y2={above + plotPx} className="chart-quantile" />
            <text x={Math.min(x + 4, width - widthOf(text))} y={12 + linePx * lines[index]!} className="chart-strong" fontSize={12}>
              {text}
            </text>
          </g>
        ))}
      </svg>
      {brush.at !== null && bins[brush.at] && (
        <div className="chart-tip" style={brush.at < bins.length / 2 ? { left: left + (brush.at + 1) * wide } : { right: width - left - brush.at * wide }}>
          <strong className="num">{name(bins[brush.at]!)}</strong>
          <TipRow name={counts} color="var(--chart-1)" text={countText(bins[brush.at]!.count)} />
          <TipRow name={t('charts.part')} text={percentText(bins[brush.at]!.count, total)} />
        </div>
      )}
    </div>
  );
}
