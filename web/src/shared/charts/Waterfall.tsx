// What happened when, and for how long 瀑布图: a page's load, a launch's phases, a session's requests.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartFrame } from './ChartFrame';
import { msText } from './numbers';
import { cell } from './sheet';
import { cutText, linesOf, widthOf } from './text';
import { valueTicks } from './ticks';
import { TipRow } from './TimeTip';
import { useWidth } from './useWidth';

export interface Span {
  key: string;
  name: string;
  start: number; // ms after the beginning
  duration: number; // 0: a moment
  kind: string; // spans of a kind have one colour
  depth?: number; // inside of the span above
  failed?: boolean;
  parts?: { name: string; start: number; duration: number }[];
}
export interface WaterfallProps {
  title: string;
  spans: Span[];
  kinds: { key: string; name: string; color?: string }[];
  moments?: { name: string; at: number }[]; // firstRender, LCP …
  hint?: string;
  pick?: (key: string) => void;
}

const rowPx = 24;
const linePx = 14; // of the moments' names

export const lastOf = (spans: Span[], moments: { at: number }[] = []) => Math.max(1, ...spans.map((one) => one.start + one.duration), ...moments.map((one) => one.at));

export function Waterfall(props: WaterfallProps) {
  const { t } = useTranslation();
  const { title, spans, moments = [], hint, pick } = props;
  const last = lastOf(spans, moments);
  const kinds = props.kinds.map((one, index) => ({ ...one, color: one.color ?? `var(--chart-${(index % 7) + 1})` }));
  const there = kinds.filter((kind) => spans.some((one) => one.kind === kind.key));
  const sheet = {
    head: [t('charts.name'), t('charts.kind'), t('charts.start'), t('charts.duration')],
    rows: spans.map((one) => [
      cell(one.name, one.name, pick && (() => pick(one.key))),
      cell([kinds.find((kind) => kind.key === one.kind)?.name ?? one.kind, one.failed && t('charts.failed')].filter(Boolean).join(' · ')),
      cell(msText(one.start), one.start),
      cell(msText(one.duration), one.duration),
    ]),
  };
  const legend = (
    <ul className="chart-legend chart-legend-still">
      {there.map((one) => (
        <li key={one.key}>
          <span className="chart-swatch" style={{ background: one.color }} aria-hidden /> {one.name}
        </li>
      ))}
    </ul>
  );
  return (
    <ChartFrame title={title} summary={`ms · ${t('charts.lasted', { n: msText(last) })}`} sheet={sheet} legend={there} hint={hint} above={legend}>
      <Rows {...props} kinds={kinds} last={last} />
    </ChartFrame>
  );
}

function Rows({ title, spans, kinds, moments = [], pick, last }: Omit<WaterfallProps, 'kinds'> & { kinds: { key: string; name: string; color: string }[]; last: number }) {
  const { t } = useTranslation();
  const { ref, width } = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number | null>(null);
  const left = Math.min(width * 0.36, Math.max(80, ...spans.map((one) => widthOf(one.name) + 12 * (one.depth ?? 0))) + 12);
  const inner = Math.max(40, width - left - 64);
  const ticks = valueTicks(last, Math.max(2, Math.floor(inner / 110)), false).filter((one) => one <= last);
  const x = (ms: number) => left + (ms / last) * inner;
  const named = [...moments].sort((a, b) => a.at - b.at).map((one) => ({ x: x(one.at), text: one.name }));
  const lines = linesOf(named);
  const above = 20 + linePx * (Math.max(-1, ...lines) + 1);
  const height = above + spans.length * rowPx + 4;
  const color = (one: Span) => (one.failed ? 'var(--red)' : (kinds.find((kind) => kind.key === one.kind)?.color ?? 'var(--chart-others)'));
  const shown = at === null ? undefined : spans[at];
  return (
    <div className="chart-plot" ref={ref} onPointerLeave={() => setAt(null)}>
      <svg className={pick ? 'chart-svg chart-press' : 'chart-svg'} width={width} height={height} role="img" aria-label={`${title}, ${msText(last)}`}>
        {ticks.map((ms) => (
          <g key={ms}>
            <line x1={x(ms)} x2={x(ms)} y1={above - 4} y2={height} className="chart-grid" />
            <text x={x(ms)} y={12} textAnchor="middle" className="chart-text" fontSize={12}>
              {msText(ms)}
            </text>
          </g>
        ))}
        {spans.map((one, row) => (
          <g key={one.key} onPointerEnter={() => setAt(row)} onPointerUp={() => pick?.(one.key)}>
            <rect x={0} width={width} y={above + row * rowPx} height={rowPx} className={at === row ? 'chart-hover' : 'chart-clear'} />
            <text x={12 * (one.depth ?? 0)} y={above + row * rowPx + 16} className="chart-strong" fontSize={12}>
              {cutText(one.name, left - 12 - 12 * (one.depth ?? 0))}
            </text>
            {one.duration > 0 ? (
              <rect x={x(one.start)} width={Math.max(2, (one.duration / last) * inner)} y={above + row * rowPx + 5} height={14} rx={2} fill={color(one)} fillOpacity={one.parts ? 0.35 : 1} />
            ) : (
              <circle cx={x(one.start)} cy={above + row * rowPx + 12} r={4} fill={color(one)} />
            )}
            {one.parts?.map((part, index) => (
              <rect key={part.name} x={x(part.start)} width={Math.max(1, (part.duration / last) * inner)} y={above + row * rowPx + 8} height={8} fill={color(one)} fillOpacity={index % 2 === 0 ? 1 : 0.7} />
            ))}
            <text x={Math.min(x(one.start + one.duration) + 6, width - 58)} y={above + row * rowPx + 16} className="chart-text" fontSize={12}>
              {one.failed ? `✕ ${msText(one.duration)}` : msText(one.duration || one.start)}
            </text>
          </g>
        ))}
        {named.map((one, index) => (
          <g key={one.text}>
            <line x1={one.x} x2={one.x} y1={18 + linePx * lines[index]!} y2={height} className="chart-quantile" />
            <text x={Math.min(one.x + 4, width - widthOf(one.text))} y={28 + linePx * lines[index]!} className="chart-strong" fontSize={12}>
              {one.text}
            </text>
          </g>
        ))}
      </svg>
      {shown && at !== null && (
        <div className="chart-tip" style={{ top: above + (at + 1) * rowPx + 2, ...(x(shown.start) < width / 2 ? { left: x(shown.start) } : { right: width - x(shown.start + shown.duration) }) }}>
          <strong className="chart-tip-name">{shown.name}</strong>
          <TipRow name={t('charts.start')} text={msText(shown.start)} />
          <TipRow name={t('charts.duration')} color={color(shown)} text={msText(shown.duration)} />
          {shown.parts?.map((part) => <TipRow key={part.name} name={part.name} text={msText(part.duration)} />)}
          {shown.failed && <span className="state-red">{t('charts.failed')}</span>}
        </div>
      )}
    </div>
  );
}
