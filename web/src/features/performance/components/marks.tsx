// Better or worse, good or poor: said by a word and an icon, never by a colour alone.
import { ArrowDown, ArrowUp, CircleHelp, Minus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { countText, msText, percentText } from '@/shared/charts/numbers';
import type { Schemas } from '@/shared/api/client';
import type { Change } from './changes';

const icons = { better: ArrowDown, worse: ArrowUp, same: Minus, few: CircleHelp };

export function ChangeMark({ change: { verdict, share }, before }: { change: Change; before?: number }) {
  const { t } = useTranslation();
  if (verdict === 'none') return <span className="muted">{t('performance.change.none')}</span>;
  const Icon = icons[verdict];
  const x = percentText(Math.abs(share));
  const text = verdict === 'same' ? t('performance.change.same') : share < 0 ? t('performance.change.better', { x }) : t('performance.change.worse', { x });
  const hint = [before !== undefined && t('performance.change.before', { ms: msText(before) }), verdict === 'few' && t('performance.change.few')].filter(Boolean).join(' · ');
  return (
    <span className={`perf-change perf-change-${verdict} num`} title={hint || undefined}>
      <Icon size={14} aria-hidden />
      {text}
      {verdict === 'few' && <span className="sr-only"> {t('performance.change.few')}</span>}
    </span>
  );
}

export const grades = ['good', 'fair', 'poor'] as const;

export function GradeBar({ shares, limits }: Pick<Schemas['PerformanceMetricSummary'], 'shares' | 'limits'>) {
  const { t } = useTranslation();
  if (!shares) return null;
  return (
    <span className="perf-grades" title={t('performance.grades.limits', { good: msText(limits.good_ms), poor: msText(limits.poor_ms) })}>
      <span className="perf-grade-bar" aria-hidden>
        {grades.map((one) => (
          <i key={one} className={`perf-grade-${one}`} style={{ flexGrow: shares[one] }} />
        ))}
      </span>
      <span className="perf-grade-words num">
        {grades.map((one) => (
          <span key={one}>
            {t(`performance.grades.${one}`)} {percentText(shares[one])}
          </span>
        ))}
      </span>
    </span>
  );
}

// How long people waited in all beyond what is good.
export const impactText = (ms: number) => (ms < 3_600_000 ? msText(ms) : `${countText(ms / 3_600_000)} h`);

export const signedText = (ms: number) => `${ms < 0 ? '−' : '+'}${msText(Math.abs(ms))}`;
