// The lines that match: over time, as a list, and live.
import { App, Button, Drawer } from 'antd';
import { Download, ListFilter, Radio, WrapText } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFirstRecord } from '@/shared/ui/FirstRecord';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useKeys } from '@/shared/ui/useKeys';
import { useHistogram, useLines } from '../api/logs';
import { useTail } from '../api/useTail';
import { searchOf, type Question, type View } from './address';
import { ColumnChoice } from './ColumnChoice';
import { ContextSheet } from './ContextSheet';
import { ExportDialog } from './ExportDialog';
import { FieldSheet, FieldsPanel } from './FieldsPanel';
import { FirstLog } from './FirstLog';
import { Histogram } from './Histogram';
import { LineList, type LineListHandle } from './LineList';
import type { LineActs } from './LineRow';
import { propertiesOf } from './columns';
import { TailBar } from './TailBar';
import type { Row } from './tail';
import { propertyPrefix } from './terms';
import type { Columns } from './useColumns';

interface Props {
  appid: string;
  view: View;
  question: Question;
  readable: boolean; // the query, as far as is known
  asOf: number;
  columns: Columns;
  change(part: Partial<View>): void;
  narrow(term: string): void;
  refresh(): void;
  busy(yes: boolean): void;
  exported(): void;
}

const day = 86_400_000;
const chartEveryMs = 15_000;
const scrolledPx = 48;
const narrowScreen = '(max-width: 960px)';

export function Lines(props: Props) {
  const { appid, view, question, readable, asOf, columns, change, narrow, refresh, busy, exported } = props;
  const { t } = useTranslation();
  const zone = useZone();
  const lines = useLines(appid, question, readable);
  const items = useMemo(() => lines.data?.pages.flatMap((page) => page.items) ?? [], [lines.data]);
  const live = view.tail && 'preset' in view.range;
  const tail = useTail(appid, question, lines.data?.pages[0]?.tail_cursor ?? null, live);
  const rows = useMemo<Row<(typeof items)[number]>[]>(() => [...tail.tail.rows, ...items.map((line) => ({ line }))], [tail.tail.rows, items]);
  const charted = useCharted(question, asOf, live);
  const bars = useHistogram(appid, charted.question, zone, lines.isSuccess);
  const list = useRef<LineListHandle | null>(null);
  const [current, setCurrent] = useState('');
  const [exporting, setExporting] = useState(false);
  const fetching = lines.isFetching && !lines.isFetchingNextPage;
  useEffect(() => busy(fetching), [busy, fetching]);

  const newest = useRef({ view, change, narrow });
  newest.current = { view, change, narrow };
  const acts = useMemo<LineActs>(
    () => ({
      appid,
      toggle(id) {
        const { open } = newest.current.view;
        setCurrent(id);
        newest.current.change({ open: open.includes(id) ? open.filter((one) => one !== id) : [...open, id] });
      },
      narrow: (term) => newest.current.narrow(term),
      context: (id) => newest.current.change({ context: id, within: 'session' }),
      addressOf: (query, window) => `?${searchOf({ ...newest.current.view, query, source: 'log', level: '', open: [], context: '', tail: false, ...(window ? { range: window } : {}) })}`,
    }),
    [appid],
  );
  const move = (by: number) => {
    const at = rows.findIndex((row) => 'line' in row && row.line.id === current);
    let next = at < 0 ? 0 : at + by;
    while (rows[next] && !('line' in rows[next]!)) next += by;
    const row = rows[next];
    if (!row || !('line' in row)) return;
    if (live) tail.pause();
    setCurrent(row.line.id);
    list.current?.goTo(next);
  };
  const onLine = (event: KeyboardEvent) => !(event.target as HTMLElement).closest('button, a, summary');
  const setLive = () => change({ tail: !live, ...('preset' in view.range ? {} : { range: { preset: '15m' as const } }) });
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    // On the line's own button the browser does it.
    Enter: (event) => (current && onLine(event) ? acts.toggle(current) : false),
    c: () => (current ? acts.context(current) : false),
    l: setLive,
    w: () => change({ wrap: !view.wrap }),
    f: () => change({ fields: !view.fields }),
  });
  const properties = useMemo(() => [...new Set(items.slice(0, 50).flatMap((line) => propertiesOf(line.properties).map(([name]) => propertyPrefix + name)))].slice(0, 20), [items]);
  const setColumns = (next: string[]) => {
    columns.keep(next);
    change({ columns: next });
  };
  const { fetchNextPage } = lines;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const scrolled = (fromTop: number) => {
    if (live && fromTop > scrolledPx && !tail.tail.paused) tail.pause();
    if (live && fromTop === 0 && tail.tail.paused) tail.resume();
  };
  return (
    <>
      {!lines.isError && (lines.isPending || rows.length > 0) && (
        <Panel>
          <Histogram appid={appid} bars={bars} question={charted.question} asOf={charted.at} zoom={(from, to) => change({ range: { from, to }, tail: false })} />
        </Panel>
      )}
      <div className={view.fields ? 'log-columns-two' : undefined}>
        {view.fields && <Fields {...props} />}
        <Panel>
          <div className="log-bar">
            <Toggle on={live} icon={<Radio size={14} aria-hidden />} text={t('logs.tail.title')} press={setLive} />
            <Toggle on={view.fields} icon={<ListFilter size={14} aria-hidden />} text={t('logs.fields.title')} press={() => change({ fields: !view.fields })} />
            <Toggle on={view.wrap} icon={<WrapText size={14} aria-hidden />} text={t('logs.wrap')} press={() => change({ wrap: !view.wrap })} />
            <ColumnChoice columns={columns.shown} properties={properties} change={setColumns} />
            <Button size="small" type="text" icon={<Download size={14} aria-hidden />} onClick={() => setExporting(true)}>
              {t('logs.export.title')}
            </Button>
          </div>
          {live && <TailBar state={tail} toTop={() => list.current?.toTop()} />}
          <Loaded query={lines} rows={12}>
            {() =>
              rows.length === 0 ? (
                <NoLines appid={appid} view={view} change={change} came={refresh} />
              ) : (
                <LineList
                  rows={rows}
                  columns={columns.shown}
                  wrap={view.wrap}
                  withDay={question.to - question.from > day / 2}
                  open={view.open}
                  current={current}
                  acts={acts}
                  more={lines.hasNextPage}
                  loadingMore={lines.isFetchingNextPage}
                  failedMore={lines.isFetchNextPageError}
                  loadMore={loadMore}
                  scrolled={scrolled}
                  list={list}
                />
              )
            }
          </Loaded>
        </Panel>
      </div>
      <ContextSheet appid={appid} id={view.context} within={view.within} change={change} />
      <FieldSheet appid={appid} name={view.field} question={question} narrow={narrow} close={() => change({ field: '' })} zoom={(from, to) => change({ range: { from, to }, tail: false })} />
      {exporting && <ExportDialog appid={appid} question={question} columns={columns.shown} total={bars.complete ? bars.total : undefined} close={() => setExporting(false)} begun={exported} />}
    </>
  );
}

// While lines come in, the chart follows them; slowly, for it costs more than they do.
function useCharted(question: Question, asOf: number, live: boolean) {
  const [at, setAt] = useState(asOf);
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => !document.hidden && setAt(Date.now()), chartEveryMs);
    return () => clearInterval(timer);
  }, [live]);
  const now = live ? Math.max(at, asOf) : asOf;
  return useMemo(() => ({ at: now, question: { ...question, from: question.from + now - asOf, to: question.to + now - asOf } }), [question, asOf, now]);
}

function Toggle({ on, icon, text, press }: { on: boolean; icon: React.ReactNode; text: string; press(): void }) {
  return (
    <Button size="small" type={on ? 'default' : 'text'} className={on ? 'log-on' : undefined} aria-pressed={on} icon={icon} onClick={press}>
      {text}
    </Button>
  );
}

// Beside the list; on a narrow screen over it.
function Fields({ appid, question, readable, narrow, change }: Pick<Props, 'appid' | 'question' | 'readable' | 'narrow' | 'change'>) {
  const { t } = useTranslation();
  const panel = <FieldsPanel appid={appid} question={question} readable={readable} narrow={narrow} look={(field) => change({ field })} />;
  if (!matchMedia(narrowScreen).matches) return panel;
  return (
    <Drawer open placement="left" size={320} title={t('logs.fields.title')} onClose={() => change({ fields: false })} rootClassName="log-sheet">
      {panel}
    </Drawer>
  );
}

function NoLines({ appid, view, change, came }: Pick<Props, 'appid' | 'view' | 'change'> & { came(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const filtered = view.query !== '' || view.level !== '';
  const first = useFirstRecord(appid, 'log', !filtered);
  const waited = useRef(false);
  if (first.data === 0) waited.current = true;
  const arrived = waited.current && (first.data ?? 0) > 0;
  const text = t('logs.first.came_short');
  useEffect(() => {
    if (!arrived) return;
    void message.success(text);
    came();
  }, [arrived, message, text, came]);
  if (filtered) return <Empty title={t('logs.none')} text={t('logs.none_hint')} action={<Button onClick={() => change({ query: '', level: '' })}>{t('logs.clear')}</Button>} />;
  if (first.data === undefined) return <Empty title={t('logs.none_yet')} text={t('logs.none_yet_hint')} />;
  if (waited.current) return <FirstLog appid={appid} first={first.data} />;
  return <Empty title={t('logs.none_yet')} text={t('logs.none_yet_hint')} action={<Button onClick={() => change({ range: { preset: '30d' }, source: 'log' })}>{t('logs.longer')}</Button>} />;
}
