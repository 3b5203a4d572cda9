// What every chart has around it: its title and unit, what can be believed, the same as a table, and saving it.
import { Button } from 'antd';
import { ChartColumn, Download, ImageDown, Info, Table2 } from 'lucide-react';
import { useId, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Confidence } from './confidence';
import { saveSheet } from './files';
import { countText, percentText } from './numbers';
import { savePicture } from './picture';
import type { Sheet } from './sheet';
import { SheetTable } from './SheetTable';
import './charts.css';

interface Props {
  title: string;
  summary: string; // what the figures come to
  sheet: Sheet;
  legend?: { name: string; color: string }[]; // for the picture
  confidence?: Confidence;
  hint?: string;
  tools?: ReactNode;
  above?: ReactNode;
  children: ReactNode;
}

export function ChartFrame({ title, summary, sheet, legend = [], confidence, hint, tools, above, children }: Props) {
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState(false);
  const id = useId();
  const picture = () => {
    const plot = body.current?.querySelector<SVGSVGElement>('svg.chart-svg');
    if (plot) void savePicture(plot, { title, note: summary, legend });
  };
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption>
        <strong id={id}>{title}</strong>
        <span className="muted num">{summary}</span>
        <span className="chart-tools">
          {tools}
          <Button size="small" type="text" icon={table ? <ChartColumn size={14} aria-hidden /> : <Table2 size={14} aria-hidden />} onClick={() => setTable(!table)}>
            {table ? t('charts.as_chart') : t('charts.as_table')}
          </Button>
          {!table && <Button size="small" type="text" aria-label={t('charts.picture')} title={t('charts.picture')} icon={<ImageDown size={14} aria-hidden />} onClick={picture} />}
          <Button size="small" type="text" aria-label={t('charts.csv')} title={t('charts.csv')} icon={<Download size={14} aria-hidden />} onClick={() => saveSheet(title, sheet)} />
        </span>
      </figcaption>
      {above}
      {table ? <SheetTable title={title} sheet={sheet} /> : <div ref={body}>{children}</div>}
      {confidence && <ConfidenceNote {...confidence} />}
      {!table && hint && <p className="muted chart-hint">{hint}</p>}
    </figure>
  );
}

function ConfidenceNote({ lost, sampled, of }: Confidence) {
  const { t } = useTranslation();
  if (lost === 0 && sampled === 0) return null;
  return (
    <p className="chart-note">
      <Info size={14} aria-hidden />
      <span>
        {lost > 0 && (of === undefined ? t('charts.lost_some', { n: countText(lost) }) : t('charts.lost', { n: countText(lost), x: percentText(lost, lost + of) }))} {sampled > 0 && t('charts.sampled', { n: countText(sampled) })}
      </span>
    </p>
  );
}
