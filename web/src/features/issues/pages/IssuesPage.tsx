// 错误: issues, releases, source maps. The address holds filters and range.
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearchParams } from 'react-router';
import { windowOf } from '@/shared/charts/ranges';
import { TimeRange } from '@/shared/charts/TimeRange';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useKeys } from '@/shared/ui/useKeys';
import { useIssues, useReleases } from '../api/issues';
import { Actions } from '../components/Actions';
import { filtersOf, narrowed, questionOf, searchOf, type Filters } from '../components/filters';
import { IssueFilters } from '../components/IssueFilters';
import { IssueTable } from '../components/IssueTable';
import { KeyboardMap, listKeys } from '../components/KeyboardMap';
import { Releases } from '../components/Releases';
import { SourceMaps } from '../components/SourceMaps';
import './issues.css';

const sections = ['issues', 'releases', 'source-maps'] as const;

export function IssuesPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { pathname } = useLocation();
  const section = sections.find((one) => one !== 'issues' && pathname.endsWith(`/${one}`)) ?? 'issues';
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => filtersOf(search), [search]);
  const [asOf, setAsOf] = useState(() => Date.now());
  const span = useMemo(() => windowOf(filters.range, asOf), [filters.range, asOf]);
  const releases = useReleases(appid, span);
  const names = useMemo(() => (releases.data ?? []).map((one) => one.release), [releases.data]);
  const { can } = usePermissions();
  const mayHandle = can('issues.handle', appid);
  const change = (next: Filters) => {
    setAsOf(Date.now());
    setSearch(searchOf(next));
  };
  const base = `/m/${appid}/issues`;
  return (
    <Page wide title={t('issues.title')} purpose={t('issues.purpose')}>
      <Subnav label={t('issues.title')} current={section} items={sections.map((key) => ({ key, text: t(`issues.sections.${key}`), to: key === 'issues' ? base : `${base}/${key}` }))} />
      {section === 'issues' && <List appid={appid} filters={filters} asOf={asOf} releases={names} mayHandle={mayHandle} change={change} refresh={() => setAsOf(Date.now())} />}
      {section === 'releases' && (
        <>
          <div className="filters">
            <TimeRange range={filters.range} asOf={asOf} change={(range) => change({ ...filters, range })} />
          </div>
          <Releases appid={appid} span={span} mayHandle={mayHandle} />
        </>
      )}
      {section === 'source-maps' && <SourceMaps appid={appid} release={search.get('release') ?? ''} releases={names} mayHandle={mayHandle} choose={(release) => setSearch({ release }, { replace: true })} />}
    </Page>
  );
}

interface ListProps {
  appid: string;
  filters: Filters;
  asOf: number;
  releases: string[];
  mayHandle: boolean;
  change(next: Filters): void;
  refresh(): void;
}

function List({ appid, filters, asOf, releases, mayHandle, change, refresh }: ListProps) {
  const { t } = useTranslation();
  const question = useMemo(() => questionOf(filters, asOf), [filters, asOf]);
  const issues = useIssues(appid, question);
  const items = useMemo(() => issues.data?.pages.flatMap((page) => page.items) ?? [], [issues.data]);
  const [chosen, setChosen] = useState<string[]>([]);
  const picked = items.filter((one) => chosen.includes(one.id));
  const [keyboard, setKeyboard] = useState(false);
  // The keys move the focus over the titles: Enter follows the link.
  const titles = () => [...document.querySelectorAll<HTMLElement>('.issues .issue-title a')];
  const current = () => titles().findIndex((one) => one === document.activeElement);
  const move = (by: number) => titles()[Math.max(0, Math.min(items.length - 1, current() + by))]?.focus();
  const toggle = () => {
    const one = mayHandle ? items[current()] : undefined;
    if (one) setChosen((old) => (old.includes(one.id) ? old.filter((id) => id !== one.id) : [...old, one.id]));
  };
  useKeys({ j: () => move(1), k: () => move(-1), x: toggle, '?': () => setKeyboard(true) });
  const interval = issues.data?.pages[0]?.trend_interval_ms ?? 3_600_000;
  return (
    <>
      <IssueFilters appid={appid} filters={filters} asOf={asOf} releases={releases} busy={issues.isFetching && !issues.isFetchingNextPage} change={change} refresh={refresh} />
      {picked.length > 0 && (
        <div className="issue-bulk" role="region" aria-label={t('issues.bulk', { n: picked.length })}>
          <strong>{t('issues.bulk', { n: picked.length })}</strong>
          <Actions appid={appid} issues={picked} releases={releases} done={() => setChosen([])} />
        </div>
      )}
      <Panel>
        <Loaded query={issues} rows={10}>
          {() =>
            items.length === 0 ? (
              <NoIssues appid={appid} filters={filters} clear={() => change({ ...filtersOf(new URLSearchParams()), range: filters.range })} />
            ) : (
              <IssueTable appid={appid} items={items} span={question} interval={interval} chosen={chosen} choose={setChosen} more={issues.hasNextPage} loadingMore={issues.isFetchingNextPage} loadMore={() => void issues.fetchNextPage()} mayHandle={mayHandle} />
            )
          }
        </Loaded>
      </Panel>
      {keyboard && <KeyboardMap keys={listKeys} close={() => setKeyboard(false)} />}
    </>
  );
}

function NoIssues({ appid, filters, clear }: { appid: string; filters: Filters; clear(): void }) {
  const { t } = useTranslation();
  if (narrowed(filters)) return <Empty title={t('issues.none')} text={t('issues.none_hint')} action={<Button onClick={clear}>{t('issues.clear')}</Button>} />;
  return <Empty title={t('issues.none_open')} text={t('issues.none_open_hint')} action={<Link to={`/m/${appid}/telemetry/intake/connect`}>{t('issues.to_intake')}</Link>} />;
}
