// A table of figures, a row each; three views, since not all of them can be read at once.
import { Segmented, Table, type TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Wide } from '@/shared/ui/page';
import type { Figures } from '../api/reports';
import { formOf, isThere, tell, viewNames, views, type Column, type View } from './figures';
import { Definition, Figure, type ToList } from './Figure';
import { figureText } from './names';

export interface Line {
  key: string;
  name: string;
  shown?: ReactNode; // the name, when it is more than text
  figures: Figures;
  to?: ToList;
}

interface Props {
  title: string;
  head: string; // what the rows are
  lines: Line[];
  totals?: { figures: Figures; to: ToList };
  view: View;
  byName?: boolean; // in the order they came, instead of the busiest first
}

const right = { align: 'right', className: 'num' } as const;
const pageSize = 50;

export function ViewSwitch({ view, change }: { view: View; change(view: View): void }) {
  const { t } = useTranslation();
  return <Segmented aria-label={t('reports.views.title')} value={view} options={viewNames.map((value) => ({ value, label: t(`reports.views.${value}`) }))} onChange={change} />;
}

// What no row has, as scores where customers are not asked, is no column.
const columnsOf = (view: View, lines: Line[]) => views[view].filter(({ metric }) => lines.some((one) => isThere(one.figures, metric)));

export function FigureTable({ title, head, lines, totals, view, byName }: Props) {
  const { t } = useTranslation();
  const columns = columnsOf(view, lines);
  const leaf = (metric: Column['metric'], name: Column['names'][number], text: ReactNode): TableColumnsType<Line>[number] => ({
    key: `${metric} ${name}`,
    title: text,
    ...right,
    sorter: (a, b) => (tell(a.figures, metric, name).value ?? -1) - (tell(b.figures, metric, name).value ?? -1),
    showSorterTooltip: false,
    render: (_, one) => <Figure figures={one.figures} metric={metric} name={name} of={one.name} to={one.to} />,
  });
  const grouped = columns.map(({ metric, names }): TableColumnsType<Line>[number] => {
    const heading = (
      <span className="rep-head">
        {t(`reports.metrics.${metric}`)} <Definition metric={metric} />
      </span>
    );
    if (formOf(metric) === 'count') return leaf(metric, 'count', heading);
    return { key: metric, title: heading, children: names.map((name) => leaf(metric, name, figureText(metric, name, t))) };
  });
  const sorted = byName ? lines : lines.toSorted((a, b) => b.figures.conversations.count - a.figures.conversations.count);
  return (
    <Wide label={title}>
      <Table
        size="small"
        className="rep-table"
        dataSource={sorted}
        pagination={lines.length > pageSize ? { pageSize, showSizeChanger: false } : false}
        columns={[{ key: 'name', title: head, sorter: (a, b) => a.name.localeCompare(b.name), showSorterTooltip: false, render: (_, one) => one.shown ?? one.name }, ...grouped]}
        summary={() => totals && lines.length > 1 && <Totals columns={columns} {...totals} />}
      />
    </Wide>
  );
}

function Totals({ columns, figures, to }: { columns: Column[]; figures: Figures; to: ToList }) {
  const { t } = useTranslation();
  const cells = columns.flatMap(({ metric, names }) => names.map((name) => ({ metric, name })));
  return (
    <Table.Summary.Row className="rep-totals">
      <Table.Summary.Cell index={0}>{t('reports.total')}</Table.Summary.Cell>
      {cells.map(({ metric, name }, index) => (
        <Table.Summary.Cell key={`${metric} ${name}`} index={index + 1} align="right">
          <Figure figures={figures} metric={metric} name={name} of={t('reports.total')} to={to} />
        </Table.Summary.Cell>
      ))}
    </Table.Summary.Row>
  );
}
