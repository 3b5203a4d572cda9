// 性能: how fast it is for people, where it is slow, since when, and what to change. The address holds all of it.
import { App, Button } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { FirstRecord, useFirstRecord } from '@/shared/ui/FirstRecord';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { sdkCode } from '@/shared/ui/sdkCode';
import { Subnav } from '@/shared/ui/Subnav';
import { duration, useZone } from '@/shared/ui/time';
import { useOverview, type Overview } from '../api/performance';
import { askedOf, narrowed, questionOf, searchOf, sections, viewOf, type View } from '../components/address';
import { Advice } from '../components/Advice';
import { Compare } from '../components/Compare';
import { Heat } from '../components/Heat';
import { Loads } from '../components/Loads';
import { MetricCards } from '../components/MetricCards';
import { PerformanceFilters } from '../components/PerformanceFilters';
import { Requests } from '../components/Requests';
import { Spread } from '../components/Spread';
import { StartupPhases } from '../components/StartupPhases';
import { Trend } from '../components/Trend';
import { Where } from '../components/Where';
import './performance.css';

type Section = (typeof sections)[number];
const withCards: Section[] = ['overview', 'compare', 'heatmap'];

// The end of "the last 7 days": it moves when something else is asked or on refresh, so that what is shown fits together.
function useAsOf(asked: string) {
  const [state, setState] = useState(() => ({ asked, at: Date.now() }));
  if (state.asked !== asked) setState({ asked, at: Date.now() });
  const refresh = useCallback(() => setState({ asked, at: Date.now() }), [asked]);
  return { asOf: state.at, refresh };
}

export function PerformancePage() {
  const appid = useAppId();
  return <Performance key={appid} appid={appid} />;
}

function Performance({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const { section: named } = useParams();
  const section = sections.find((one) => one === named) ?? 'overview';
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => viewOf(search), [search]);
  const asked = askedOf(view);
  const { asOf, refresh } = useAsOf(asked);
  const question = useMemo(() => questionOf(view, asOf, zone), [asked, asOf, zone]); // eslint-disable-line react-hooks/exhaustive-deps
  const overview = useOverview(appid, question);
  const newest = useRef(view);
  newest.current = view;
  // Other records are asked for: the way back leads to those before.
  const change = useCallback(
    (part: Partial<View>) => {
      const next = { ...newest.current, ...part };
      setSearch(searchOf(next), { replace: askedOf(next) === askedOf(newest.current) });
    },
    [setSearch],
  );
  const base = `/m/${appid}/performance`;
  const addressOf = (one: Section, next: View = view) => `${one === 'overview' ? base : `${base}/${one}`}?${searchOf({ ...next, load: one === 'loads' ? next.load : '' })}`.replace(/\?$/, '');
  // The trend of what was pressed elsewhere.
  const open = (part: Partial<View>) => void navigate(addressOf('overview', { ...view, ...part }));
  const parts = { appid, view, question, asOf, change };
  return (
    <Page wide title={t('performance.title')} purpose={t('performance.purpose')}>
      <Subnav label={t('performance.title')} current={section} items={sections.map((key) => ({ key, text: t(`performance.sections.${key}`), to: addressOf(key) }))} />
      <PerformanceFilters {...parts} busy={overview.isFetching} refresh={refresh} />
      <Loaded query={overview} rows={10}>
        {(data) =>
          isEmpty(data) ? (
            <Nothing appid={appid} view={view} change={change} came={refresh} />
          ) : (
            <>
              {withCards.includes(section) && <MetricCards summaries={data.metrics} metric={view.metric} choose={(metric) => change({ metric })} />}
              {section === 'overview' && (
                <>
                  {view.metric === 'startup' && <StartupPhases phases={data.startup_phases} />}
                  <Trend {...parts} />
                  <Spread appid={appid} question={question} metric={view.metric} />
                  <Where {...parts} />
                </>
              )}
              {section === 'compare' && <Compare {...parts} />}
              {section === 'heatmap' && <Heat {...parts} open={open} />}
              {section === 'loads' && <Loads {...parts} />}
              {section === 'requests' && <Requests {...parts} open={open} />}
              {section === 'advice' && <Advice appid={appid} view={view} question={question} />}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

const isEmpty = ({ metrics }: Overview) => metrics.every((one) => one.count === 0 && one.before.count === 0);

function Nothing({ appid, view, change, came }: { appid: string; view: View; change(part: Partial<View>): void; came(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const first = useFirstRecord(appid, 'performance', !narrowed(view));
  const waited = useRef(false);
  if (first.data === 0) waited.current = true;
  const arrived = waited.current && (first.data ?? 0) > 0;
  const text = t('performance.first.came_short');
  useEffect(() => {
    if (!arrived) return;
    void message.success(text);
    came();
  }, [arrived, message, text, came]);
  return (
    <Panel>
      {narrowed(view) ? (
        <Empty title={t('performance.none')} text={t('performance.none_hint')} action={<Button onClick={() => change({ words: {} })}>{t('common.filters.clear')}</Button>} />
      ) : waited.current ? (
        <FirstRecord
          appid={appid}
          title={t('performance.first.title')}
          purpose={t('performance.first.purpose')}
          waiting={t('performance.first.waiting')}
          came={first.data ? t('performance.first.came', { t: duration(Date.now() - first.data) }) : ''}
          code={(server, key) => `// app.js, ${t('performance.first.before_all')}\n${sdkCode(server, key)}`}
        />
      ) : (
        <Empty title={t('performance.none_yet')} text={t('performance.none_yet_hint')} action={<Button onClick={() => change({ range: { preset: '90d' } })}>{t('performance.longer')}</Button>} />
      )}
    </Panel>
  );
}
