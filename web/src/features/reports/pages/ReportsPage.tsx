// 客服报表: how much there is to do, how fast it is done, and what comes of it. The address holds the part, the days, the
// filters, and whose conversations are listed.
import { useQueryClient } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { DayRange } from '@/shared/charts/DayRange';
import { rangeOf, writeRange, type Preset, type Range } from '@/shared/charts/ranges';
import { daysOf, spanOf } from '@/shared/charts/wholeDays';
import { useAppId, useMiniPrograms } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useZone } from '@/shared/ui/time';
import { reportsKey, useFigures, type Listed, type Question } from '../api/reports';
import { byOf, filterNames, filtersOf, intervalAsked, listedOf, questionOf, sections, withFilters, withListed, type Filters, type Section } from '../components/address';
import { AgentTimes } from '../components/AgentTimes';
import { Breakdown } from '../components/Breakdown';
import { Cards } from '../components/Cards';
import { durations, viewOf } from '../components/figures';
import { Freshness } from '../components/Freshness';
import { Listing } from '../components/Listing';
import { Plots } from '../components/Plots';
import { Programs } from '../components/Programs';
import { ReportFilters } from '../components/ReportFilters';
import { SaveButton, SavePrograms } from '../components/SaveButton';
import './reports.css';

const usual: Preset = '7d';
const otherwise = ['auto', 'first_answer', 'answers']; // what the address leaves out
const offered: Preset[] = ['24h', '7d', '30d', '90d'];

export function ReportsPage() {
  const appid = useAppId();
  return <Reports key={appid} appid={appid} />;
}

// Who supervises somewhere compares mini programs.
function useSections(): Section[] {
  const { can } = usePermissions();
  const programs = useMiniPrograms();
  const several = (programs.data ?? []).some((one) => can('desk.supervise', one.appid));
  return sections.filter((one) => one !== 'programs' || several);
}

function Reports({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { can } = usePermissions();
  const { section: named } = useParams();
  const programs = useMiniPrograms();
  const shown = useSections();
  const section = sections.find((one) => one === named) ?? 'overview';
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const range = useMemo(() => rangeOf(search, usual), [search]);
  const days = useMemo(() => daysOf(range, asOf, zone), [range, asOf, zone]);
  const span = useMemo(() => spanOf(days, zone), [days, zone]);
  const filters = filtersOf(search);
  const question = questionOf(span, filters);
  const base = `/m/${appid}/reports`;
  const address = (key: Section, kept: URLSearchParams) => `${key === 'overview' ? base : `${base}/${key}`}${kept.size > 0 ? `?${kept}` : ''}`;
  const within = (next: Range) => {
    const written = new URLSearchParams(search);
    writeRange(written, next, usual);
    return written;
  };
  const choose = (next: Range) => {
    setAsOf(Date.now());
    setSearch(within(next));
  };
  const set = (part: Record<string, string>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(part)) otherwise.includes(value) ? next.delete(name) : next.set(name, value);
    setSearch(next);
  };
  const refresh = () => {
    setAsOf(Date.now());
    void client.invalidateQueries({ queryKey: reportsKey(appid) });
  };
  const to = (listed: Listed, more: Filters = {}) => address('conversations', withListed(withFilters(search, more), listed));
  const pick = (days: { from: number; to: number }, listed: Listed, more: Filters = {}) => void navigate(address('conversations', withListed(withFilters(within(days), more), listed)));
  const by = byOf[section];
  const exports = (programs.data ?? []).some((one) => can('desk.export', one.appid) && can('desk.supervise', one.appid));
  return (
    <Page
      wide
      title={t('reports.title')}
      purpose={t('reports.purpose')}
      actions={
        <>
          {can('desk.export', appid) && section !== 'programs' && <SaveButton appid={appid} section={section} search={search} question={question} days={days} />}
          {section === 'programs' && exports && <SavePrograms span={span} days={days} />}
          <Link className="rep-board" to={`${base}/wallboard`}>
            <Monitor size={15} aria-hidden /> {t('reports.to_board')}
          </Link>
        </>
      }
    >
      <Subnav label={t('reports.title')} current={section} items={shown.map((key) => ({ key, text: t(`reports.sections.${key}`), to: address(key, search) }))} />
      {section === 'programs' ? (
        <div className="filters" role="search" aria-label={t('reports.filters.title')}>
          <DayRange range={range} days={days} offered={offered} change={choose} />
        </div>
      ) : (
        <ReportFilters appid={appid} span={span} filters={filters} change={(next) => setSearch(withFilters(search, next))}>
          <DayRange range={range} days={days} offered={offered} change={choose} />
        </ReportFilters>
      )}
      {!can('desk.supervise', appid) && section !== 'programs' && <p className="muted rep-own">{t('reports.own')}</p>}
      {section === 'overview' && (
        <Overview appid={appid} question={question} to={to} refresh={refresh} narrowed={filterNames.some((name) => filters[name] !== undefined)}>
          <Plots appid={appid} days={days} question={question} asked={intervalAsked(search)} timed={durations.find((one) => one === search.get('timed')) ?? 'first_answer'} change={set} zoom={(from, end) => choose({ from, to: end })} pick={pick} />
        </Overview>
      )}
      {by && <Breakdown appid={appid} by={by} question={question} view={viewOf(search)} change={(view) => set({ view })} refresh={refresh} to={to} go={(listed, more) => void navigate(to(listed, more))} />}
      {section === 'agents' && <AgentTimes appid={appid} days={days} span={span} agent={filters.agent} />}
      {section === 'programs' && <Programs span={span} view={viewOf(search)} change={(view) => set({ view })} />}
      {section === 'conversations' && <Listing appid={appid} question={question} listed={listedOf(search)} change={(next) => setSearch(withListed(search, next))} />}
    </Page>
  );
}

function Overview({ appid, question, to, refresh, narrowed, children }: { appid: string; question: Question; to(listed: Listed): string; refresh(): void; narrowed: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const figures = useFigures(appid, question);
  return (
    <Loaded query={figures} rows={10}>
      {(answer) => (
        <>
          <Freshness answer={answer} at={figures.dataUpdatedAt} refresh={refresh} busy={figures.isFetching} />
          {answer.totals.conversations.count === 0 ? (
            <Panel>
              <Empty title={narrowed ? t('reports.empty_filtered') : t('reports.empty')} text={t('reports.empty_hint')} />
            </Panel>
          ) : (
            <>
              <Cards totals={answer.totals} to={to} />
              {children}
            </>
          )}
        </>
      )}
    </Loaded>
  );
}
