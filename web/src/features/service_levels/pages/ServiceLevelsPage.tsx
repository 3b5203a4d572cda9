// 服务时效: what was kept, what was not, and what is promised. The address holds the part, the days and the filters.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { DayRange } from '@/shared/charts/DayRange';
import { rangeOf, writeRange, type Range } from '@/shared/charts/ranges';
import { daysOf, usualDays } from '@/shared/charts/wholeDays';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useZone } from '@/shared/ui/time';
import { Breaches } from '../components/Breaches';
import { amongOf, filtersOf, withFilters, type Filters } from '../components/filters';
import { LevelFilters } from '../components/LevelFilters';
import { Summary } from '../components/Summary';
import { Targets } from '../components/Targets';
import './service_levels.css';

const sections = ['summary', 'breaches', 'targets'] as const;
const offered = { summary: ['kind', 'group', 'agent'], breaches: ['kind', 'group', 'agent', 'open'] } as const;

export function ServiceLevelsPage() {
  const appid = useAppId();
  return <ServiceLevels key={appid} appid={appid} />;
}

function ServiceLevels({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const navigate = useNavigate();
  const { section: named } = useParams();
  const section = sections.find((one) => one === named) ?? 'summary';
  const { can } = usePermissions();
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const range = useMemo(() => rangeOf(search, usualDays), [search]);
  const days = useMemo(() => daysOf(range, asOf, zone), [range, asOf, zone]);
  const filters = filtersOf(search);
  const base = `/m/${appid}/service-levels`;
  const address = (key: (typeof sections)[number], kept: URLSearchParams) => `${key === 'summary' ? base : `${base}/${key}`}${kept.size > 0 ? `?${kept}` : ''}`;
  const within = (next: Range) => {
    const kept = new URLSearchParams(search);
    writeRange(kept, next, usualDays);
    return kept;
  };
  const choose = (next: Range) => {
    setAsOf(Date.now());
    setSearch(within(next));
  };
  const change = (next: Partial<Filters>) => setSearch(withFilters(search, next));
  return (
    <Page wide title={t('service_levels.title')} purpose={t('service_levels.purpose')}>
      <Subnav label={t('service_levels.title')} current={section} items={sections.map((key) => ({ key, text: t(`service_levels.sections.${key}`), to: address(key, search) }))} />
      {section !== 'targets' && (
        <LevelFilters appid={appid} filters={filters} offered={offered[section]} change={change}>
          <DayRange range={range} days={days} change={choose} />
        </LevelFilters>
      )}
      {section !== 'targets' && !can('desk.supervise', appid) && <p className="muted level-own">{t('service_levels.own')}</p>}
      {section === 'summary' && (
        <Summary
          appid={appid}
          days={days}
          among={amongOf(filters)}
          toBreaches={(more) => address('breaches', withFilters(search, more))}
          zoom={(from, to) => choose({ from, to })}
          pick={(from, to) => navigate(address('breaches', within({ from, to })))}
        />
      )}
      {section === 'breaches' && <Breaches appid={appid} days={days} filters={filters} />}
      {section === 'targets' && <Targets appid={appid} mayConfigure={can('desk.configure', appid)} />}
    </Page>
  );
}
