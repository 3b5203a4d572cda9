// 满意度: what customers said of the service, what low scores opened, and how they are asked. The address holds the part,
// the days and the filters.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { DayRange } from '@/shared/charts/DayRange';
import { rangeOf, writeRange, type Range } from '@/shared/charts/ranges';
import { daysOf, usualDays } from '@/shared/charts/wholeDays';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useZone } from '@/shared/ui/time';
import { filtersOf, followUpFiltersOf, withFilters } from '../components/filters';
import { FollowUps } from '../components/FollowUps';
import { ResultFilters } from '../components/ResultFilters';
import { Results } from '../components/Results';
import { Settings } from '../components/Settings';
import './satisfaction.css';

const sections = ['results', 'follow-ups', 'settings'] as const;

export function SatisfactionPage() {
  const appid = useAppId();
  return <Satisfaction key={appid} appid={appid} />;
}

function Satisfaction({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const { section: named } = useParams();
  const section = sections.find((one) => one === named) ?? 'results';
  const { can } = usePermissions();
  const [search, setSearch] = useSearchParams();
  const base = `/m/${appid}/satisfaction`;
  const kept = search.size > 0 ? `?${search}` : '';
  const change = (next: Parameters<typeof withFilters>[1]) => setSearch(withFilters(search, next));
  return (
    <Page wide title={t('satisfaction.title')} purpose={t('satisfaction.purpose')}>
      <Subnav label={t('satisfaction.title')} current={section} items={sections.map((key) => ({ key, text: t(`satisfaction.sections.${key}`), to: `${key === 'results' ? base : `${base}/${key}`}${kept}` }))} />
      {section === 'results' && <ResultsPart appid={appid} change={change} />}
      {section === 'follow-ups' && <FollowUps appid={appid} filters={followUpFiltersOf(search)} change={change} />}
      {section === 'settings' && <Settings appid={appid} mayConfigure={can('desk.configure', appid)} />}
    </Page>
  );
}

function ResultsPart({ appid, change }: { appid: string; change(next: Parameters<typeof withFilters>[1]): void }) {
  const zone = useZone();
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const range = useMemo(() => rangeOf(search, usualDays), [search]);
  const days = useMemo(() => daysOf(range, asOf, zone), [range, asOf, zone]);
  const filters = filtersOf(search);
  const choose = (next: Range) => {
    const kept = new URLSearchParams(search);
    writeRange(kept, next, usualDays);
    setAsOf(Date.now());
    setSearch(kept);
  };
  return (
    <>
      <ResultFilters appid={appid} filters={filters} change={change}>
        <DayRange range={range} days={days} change={choose} />
      </ResultFilters>
      <Results appid={appid} days={days} filters={filters} change={change} choose={choose} />
    </>
  );
}
