// 质量 at a glance: each number leads to the page that explains it.
import { TrendingDown, TrendingUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { countText, msText, percentText } from '@/shared/charts/numbers';
import { Tile } from './Tile';
import { changeOf } from './change';
import { useQuality } from '../api/quality';

const shown = ['startup', 'page_switch', 'request'] as const;

export function QualityTiles({ appid, base }: { appid: string; base: string }) {
  const { t } = useTranslation();
  const quality = useQuality(appid).data;
  if (!quality) return null;
  const { visits, failed, metrics, alerts } = quality;
  if (visits.now === 0 && visits.usual === 0 && metrics.every((one) => one.count === 0))
    return <Tile to={`${base}/telemetry/intake/connect`} label={t('overview.visits')} value="—" hint={t('overview.no_telemetry')} />;
  const firing = alerts.firing.notice + alerts.firing.warning + alerts.firing.critical;
  return (
    <>
      <Tile to={`${base}/alerts`} label={t('overview.firing')} value={countText(firing)} hint={alerts.firing.critical > 0 && <span className="overview-worse">{t('overview.critical', { n: alerts.firing.critical })}</span>} />
      <Tile to={`${base}/telemetry`} label={t('overview.visits')} value={countText(visits.now)} hint={<Change now={visits.now} usual={visits.usual} lessIsBetter={false} against={t('overview.last_week')} />} />
      <Tile to={`${base}/issues`} label={t('overview.failed_visits')} value={percentText(failed.now)} hint={<Change now={failed.now} usual={failed.usual} lessIsBetter against={t('overview.last_week')} />} />
      {shown.map((name) => metrics.find((one) => one.metric === name)).map((one) => one?.quantiles && <Speed key={one.metric} metric={one} base={base} />)}
    </>
  );
}

function Speed({ metric, base }: { metric: Schemas['PerformanceMetricSummary']; base: string }) {
  const { t } = useTranslation();
  const name = metric.metric as (typeof shown)[number];
  return (
    <Tile
      to={`${base}/performance?metric=${name}`}
      label={t(`overview.p75.${name}`)}
      value={msText(metric.quantiles!.p75)}
      hint={<Change now={metric.quantiles!.p75} usual={metric.before.quantiles?.p75 ?? 0} lessIsBetter against={t('overview.day_before')} />}
    />
  );
}

// An arrow besides the colour, and in words what it is held against.
function Change({ now, usual, lessIsBetter, against }: { now: number; usual: number; lessIsBetter: boolean; against: string }): ReactNode {
  const change = changeOf(now, usual, lessIsBetter);
  if (!change) return null;
  const Icon = change.up ? TrendingUp : TrendingDown;
  return (
    <span className={change.matters ? (change.better ? 'overview-better' : 'overview-worse') : undefined}>
      <Icon size={13} aria-hidden /> {change.up ? '+' : '−'}
      {percentText(change.by)} {against}
    </span>
  );
}

