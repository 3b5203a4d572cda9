// A figure, which leads to the conversations that it was counted from; and how it is counted.
import { Popover } from 'antd';
import { CircleHelp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Figures, Listed, Metric } from '../api/reports';
import { formOf, tell, type FigureName } from './figures';
import { figureText } from './names';

export type ToList = (listed: Listed) => string;

interface Props {
  figures: Figures;
  metric: Metric;
  name: FigureName;
  of?: string; // whose it is
  to?: ToList;
}

export function Figure({ figures, metric, name, of, to }: Props) {
  const { t } = useTranslation();
  const { text, behind } = tell(figures, metric, name);
  if (!behind || !to) return <span className={text === '—' ? 'muted num' : 'num'}>{text}</span>;
  const what = [of, t(`reports.metrics.${metric}`), formOf(metric) === 'count' ? '' : figureText(metric, name, t)].filter(Boolean).join(' ');
  return (
    <Link className="rep-figure num" to={to(behind)} aria-label={t('reports.see', { what, n: text })}>
      {text}
    </Link>
  );
}

export function Definition({ metric }: { metric: Metric }) {
  const { t } = useTranslation();
  const content = (
    <div className="rep-definition">
      <p>{t(`reports.definitions.${metric}`)}</p>
      {formOf(metric) === 'duration' && <p className="muted">{t('reports.definitions.spread')}</p>}
      <p className="muted">{t('reports.definitions.days')}</p>
    </div>
  );
  return (
    <Popover trigger="click" title={t(`reports.metrics.${metric}`)} content={content}>
      <button type="button" className="rep-what" aria-label={t('reports.what', { metric: t(`reports.metrics.${metric}`) })} onClick={(event) => event.stopPropagation()}>
        <CircleHelp size={14} aria-hidden />
      </button>
    </Popover>
  );
}
