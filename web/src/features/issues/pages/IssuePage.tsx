// One issue: what it is, whom it hurts, since when, why it was grouped so, and what is done about it.
import { Button, Input, Modal } from 'antd';
import { ArrowLeft, Link2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { countText, percentText } from '@/shared/charts/numbers';
import { rangeOf, startsOf, windowOf, writeRange, zoneOffset } from '@/shared/charts/ranges';
import { TimeChart } from '@/shared/charts/TimeChart';
import { TimeRange } from '@/shared/charts/TimeRange';
import { counted } from '@/shared/charts/units';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Loaded, Page, Panel, useNotify } from '@/shared/ui/page';
import { Ago, useZone } from '@/shared/ui/time';
import { useKeys } from '@/shared/ui/useKeys';
import { useChange, useIssue, useReleases, type IssueDetail, type Span } from '../api/issues';
import { Actions } from '../components/Actions';
import { Activity } from '../components/Activity';
import { EventView } from '../components/EventView';
import { usualRange } from '../components/filters';
import { Grouping, MergedInto } from '../components/Grouping';
import { issueKeys, KeyboardMap } from '../components/KeyboardMap';
import { SeverityMark, StateText } from '../components/marks';
import { Tags } from '../components/Tags';
import './issues.css';

export function IssuePage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { id = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const range = useMemo(() => rangeOf(search, usualRange), [search]);
  const span = useMemo(() => windowOf(range, asOf), [range, asOf]);
  const issue = useIssue(appid, id, span);
  const releases = useReleases(appid, span);
  const names = (releases.data ?? []).map((one) => one.release);
  const { can } = usePermissions();
  const mayHandle = can('issues.handle', appid);
  const set = (change: (next: URLSearchParams) => void) => {
    const next = new URLSearchParams(search);
    change(next);
    setSearch(next, { replace: true });
  };
  const event = search.get('event') ?? 'newest';
  const [keyboard, setKeyboard] = useState(false);
  useKeys({ '?': () => setKeyboard(true) });
  return (
    <Page
      wide
      title={issue.data?.title || t('issues.untitled')}
      purpose={issue.data ? `#${issue.data.number} · ${t(`issues.kinds.${issue.data.kind}`)}${issue.data.culprit ? ` · ${issue.data.culprit}` : ''}` : t('issues.purpose')}
      actions={
        <>
          <Link to={`/m/${appid}/issues`}>
            <Button icon={<ArrowLeft size={15} aria-hidden />}>{t('issues.back')}</Button>
          </Link>
          <TimeRange range={range} asOf={asOf} change={(next) => (setAsOf(Date.now()), set((to) => writeRange(to, next, usualRange)))} />
        </>
      }
    >
      <Loaded query={issue} rows={12}>
        {(data) => (
          <>
            <MergedInto appid={appid} asked={id} issue={data} />
            {mayHandle && (
              <div className="issue-bulk">
                <Actions appid={appid} issues={[data]} releases={names} />
                <Tracker appid={appid} issue={data} />
              </div>
            )}
            <Figures issue={data} />
            <Trend issue={data} span={span} releases={releases.data ?? []} asOf={asOf} zoom={(from, to) => set((next) => writeRange(next, { from, to }, usualRange))} />
            <EventView appid={appid} issue={data.id} event={event} open={(to) => set((next) => next.set('event', to))} />
            <Tags appid={appid} issue={data.id} span={span} />
            <Grouping appid={appid} issue={data} mayHandle={mayHandle} />
            <Activity appid={appid} issue={data.id} mayHandle={mayHandle} />
          </>
        )}
      </Loaded>
      {keyboard && <KeyboardMap keys={issueKeys} close={() => setKeyboard(false)} />}
    </Page>
  );
}

function Figures({ issue }: { issue: IssueDetail }) {
  const { t } = useTranslation();
  const { figures } = issue;
  const tile = (label: string, value: React.ReactNode, hint?: React.ReactNode) => (
    <div className="tile">
      <div className="tile-label">{label}</div>
      <div className="tile-value">{value}</div>
      {hint && <div className="tile-hint">{hint}</div>}
    </div>
  );
  return (
    <div className="tiles">
      {tile(t('issues.columns.severity'), <SeverityMark issue={issue} />, issue.severity_reasons.map((one) => t(`issues.reasons.${one.code}`)).join(' · '))}
      {tile(t('issues.columns.state'), <span className="issue-tile-state"><StateText issue={issue} /></span>, issue.assignee?.name ?? t('issues.nobody'))}
      {tile(t('issues.columns.events'), countText(figures.events))}
      {tile(t('issues.columns.users'), countText(figures.users), figures.session_share === null ? undefined : t('issues.session_share', { x: percentText(figures.session_share) }))}
      {tile(t('issues.first_seen'), <span className="issue-tile-time"><Ago at={issue.first_seen_at} /></span>, issue.first_release)}
      {tile(t('issues.columns.last_seen'), <span className="issue-tile-time"><Ago at={issue.last_seen_at} /></span>, issue.last_release)}
    </div>
  );
}

interface TrendProps {
  issue: IssueDetail;
  span: Span;
  releases: { release: string; first_seen_at: number }[];
  asOf: number;
  zoom(from: number, to: number): void;
}

function Trend({ issue, span, releases, asOf, zoom }: TrendProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const interval = issue.trend_interval_ms;
  const starts = startsOf(span, interval, zoneOffset(zone, span.to));
  const found = new Map(issue.figures.trend.map((one) => [one.at, one.events]));
  return (
    <Panel>
      <TimeChart
        title={t('issues.trend')}
        unit={counted(t('issues.columns.events'))}
        form="bars"
        starts={starts}
        end={(starts.at(-1) ?? span.from) + interval}
        asOf={asOf}
        marks={releases.map((one) => ({ at: one.first_seen_at, kind: 'release' as const, text: one.release }))}
        series={[{ key: 'events', name: t('issues.columns.events'), values: starts.map((at) => found.get(at) ?? 0), color: 'var(--chart-error, #c62828)' }]}
        zoom={zoom}
      />
    </Panel>
  );
}

function Tracker({ appid, issue }: { appid: string; issue: IssueDetail }) {
  const { t } = useTranslation();
  const change = useChange(appid);
  const { done, failed } = useNotify();
  const [url, setUrl] = useState<string | null>(null);
  const save = () => change.mutateAsync({ ids: [issue.id], change: { tracker_url: url?.trim() || null } }).then(() => (done(), setUrl(null)), failed);
  return (
    <>
      {issue.tracker_url && (
        <a href={issue.tracker_url} target="_blank" rel="noreferrer">
          {t('issues.tracker.open')}
        </a>
      )}
      <Button icon={<Link2 size={15} aria-hidden />} onClick={() => setUrl(issue.tracker_url ?? '')}>
        {t('issues.tracker.link')}
      </Button>
      <Modal open={url !== null} title={t('issues.tracker.link')} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={change.isPending} onCancel={() => setUrl(null)} onOk={() => void save()}>
        <Input aria-label={t('issues.tracker.url')} placeholder="https://" value={url ?? ''} maxLength={1000} onChange={(event) => setUrl(event.target.value)} />
      </Modal>
    </>
  );
}
