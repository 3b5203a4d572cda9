// The drawing of a chart over time, in real pixels.
import { useId, useMemo, type PointerEvent } from 'react';
import { clockTime, dayOf, useZone } from '../ui/time';
import { MarkLines, MarkPlaces } from './Marks';
import { groupsOf } from './happenings';
import { endOf, partAt } from './places';
import { beforesOf, layerAt, layersOf, pathOf, stretchesOf, topOf, type Form, type Layer, type Painted } from './series';
import { widthOf } from './text';
import { timeTicks, valueTicks } from './ticks';
import type { TimeChartProps } from './TimeChart';
import { TimeTip } from './TimeTip';
import { useBrush } from './useBrush';
import { useWidth } from './useWidth';

const unitPx = 26; // the axis' name, above it
const marksPx = 20;
const below = 22;
const gridText = 12;

export function TimePlot({ drawn, filling, label, ...props }: TimeChartProps & { drawn: Painted[]; filling: [number, number] | undefined; label: string }) {
  const zone = useZone();
  const hatch = useId();
  const { ref, width } = useWidth<HTMLDivElement>();
  const { starts, end, unit, form, marks, zoom, pick, height = 180 } = props;
  const n = Math.max(1, starts.length);
  const stacked = form !== 'line' && unit.adds;
  const layers = useMemo(() => layersOf(drawn, stacked), [drawn, stacked]);
  const befores = useMemo(() => beforesOf(drawn, stacked), [drawn, stacked]);
  const ticks = valueTicks(topOf(layers, befores), height > 120 ? 4 : 2, unit.whole);
  const top = ticks.at(-1)!;
  const left = Math.max(...ticks.map((one) => widthOf(unit.text(one)))) + 10;
  const inner = Math.max(40, width - left - 8);
  const groups = groupsOf(marks ?? [], props, inner);
  const above = unitPx + (groups.length > 0 ? marksPx : 0);
  const tall = height - above - below;
  const y = (value: number) => above + tall * (1 - value / top);
  const wide = inner / n;
  const press = (index: number, event: PointerEvent<SVGSVGElement>) => {
    const value = (1 - (event.clientY - event.currentTarget.getBoundingClientRect().top - above) / tall) * top;
    const key = layerAt(layers, index, value, top / 20, stacked);
    if (pick) pick(starts[index]!, endOf(props, index), key);
    else zoom?.(starts[index]!, endOf(props, index));
  };
  const brush = useBrush(n, left, inner, { press, choose: zoom && ((first, last) => zoom(starts[first]!, endOf(props, last))) });
  const band = ([first, last]: [number, number], className: string, fill?: string) => <rect x={left + first * wide} width={(last - first + 1) * wide} y={above} height={tall} className={className} fill={fill} />;
  return (
    <div className="chart-plot" ref={ref}>
      <svg className={open(props) ? 'chart-svg chart-open' : 'chart-svg'} width={width} height={height} role="img" aria-label={label} {...brush.handlers}>
        <defs>
          <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1={0} x2={0} y1={0} y2={6} className="chart-hatch" />
          </pattern>
        </defs>
        <text x={0} y={12} className="chart-text" fontSize={gridText}>
          {unit.name}
        </text>
        {ticks.map((value) => (
          <g key={value}>
            <line x1={left} x2={left + inner} y1={y(value)} y2={y(value)} className="chart-grid" />
            <text x={left - 6} y={y(value) + 4} textAnchor="end" className="chart-text" fontSize={gridText}>
              {unit.text(value)}
            </text>
          </g>
        ))}
        <TimeAxis starts={starts} end={end} left={left} inner={inner} y={height - 6} zone={zone} />
        {brush.chosen && band(brush.chosen, 'chart-chosen')}
        {brush.at !== null && !brush.chosen && band([brush.at, brush.at], 'chart-hover')}
        {layers.map((layer) => (
          <LayerShape key={layer.key} layer={layer} form={form} x={(index) => left + index * wide} wide={wide} y={y} />
        ))}
        {befores.map((one) =>
          stretchesOf(one.values.slice(0, n)).map((stretch) => <path key={`${one.key} ${stretch[0]}`} d={pathOf(stretch, (index) => left + (index + 0.5) * wide, (index) => y(one.values[index]!))} className="chart-before" stroke={one.color} />),
        )}
        {filling && band(filling, 'chart-filling', `url(#${hatch})`)}
        <MarkLines groups={groups} left={left} top={above} bottom={above + tall} />
      </svg>
      <MarkPlaces groups={groups} left={left} />
      {brush.at !== null && starts[brush.at] !== undefined && (
        <TimeTip {...props} drawn={drawn} range={brush.chosen ?? [brush.at, brush.at]} x={left + brush.at * wide} wide={wide} width={width} filling={!!filling && brush.at >= filling[0] && brush.at <= filling[1]} />
      )}
    </div>
  );
}

const open = ({ zoom, pick }: TimeChartProps) => !!zoom || !!pick;

function TimeAxis({ starts, end, left, inner, y, zone }: { starts: number[]; end: number; left: number; inner: number; y: number; zone: string }) {
  if (starts.length === 0) return null;
  const ticks = timeTicks({ from: starts[0]!, to: end }, inner / 76, zone);
  return (
    <>
      {ticks.map(({ at, isDay }) => {
        const x = left + partAt({ starts, end }, at)! * inner;
        const text = isDay ? dayOf(at, zone).replace(/^\d{4}.|.\d{4}$/, '') : clockTime(at, zone);
        // What would stick out to the right is left out; the next tick says it.
        return x + widthOf(text) / 2 > left + inner + 8 ? null : (
          <text key={at} x={Math.max(x, widthOf(text) / 2)} y={y} textAnchor="middle" className="chart-text" fontSize={gridText} fontWeight={isDay ? 600 : 400}>
            {text}
          </text>
        );
      })}
    </>
  );
}

function LayerShape({ layer, form, x, wide, y }: { layer: Layer; form: Form; x(index: number): number; wide: number; y(value: number): number }) {
  const gap = wide > 4 ? Math.min(2, wide * 0.1) : 0;
  if (form === 'bars') {
    return (
      <g fill={layer.color}>
        {layer.to.map((to, index) => {
          const from = layer.from[index]!;
          // The smallest that is not nothing can be seen.
          return to !== null && to > from ? <rect key={index} x={x(index) + gap} width={wide - 2 * gap} y={Math.min(y(to), y(from) - 1)} height={Math.max(1, y(from) - y(to))} /> : null;
        })}
      </g>
    );
  }
  const middle = (index: number) => x(index) + wide / 2;
  return (
    <g>
      {stretchesOf(layer.to).map((stretch) => {
        const line = pathOf(stretch, middle, (index) => y(layer.to[index]!));
        if (stretch.length === 1) return <circle key={stretch[0]} cx={middle(stretch[0]!)} cy={y(layer.to[stretch[0]!]!)} r={2.5} fill={layer.color} />;
        const floor = pathOf([...stretch].reverse(), middle, (index) => y(layer.from[index]!)).replace('M', 'L');
        return (
          <g key={stretch[0]}>
            {form === 'area' && <path d={`${line}${floor}Z`} fill={layer.color} fillOpacity={0.22} />}
            <path d={line} fill="none" stroke={layer.color} strokeWidth={1.8} strokeLinejoin="round" />
          </g>
        );
      })}
    </g>
  );
}
