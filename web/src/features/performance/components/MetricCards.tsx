// What is measured, one to be looked at: the six that people know as cards, what WeChat measures beside them as a row.
import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { msText } from '@/shared/charts/numbers';
import { Sparkline } from '@/shared/charts/Sparkline';
import type { MetricSummary } from '../api/performance';
import { mainMetrics, metrics, moreMetrics, type Metric } from './address';
import { changeOf } from './changes';
import { ChangeMark, GradeBar } from './marks';

interface Props {
  summaries: MetricSummary[];
  metric: Metric;
  choose(metric: Metric): void;
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// As radio buttons do: one stop of the Tab key, arrows choose.
export function MetricCards({ summaries, metric, choose }: Props) {
  const { t } = useTranslation();
  const group = useRef<HTMLDivElement>(null);
  const of = (one: Metric) => summaries.find((summary) => summary.metric === one);
  const press = (event: KeyboardEvent) => {
    const at = metrics.indexOf(metric);
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? metrics.length - 1 : steps[event.key] && (at + steps[event.key]! + metrics.length) % metrics.length;
    if (to === undefined) return;
    event.preventDefault();
    choose(metrics[to]!);
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[to]?.focus();
  };
  const radio = (one: Metric) => ({ type: 'button' as const, role: 'radio', 'aria-checked': one === metric, tabIndex: one === metric ? 0 : -1, onClick: () => choose(one) });
  return (
    <div ref={group} className="perf-metrics" role="radiogroup" aria-label={t('performance.metric')} onKeyDown={press}>
      <div className="perf-cards">
        {mainMetrics.map((one) => (
          <button key={one} {...radio(one)} className="perf-card">
            <Card metric={one} summary={of(one)} />
          </button>
        ))}
      </div>
      <div className="perf-more">
        {moreMetrics.map((one) => (
          <button key={one} {...radio(one)} className="perf-pill">
            {t(`performance.metrics.${one}`)} <P75 summary={of(one)} />
          </button>
        ))}
      </div>
    </div>
  );
}

// Not each of them is among the overview's.
const P75 = ({ summary }: { summary: MetricSummary | undefined }) => summary && <strong className="num">{summary.quantiles ? msText(summary.quantiles.p75) : '—'}</strong>;

function Card({ metric, summary }: { metric: Metric; summary: MetricSummary | undefined }) {
  const { t } = useTranslation();
  const there = summary?.quantiles ? summary : undefined;
  return (
    <>
      <span className="perf-card-name">
        {t(`performance.metrics.${metric}`)} <span className="muted">p75</span>
      </span>
      <span className="perf-card-line">
        <strong className="perf-card-value num">{there ? msText(there.quantiles!.p75) : '—'}</strong>
        {there && there.trend.length > 1 && <Sparkline values={there.trend.map((one) => one.p75)} label={t('performance.spark')} width={48} />}
      </span>
      {there ? <ChangeMark change={changeOf(there, there.before, 'p75')} before={there.before.quantiles?.p75} /> : <span className="muted">{t('performance.no_records')}</span>}
      {there && <GradeBar shares={there.shares} limits={there.limits} />}
    </>
  );
}
