// A small plot of polled values: zero-based, the last ten minutes, with a sentence for screen readers.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pollMs } from '../api/gateway';

export interface Sample {
  at: number;
  value: number;
}

const kept = 10 * 60_000;

// Collects a value each time it is polled.
export function useSamples(at: number | undefined, value: number | null | undefined): Sample[] {
  const samples = useRef<Sample[]>([]);
  const [, redraw] = useState(0);
  useEffect(() => {
    if (at === undefined || value == null) return;
    samples.current = [...samples.current.filter((one) => at - one.at < kept && one.at !== at), { at, value }];
    redraw((n) => n + 1);
  }, [at, value]);
  return samples.current;
}

const width = 480;
const height = 96;
const foot = 16;

export function Plot({ title, samples, digits = 0 }: { title: string; samples: Sample[]; digits?: number }) {
  const { t } = useTranslation();
  const last = samples.at(-1);
  const end = last?.at ?? 0;
  const start = Math.min(samples[0]?.at ?? end, end - 60_000);
  const max = Math.max(...samples.map((one) => one.value), 0);
  const top = max > 0 ? max * 1.15 : 1;
  const x = (at: number) => ((at - start) / Math.max(1, end - start)) * width;
  const y = (value: number) => (height - foot) * (1 - value / top);
  // A gap in polling is a gap in the line.
  const line = samples.map((one, index) => `${index > 0 && one.at - samples[index - 1]!.at < pollMs * 4 ? 'L' : 'M'}${x(one.at).toFixed(1)} ${y(one.value).toFixed(1)}`).join('');
  const now = t('gateway.health.chart_now', { n: (last?.value ?? 0).toFixed(digits) });
  const highest = t('gateway.health.chart_max', { n: max.toFixed(digits) });
  return (
    <figure className="plot">
      <figcaption>
        <strong>{title}</strong>
        <span className="muted num">{samples.length > 0 ? `${now} · ${highest}` : t('gateway.health.chart_waiting')}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${now}, ${highest}`}>
        {[0, 0.5, 1].map((part) => (
          <line key={part} x1={0} x2={width} y1={y(top * part * 0.87)} y2={y(top * part * 0.87)} className="plot-grid" />
        ))}
        {samples.length > 1 && <path d={`${line}`} className="plot-line" />}
      </svg>
      <div className="plot-axis muted num" aria-hidden>
        <span>{t('gateway.health.minutes_ago', { n: Math.max(1, Math.round((end - start) / 60_000)) })}</span>
        <span>{t('gateway.health.now')}</span>
      </div>
    </figure>
  );
}
