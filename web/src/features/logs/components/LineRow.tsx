// One line; unfolded, all that is known of it.
import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { exactTime, useZone } from '@/shared/ui/time';
import type { LogLine } from '../api/logs';
import { columnName } from './ColumnChoice';
import { cellOf } from './columns';
import { levelColor, LevelMark, lineTime, Marked } from './formats';
import { LineDetail } from './LineDetail';

export interface LineActs {
  appid: string;
  toggle(id: string): void;
  narrow(term: string): void; // adds a term to the query
  context(id: string): void;
  addressOf(query: string, window?: { from: number; to: number }): string;
}

interface Props {
  line: LogLine;
  columns: string[];
  withDay: boolean;
  open: boolean;
  current: boolean;
  acts: LineActs;
}

export const LineRow = memo(function LineRow({ line, columns, withDay, open, current, acts }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  // Somebody who marks a part of a line wants to copy it.
  const press = () => getSelection()?.isCollapsed !== false && acts.toggle(line.id);
  const time = lineTime(line.at, zone, withDay);
  return (
    <>
      <div className={`log-cells log-line${open ? ' log-open' : ''}${current ? ' log-current' : ''}`} style={{ '--log-mark': levelColor(line.level) } as React.CSSProperties} onClick={press}>
        <span role="cell" className="log-time num">
          <button
            type="button"
            className="log-toggle"
            aria-expanded={open}
            aria-label={t(open ? 'logs.fold' : 'logs.unfold', { at: time })}
            onClick={(event) => {
              event.stopPropagation();
              acts.toggle(line.id);
            }}
          >
            <ChevronRight size={14} aria-hidden />
          </button>
          <time dateTime={new Date(line.at).toISOString()} title={exactTime(line.at, zone)}>
            {time}
          </time>
        </span>
        <span role="cell" className="log-level">
          <LevelMark level={line.level} />
        </span>
        {columns.map((name) => {
          const text = cellOf(line, name);
          return (
            <span key={name} role="cell" className="log-cell" data-name={columnName(name)} title={text || undefined}>
              {text || <span className="muted">—</span>}
            </span>
          );
        })}
        <span role="cell" className="log-text">
          <Marked line={line} />
        </span>
      </div>
      {open && (
        <div role="cell" className="log-detail">
          <LineDetail line={line} acts={acts} />
        </div>
      )}
    </>
  );
});
