// What the rule would have seen in the past week, and the line that it must not cross.
import { useTranslation } from 'react-i18next';
import { percentText, valueText } from '@/shared/charts/numbers';
import { TimeChart } from '@/shared/charts/TimeChart';
import type { Preview } from '../api/alerts';

export function PreviewChart({ preview, share, name }: { preview: Preview; share: boolean; name: string }) {
  const { t } = useTranslation();
  const { points } = preview;
  if (points.length < 2) return <p className="muted">{t('alerts.form.no_points')}</p>;
  const starts = points.map((one) => one.at);
  const unit = { name: t('alerts.form.value'), adds: false, whole: false, text: (value: number) => (share ? percentText(value) : valueText(value)) };
  return (
    <TimeChart
      title={name}
      unit={unit}
      form="line"
      height={160}
      starts={starts}
      end={starts.at(-1)! + (starts[1]! - starts[0]!)}
      marks={preview.episodes.map((one) => ({ at: one.fired_at, until: one.resolved_at ?? undefined, kind: 'alert' as const, level: 'warning' as const, text: one.group || name }))}
      series={[
        { key: 'value', name: t('alerts.form.value'), values: points.map((one) => one.value) },
        { key: 'expected', name: t('alerts.form.line'), values: points.map((one) => one.expected) },
      ]}
    />
  );
}
