// What a launch is made of: its phases one after the other, as parts of the mean launch.
import { useTranslation } from 'react-i18next';
import { msText, percentText } from '@/shared/charts/numbers';
import { Panel, Wide } from '@/shared/ui/page';
import type { StartupPhase } from '../api/performance';

const color = (index: number, phase: StartupPhase['phase']) => (phase === 'other' ? 'var(--chart-others)' : `var(--chart-${index + 1})`);

export function StartupPhases({ phases }: { phases: StartupPhase[] }) {
  const { t } = useTranslation();
  if (phases.length === 0) return null;
  return (
    <Panel title={t('performance.phases.title')}>
      <div className="perf-phases" aria-hidden>
        {phases.map((one, index) => one.share > 0 && <i key={one.phase} style={{ flexGrow: one.share, background: color(index, one.phase) }} title={`${t(`performance.phases.${one.phase}`)} ${percentText(one.share)}`} />)}
      </div>
      <Wide label={t('performance.phases.title')}>
        <table className="grid perf-grid">
          <thead>
            <tr>
              <th scope="col">{t('performance.phases.phase')}</th>
              <th scope="col">{t('performance.phases.share')}</th>
              <th scope="col">p50</th>
              <th scope="col">p75</th>
              <th scope="col">p95</th>
            </tr>
          </thead>
          <tbody>
            {phases.map((one, index) => (
              <tr key={one.phase}>
                <th scope="row">
                  <span className="chart-swatch" style={{ background: color(index, one.phase) }} aria-hidden /> {t(`performance.phases.${one.phase}`)}
                </th>
                <td className="num">{percentText(one.share)}</td>
                {(['p50', 'p75', 'p95'] as const).map((quantile) => (
                  <td key={quantile} className="num">
                    {one.quantiles ? msText(one.quantiles[quantile]) : '—'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Panel>
  );
}
