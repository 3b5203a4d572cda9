// What a bucket holds, beside the pointer.
import { useTranslation } from 'react-i18next';
import { clockTime, exactTime, useZone } from '../ui/time';
import { endOf, type Buckets } from './places';
import { sumOf, type Painted, type Value } from './series';
import type { Unit } from './units';

interface Props extends Buckets {
  drawn: Painted[];
  unit: Unit;
  range: [number, number]; // buckets: the one below the pointer, or those that are being chosen
  x: number;
  wide: number;
  width: number;
  filling: boolean;
}

const day = 86_400_000;

// Of several buckets: their sum, where sums have a meaning.
function valueIn(values: Value[] | undefined, [first, last]: [number, number], adds: boolean): Value {
  if (first === last) return values?.[first] ?? null;
  return adds && values ? sumOf(values.slice(first, last + 1)) : null;
}

export function TimeTip({ drawn, unit, range, x, wide, width, filling, ...buckets }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const [start, end] = [buckets.starts[range[0]]!, endOf(buckets, range[1])];
  const rows = drawn.map((one) => ({ ...one, value: valueIn(one.values, range, unit.adds), earlier: valueIn(one.before, range, unit.adds) }));
  const there = rows.filter(({ value }) => value !== null && !(unit.adds && value === 0 && drawn.length > 1));
  const befores = rows.filter(({ earlier }) => earlier !== null);
  const place = x + wide / 2 < width / 2 ? { left: x + wide } : { right: width - x };
  return (
    <div className="chart-tip" style={place}>
      <strong className="num">
        {exactTime(start, zone).replace(/:00$/, '')}
        {end - start < day ? ` – ${clockTime(end, zone)}` : range[0] < range[1] && ` – ${exactTime(end, zone).replace(/:00$/, '')}`}
      </strong>
      {there.map((one) => (
        <TipRow key={one.key} name={one.name} color={one.color} text={unit.text(one.value!)} />
      ))}
      {there.length === 0 && range[0] === range[1] && <span className="muted">{t('charts.nothing')}</span>}
      {unit.adds && befores.length > 0 && <TipRow name={t('charts.before')} text={unit.text(befores.reduce((all, one) => all + one.earlier!, 0))} />}
      {!unit.adds && befores.map((one) => <TipRow key={one.key} name={`${one.name} (${t('charts.before')})`} text={unit.text(one.earlier!)} />)}
      {filling && <span className="muted">{t('charts.still_filling')}</span>}
    </div>
  );
}

export function TipRow({ name, text, color = 'transparent' }: { name: string; text: string; color?: string }) {
  return (
    <div className="chart-tip-row">
      <span className="chart-swatch" style={{ background: color }} aria-hidden />
      <span>{name}</span>
      <span className="num">{text}</span>
    </div>
  );
}
