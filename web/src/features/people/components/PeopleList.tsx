// Customers, the lastly seen first: narrowed by filters of the address, or found by an exact id.
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty, Loaded, Loading, Panel } from '@/shared/ui/page';
import { useKeys } from '@/shared/ui/useKeys';
import { useRows, useSought, type Sought } from '../api/people';
import { useSegmentCount, useSegments } from '../api/settings';
import { beyond, filtersOf, fits, narrowed, searchOf, sifts, type Filters } from './filters';
import { KeyboardMap } from './KeyboardMap';
import { PeopleFilters } from './PeopleFilters';
import { PeopleTable } from './PeopleTable';

export function PeopleList({ appid }: { appid: string }) {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => filtersOf(search), [search]);
  const [sought, setSought] = useState<Sought | null>(null);
  const [tags, setTags] = useState<string[]>([]);
  const [keyboard, setKeyboard] = useState(false);
  // The keys move the focus over the names: Enter follows the link.
  const names = () => [...document.querySelectorAll<HTMLElement>('.people .people-name a')];
  const move = (by: number) => {
    const all = names();
    const current = all.findIndex((one) => one === document.activeElement);
    all[Math.max(0, Math.min(all.length - 1, current + by))]?.focus();
  };
  useKeys({ j: () => move(1), k: () => move(-1), '/': () => document.getElementById('people-search')?.focus(), '?': () => setKeyboard(true) });
  const change = (next: Filters) => setSearch(searchOf(next));
  return (
    <>
      <PeopleFilters appid={appid} filters={filters} sought={sought} tags={tags} change={change} seek={setSought} />
      <Panel title={filters.segment && !sought ? <SegmentHead appid={appid} id={filters.segment} /> : undefined}>
        {sought ? <Found appid={appid} sought={sought} /> : <Rows key={`${appid}?${searchOf(filters)}`} appid={appid} filters={filters} clear={() => setSearch(filters.segment ? { segment: filters.segment } : {})} seen={setTags} />}
      </Panel>
      {keyboard && <KeyboardMap close={() => setKeyboard(false)} />}
    </>
  );
}

function SegmentHead({ appid, id }: { appid: string; id: string }) {
  const { t } = useTranslation();
  const segments = useSegments(appid);
  const count = useSegmentCount(appid, id, true);
  const name = segments.data?.find((one) => one.id === id)?.name;
  return (
    <>
      {name ?? t('people.filters.segment')} {count.data !== undefined && <span className="muted num">{t('people.n', { n: count.data })}</span>}
    </>
  );
}

function Found({ appid, sought }: { appid: string; sought: Sought }) {
  const { t } = useTranslation();
  const found = useSought(appid, sought);
  return (
    <Loaded query={found} rows={3}>
      {(items) => (items.length === 0 ? <Empty title={t('people.search.none', { kind: t(`people.search.${sought.kind}`) })} text={t('people.search.none_hint')} /> : <PeopleTable appid={appid} items={items} />)}
    </Loaded>
  );
}

const rowsAtOnce = 100;
const looksAtOnce = 1000;

interface RowsProps {
  appid: string;
  filters: Filters;
  clear(): void;
  seen(tags: string[]): void;
}

// The server lists all: when filters leave rows out, it goes on reading until a page is full, or says how far it looked.
function Rows({ appid, filters, clear, seen }: RowsProps) {
  const { t } = useTranslation();
  const [now] = useState(() => Date.now());
  const [wanted, setWanted] = useState(rowsAtOnce);
  const [looks, setLooks] = useState(looksAtOnce);
  const rows = useRows(appid, filters.segment);
  const read = useMemo(() => rows.data?.pages.flatMap((page) => page.items) ?? [], [rows.data]);
  const items = useMemo(() => read.filter((row) => fits(row, filters, now)), [read, filters, now]);
  const end = !rows.hasNextPage || beyond(read.at(-1), filters, now);
  const sifting = sifts(filters);
  const looking = sifting && !end && !rows.isError && items.length < wanted && read.length < looks;
  useEffect(() => {
    if (looking && !rows.isFetching) void rows.fetchNextPage();
  }, [looking, rows]);
  useEffect(() => seen([...new Set(read.flatMap((row) => row.tags))].sort()), [read, seen]);
  const more = () => {
    setWanted(items.length + rowsAtOnce);
    setLooks(read.length + looksAtOnce);
    if (!sifting) void rows.fetchNextPage();
  };
  return (
    <Loaded query={rows} rows={10}>
      {() => (
        <>
          {items.length > 0 && <PeopleTable appid={appid} items={items} />}
          {items.length === 0 && (looking ? <Loading rows={4} /> : <Nobody filters={filters} clear={clear} />)}
          <div className="people-foot">
            <span className="muted num" role="status">
              {sifting ? t('people.looked', { n: items.length, all: read.length }) : items.length > 0 && t('people.shown', { n: items.length })}
            </span>
            {filters.text && <Link to={`/m/${appid}/desk/workbench?q=${encodeURIComponent(filters.text)}`}>{t('people.search.in_desk', { text: filters.text })}</Link>}
            {!end && (
              <Button loading={looking || rows.isFetchingNextPage} onClick={more}>
                {sifting ? t('people.look_on') : t('common.load_more')}
              </Button>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}

function Nobody({ filters, clear }: { filters: Filters; clear(): void }) {
  const { t } = useTranslation();
  if (sifts(filters)) return <Empty title={t('people.none')} text={t('people.none_hint')} action={<Button onClick={clear}>{t('common.filters.clear')}</Button>} />;
  return narrowed(filters) ? <Empty title={t('people.segments.nobody')} /> : <Empty title={t('people.empty')} text={t('people.empty_hint')} />;
}
