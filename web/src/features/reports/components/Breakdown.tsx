// Figures by agent, group, hour of the day, source page, contact reason or tag.
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { Distribution } from '@/shared/charts/Distribution';
import { counted } from '@/shared/charts/units';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useFigures, type Answer, type By, type Listed, type Question, type Row } from '../api/reports';
import type { Filters } from './address';
import type { View } from './figures';
import { Freshness } from './Freshness';
import { FigureTable, ViewSwitch, type Line } from './FigureTable';
import { filterOf, useNames } from './names';

export interface BreakdownProps {
  appid: string;
  by: By;
  question: Question;
  view: View;
  change(view: View): void;
  refresh(): void;
  to(listed: Listed, more?: Filters): string;
  go(listed: Listed, more?: Filters): void;
}

export function Breakdown(props: BreakdownProps) {
  const { t } = useTranslation();
  const { appid, by, question } = props;
  const figures = useFigures(appid, question, { by });
  return (
    <Loaded query={figures} rows={8}>
      {(answer) =>
        answer.rows.length === 0 ? (
          <Panel>
            <Empty title={t('reports.empty')} text={t('reports.empty_hint')} />
          </Panel>
        ) : (
          <>
            <Freshness answer={answer} at={figures.dataUpdatedAt} refresh={props.refresh} busy={figures.isFetching} />
            {by === 'hour' && <Hours rows={answer.rows} go={props.go} />}
            <ByTable {...props} answer={answer} />
          </>
        )
      }
    </Loaded>
  );
}

function ByTable({ appid, by, view, change, to, answer }: BreakdownProps & { answer: Answer }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const lines = answer.rows.map((row, index): Line => {
    const filter = filterOf(by, row);
    const name = names.row(by, row);
    return { key: filter?.value ?? `none ${index}`, name, figures: row.figures, to: filter && ((listed) => to(listed, { [filter.name]: filter.value })), shown: by === 'source' || by === 'tag' || by === 'reason' ? <SourceName text={name} /> : undefined };
  });
  return (
    <Panel title={t(`reports.tables.${by}`)} extra={<ViewSwitch view={view} change={change} />}>
      <p className="muted panel-note">{t(`reports.table_hints.${by}`)}</p>
      <FigureTable title={t(`reports.tables.${by}`)} head={t(`reports.filters.${by}`)} lines={lines} totals={{ figures: answer.totals, to }} view={view} byName={by === 'hour'} />
    </Panel>
  );
}

// A page's path and what phones append to it may be long.
const SourceName = ({ text }: { text: string }) => (
  <span className="rep-source" title={text}>
    {text}
  </span>
);

function Hours({ rows, go }: { rows: Row[]; go: BreakdownProps['go'] }) {
  const { t } = useTranslation();
  const found = new Map(rows.map((one) => [one.hour, one.figures.conversations.count]));
  const bins = Array.from({ length: 24 }, (_, hour) => ({ from: hour, to: hour + 1, count: found.get(hour) ?? 0 }));
  const unit = { ...counted(t('reports.plots.axes.hour')), text: (hour: number) => `${countText(hour)}:00` };
  return (
    <Panel>
      <Distribution title={t('reports.plots.by_hour')} unit={unit} counts={t('reports.metrics.conversations')} bins={bins} hint={t('reports.plots.hour_hint')} pick={(from, end) => end - from === 1 && go({ metric: 'conversations', part: 'all', order: 'newest' }, { hour: String(from) })} />
    </Panel>
  );
}
