// The lines, the newest first: as many as there are, of which only those in view are drawn.
import { Button } from 'antd';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../api/logs';
import { columnName } from './ColumnChoice';
import { LineRow, type LineActs } from './LineRow';
import type { Row } from './tail';

interface Props {
  rows: Row<LogLine>[];
  columns: string[];
  wrap: boolean;
  withDay: boolean;
  open: string[];
  current: string;
  acts: LineActs;
  more: boolean;
  loadingMore: boolean;
  failedMore: boolean;
  loadMore(): void;
  scrolled(fromTop: number): void;
  list: RefObject<LineListHandle | null>;
}

// What the page's keys do here.
export interface LineListHandle {
  goTo(index: number): void;
  toTop(): void;
}

const keyOf = (row: Row<LogLine>) => ('line' in row ? row.line.id : `gap ${row.gap}`);

export function LineList({ rows, columns, wrap, withDay, open, current, acts, more, loadingMore, failedMore, loadMore, scrolled, list }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 30, overscan: 12, getItemKey: (index) => keyOf(rows[index]!) });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !loadingMore && !failedMore && last >= rows.length - 12) loadMore();
  }, [more, loadingMore, failedMore, last, rows.length, loadMore]);
  useEffect(() => {
    list.current = {
      goTo(index) {
        virtual.scrollToIndex(index, { align: 'auto' });
        // Drawn in the next frame, when it was out of view.
        requestAnimationFrame(() => requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] .log-toggle`)?.focus({ preventScroll: true })));
      },
      toTop: () => scroller.current?.scrollTo({ top: 0 }),
    };
    return () => void (list.current = null);
  }, [list, virtual]);
  const template = ['var(--log-time)', 'var(--log-level)', ...columns.map((name) => (name === 'release' || name === 'network' || name === 'build' ? '88px' : '148px')), 'minmax(var(--log-text), 1fr)'].join(' ');
  return (
    <>
      <div className={`log-list${wrap ? ' log-wrap' : ''}`} ref={scroller} onScroll={({ currentTarget }) => scrolled(currentTarget.scrollTop)} tabIndex={0} role="region" aria-label={t('logs.lines')}>
        <div role="table" aria-label={t('logs.lines')} aria-rowcount={more ? -1 : rows.length + 1} className="log-table" style={{ '--log-columns': template, '--log-extra': columns.length } as React.CSSProperties}>
          <div role="rowgroup" className="log-head">
            <div role="row" aria-rowindex={1} className="log-cells">
              <span role="columnheader">{t('logs.columns.time')}</span>
              <span role="columnheader">{t('logs.columns.level')}</span>
              {columns.map((name) => (
                <span key={name} role="columnheader" title={name}>
                  {columnName(name)}
                </span>
              ))}
              <span role="columnheader">{t('logs.columns.text')}</span>
            </div>
          </div>
          <div role="rowgroup" className="log-body" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const row = rows[index]!;
              return (
                <div key={key} role="row" aria-rowindex={index + 2} data-index={index} ref={virtual.measureElement} className="log-row" style={{ transform: `translateY(${start}px)` }}>
                  {'line' in row ? (
                    <LineRow line={row.line} columns={columns} withDay={withDay} open={open.includes(row.line.id)} current={current === row.line.id} acts={acts} />
                  ) : (
                    <div role="cell" className="log-gap">
                      {t('logs.tail.gap')}
                    </div>
                  )}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <div className="log-foot">
        <span className="muted num" role="status">
          {t('logs.shown', { n: rows.length })}
        </span>
        {more && (
          <Button size="small" loading={loadingMore} onClick={loadMore}>
            {failedMore ? t('common.retry') : t('common.load_more')}
          </Button>
        )}
      </div>
    </>
  );
}
