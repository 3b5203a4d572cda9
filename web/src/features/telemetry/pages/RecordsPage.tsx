// 原始记录: every record that phones reported. The address holds the filters and the record that is open.
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { intervalFor, intervals } from '@/shared/charts/ranges';
import { TimeChart } from '@/shared/charts/TimeChart';
import { counted } from '@/shared/charts/units';
import { useAppId } from '@/shared/session/miniPrograms';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useHistogram, useRecords } from '../api/telemetry';
import { kindColor, levelColor } from '../components/colors';
import { FilterBar } from '../components/FilterBar';
import { chipsOf, filtersOf, questionOf, searchOf, type Filters } from '../components/filters';
import { RecordSheet } from '../components/RecordSheet';
import { RecordTable } from '../components/RecordTable';
import { wordText } from '../components/words';
import './telemetry.css';

// The end of "the last 24 hours": it moves when something else is asked or on refresh, so that pages fit together.
function useAsOf(asked: string) {
  const [state, setState] = useState(() => ({ asked, at: Date.now() }));
  if (state.asked !== asked) setState({ asked, at: Date.now() });
  return { asOf: state.at, refresh: () => setState({ asked, at: Date.now() }) };
}

export function RecordsPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const [search, setSearch] = useSearchParams();
  const shown = search.get('record');
  const asked = searchOf(filtersOf(search)).toString();
  const filters = useMemo(() => filtersOf(new URLSearchParams(asked)), [asked]);
  const { asOf, refresh } = useAsOf(asked);
  const question = useMemo(() => questionOf(filters, asOf), [filters, asOf]);
  const records = useRecords(appid, question);
  const items = useMemo(() => records.data?.pages.flatMap((page) => page.items) ?? [], [records.data]);
  const change = (next: Filters) => setSearch(searchOf(next));
  const open = (id: string | null) => {
    const next = searchOf(filters);
    if (id) next.set('record', id);
    setSearch(next, { replace: true });
  };
  return (
    <Page wide title={t('telemetry.records.title')} purpose={t('telemetry.records.purpose')}>
      <FilterBar appid={appid} filters={filters} asOf={asOf} change={change} refresh={refresh} busy={records.isFetching && !records.isFetchingNextPage} />
      <Panel>
        <Loaded query={records} rows={12}>
          {() =>
            items.length === 0 ? (
              <NoRecords appid={appid} filters={filters} clear={() => change({ ...filters, words: {}, text: '' })} />
            ) : (
              <>
                <OverTime appid={appid} filters={filters} question={question} zoom={(from, to) => change({ ...filters, range: { from, to } })} />
                <RecordTable kind={filters.kind} items={items} more={records.hasNextPage} loadingMore={records.isFetchingNextPage} loadMore={() => void records.fetchNextPage()} open={(one) => open(one.id)} />
              </>
            )
          }
        </Loaded>
      </Panel>
      <RecordSheet record={items.find((one) => one.id === shown)} filters={filters} close={() => open(null)} />
    </Page>
  );
}

function NoRecords({ appid, filters, clear }: { appid: string; filters: Filters; clear(): void }) {
  const { t } = useTranslation();
  if (chipsOf(filters).length > 0) {
    return <Empty title={t('telemetry.records.none')} text={t('telemetry.records.none_hint')} action={<Button onClick={clear}>{t('common.filters.clear')}</Button>} />;
  }
  return <Empty title={t('telemetry.records.none_yet')} text={t('telemetry.records.none_yet_hint')} action={<Link to={`/m/${appid}/telemetry/intake`}>{t('telemetry.records.to_intake')}</Link>} />;
}

function OverTime({ appid, filters, question, zoom }: { appid: string; filters: Filters; question: ReturnType<typeof questionOf>; zoom(from: number, to: number): void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const interval = intervalFor(question.to - question.from);
  const histogram = useHistogram(appid, question, interval, zone);
  const order = ['debug', 'info', 'warn', 'error', 'fatal'];
  return (
    <Loaded query={histogram} rows={4}>
      {({ starts, series }) => (
        <TimeChart
          title={t(`telemetry.kinds.${filters.kind}`)}
          unit={counted(t(`telemetry.chart.per_${interval}`))}
          form="bars"
          starts={starts}
          end={(starts.at(-1) ?? question.from) + intervals[interval]}
          asOf={histogram.dataUpdatedAt}
          hint={t('telemetry.chart.zoom_hint')}
          zoom={zoom}
          series={[...series]
            .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
            .map(({ name, values }) => (name ? { key: name, name: wordText('level', name), color: levelColor(name), values } : { key: 'all', name: t(`telemetry.kinds.${filters.kind}`), color: kindColor(filters.kind), values }))}
        />
      )}
    </Loaded>
  );
}
