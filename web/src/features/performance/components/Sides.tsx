// Two sides of a comparison: what can be said of each quantile, and how each side is spread.
import { ArrowDown, ArrowUp, CircleHelp, Minus } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Distribution } from '@/shared/charts/Distribution';
import { countText, msText, percentText } from '@/shared/charts/numbers';
import { lasting } from '@/shared/charts/units';
import { Empty, Panel, Wide } from '@/shared/ui/page';
import { exactTime, useZone } from '@/shared/ui/time';
import type { Comparison } from '../api/performance';
import { binsOf, marksOf } from './bins';
import { signedText } from './marks';

const icons = { better: ArrowDown, worse: ArrowUp, same: Minus, needs_data: CircleHelp };

function useSideNames({ a, b }: Comparison) {
  const { t } = useTranslation();
  const zone = useZone();
  const time = (at: number) => exactTime(at, zone).replace(/:\d\d$/, '');
  const name = ({ release, from, to }: Comparison['a']) => (a.release !== b.release && release ? release : `${time(from)} – ${time(to)}`);
  return { a: `${t('performance.compare.a')} ${name(a)}`, b: `${t('performance.compare.b')} ${name(b)}` };
}

export function Verdict({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  const names = useSideNames(data);
  const main = data.differences.find((one) => one.quantile === 'p75');
  return (
    <>
      {main && (
        <p className={`perf-verdict perf-verdict-${main.verdict}`} role="status">
          <VerdictText verdict={main.verdict} />
          <span className="num">
            {main.verdict === 'needs_data'
              ? t('performance.compare.needs_data', { a: countText(data.a.count), b: countText(data.b.count) })
              : t('performance.compare.sentence', { a: msText(main.a_ms), b: msText(main.b_ms), change: signedText(main.change_ms), low: signedText(main.low_ms), high: signedText(main.high_ms) })}
          </span>
        </p>
      )}
      <Wide label={t('performance.compare.table')}>
        <table className="grid perf-grid">
          <thead>
            <tr>
              <th scope="col">{t('performance.compare.quantile')}</th>
              <th scope="col">{names.a}</th>
              <th scope="col">{names.b}</th>
              <th scope="col">{t('performance.compare.difference')}</th>
              <th scope="col">{t('performance.compare.between')}</th>
              <th scope="col">{t('performance.compare.verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {data.differences.map((one) => (
              <tr key={one.quantile}>
                <th scope="row">{one.quantile}</th>
                <td className="num">{msText(one.a_ms)}</td>
                <td className="num">{msText(one.b_ms)}</td>
                <td className="num">
                  {signedText(one.change_ms)}
                  {one.change_share !== null && <span className="muted"> ({one.change_share < 0 ? '−' : '+'}{percentText(Math.abs(one.change_share))})</span>}
                </td>
                <td className="num">{one.verdict === 'needs_data' ? '—' : `${signedText(one.low_ms)} … ${signedText(one.high_ms)}`}</td>
                <td>
                  <VerdictText verdict={one.verdict} />
                </td>
              </tr>
            ))}
            <tr>
              <th scope="row">{t('performance.where.count')}</th>
              <td className="num">{countText(data.a.count)}</td>
              <td className="num">{countText(data.b.count)}</td>
              <td colSpan={3} />
            </tr>
          </tbody>
        </table>
      </Wide>
      <p className="muted perf-hint">{t('performance.compare.hint')}</p>
    </>
  );
}

function VerdictText({ verdict }: { verdict: Comparison['differences'][number]['verdict'] }) {
  const { t } = useTranslation();
  const Icon = icons[verdict];
  return (
    <strong className={`perf-change perf-change-${verdict === 'needs_data' ? 'few' : verdict}`}>
      <Icon size={14} aria-hidden />
      {t(`performance.compare.verdicts.${verdict}`)}
    </strong>
  );
}

export function Sides({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  const names = useSideNames(data);
  const unit = useMemo(() => lasting('ms'), []);
  return (
    <div className="perf-two">
      {(['a', 'b'] as const).map((side) => (
        <Panel key={side}>
          {data[side].count === 0 ? (
            <Empty title={t('performance.compare.side_empty', { side: names[side] })} />
          ) : (
            <Distribution title={names[side]} unit={unit} counts={t('performance.spread.counts')} bins={binsOf(data.bars.map((one) => ({ from_ms: one.from_ms, to_ms: one.to_ms, count: one[`${side}_count`] })))} quantiles={marksOf(data[side].quantiles)} />
          )}
        </Panel>
      ))}
    </div>
  );
}
