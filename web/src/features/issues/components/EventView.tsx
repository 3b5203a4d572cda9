// One occurrence, whole: the stack, what led to it, on what phone, and what else that person met.
import { Button } from 'antd';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { valueText } from '@/shared/charts/numbers';
import { CopyText, Loaded, Panel } from '@/shared/ui/page';
import { Exact, exactTime, useZone } from '@/shared/ui/time';
import { useKeys } from '@/shared/ui/useKeys';
import { useEvent, type IssueEventDetail } from '../api/issues';
import { Stack } from './Stack';

interface Props {
  appid: string;
  issue: string;
  event: string;
  open(event: string): void;
}

export function EventView({ appid, issue, event, open }: Props) {
  const { t } = useTranslation();
  const query = useEvent(appid, issue, event);
  const step = (to: string | null | undefined, text: string, icon: React.ReactNode) => (
    <Button size="small" icon={icon} disabled={!to} aria-label={text} title={text} onClick={() => to && open(to)} />
  );
  const steps = (
    <span className="issue-steps">
      {step(query.data?.older, t('issues.event.older'), <ChevronLeft size={15} aria-hidden />)}
      {step(query.data?.newer, t('issues.event.newer'), <ChevronRight size={15} aria-hidden />)}
      <Button size="small" disabled={event === 'newest'} onClick={() => open('newest')}>
        {t('issues.event.newest')}
      </Button>
      <Button size="small" disabled={event === 'oldest'} onClick={() => open('oldest')}>
        {t('issues.event.oldest')}
      </Button>
    </span>
  );
  const go = (to: string | null | undefined) => (to ? open(to) : undefined);
  useKeys({ '[': () => go(query.data?.older), ']': () => go(query.data?.newer) });
  return (
    <Panel title={t('issues.event.title')} extra={steps}>
      <Loaded query={query} rows={10}>
        {(data) => (
          <div className="event">
            <div className="event-main">
              <p className="panel-note">
                <Exact at={data.record.at} /> <span className="muted">{data.record.page}</span>
              </p>
              <Stack event={data} mapsAddress={`/m/${appid}/issues/source-maps?release=${encodeURIComponent(data.record.release)}`} />
              <Timeline event={data} />
            </div>
            <Facts appid={appid} event={data} />
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

// Ours have names in both languages; breadcrumbs have the client's.
const ours = ['page_view', 'event', 'performance', 'log', 'error', 'feedback'] as const;
const isKind = (what: string): what is (typeof ours)[number] => ours.some((one) => one === what);

// Breadcrumbs, the pages before, and the person's other signals are one story: by the time they happened.
function Timeline({ event }: { event: IssueEventDetail }) {
  const { t } = useTranslation();
  const zone = useZone();
  const rows = [
    ...event.breadcrumbs.map((one) => ({ at: one.at, what: one.type, text: one.text, level: one.level })),
    ...event.path.map((one) => ({ at: one.at as number | null, what: 'page_view', text: one.page, level: '' })),
    ...event.signals.map(({ kind, record }) => ({ at: record.at as number | null, what: kind as string, text: [record.name, record.text, record.value === null ? '' : valueText(record.value)].filter(Boolean).join(' '), level: record.level })),
    { at: event.record.at as number | null, what: 'here', text: `${event.record.name}: ${event.record.text}`, level: 'error' },
  ].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return (
    <>
      <h3>{t('issues.event.story')}</h3>
      <ol className="story">
        {rows.map((one, index) => (
          <li key={index} className={one.what === 'here' ? 'story-here' : undefined}>
            <span className="muted num">{one.at ? exactTime(one.at, zone).slice(-8) : ''}</span>
            <span className="story-what">{one.what === 'here' ? t('issues.event.here') : isKind(one.what) ? t(`issues.event.kinds.${one.what}`) : one.what}</span>
            <span className={one.level === 'error' || one.level === 'fatal' ? 'story-text story-error' : 'story-text'}>{one.text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Facts({ appid, event: { record } }: { appid: string; event: IssueEventDetail }) {
  const { t } = useTranslation();
  const { device } = record;
  const records = (field: string, value: string) => `/m/${appid}/telemetry/records?${new URLSearchParams({ kind: 'event', range: '30d', [field]: value })}`;
  const fact = (name: string, value: React.ReactNode) =>
    value ? (
      <>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </>
    ) : null;
  return (
    <aside className="event-facts">
      <dl className="facts">
        {fact(t('issues.facts.release'), record.release)}
        {fact(t('issues.facts.build'), record.build)}
        {fact(t('issues.facts.device'), [device.brand, device.model].filter(Boolean).join(' '))}
        {fact(t('issues.facts.system'), [device.os, device.os_version].filter(Boolean).join(' '))}
        {fact(t('issues.facts.wechat'), device.wechat)}
        {fact(t('issues.facts.base_library'), device.base_library)}
        {fact(t('issues.facts.network'), record.network)}
        {fact(t('issues.facts.region'), record.region)}
        {fact(t('issues.facts.scene'), record.scene > 0 ? String(record.scene) : '')}
        {fact(t('issues.facts.client'), record.client)}
        {fact(t('issues.facts.person'), record.person && <Link to={records('person', record.person)}>…{record.person.slice(-6)}</Link>)}
        {fact(t('issues.facts.session'), record.session && <Link to={records('session', record.session)} className="mono">{record.session.slice(0, 8)}…</Link>)}
        {fact(t('issues.facts.trace'), record.trace && <Link to={`/m/${appid}/logs?${new URLSearchParams({ query: `trace:"${record.trace}"` })}`} className="mono">{record.trace}</Link>)}
        {fact(t('issues.facts.id'), <CopyText text={record.record_id} show={`${record.record_id.slice(0, 8)}…`} />)}
      </dl>
    </aside>
  );
}
