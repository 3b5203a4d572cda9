// 达标情况: how much was kept, by kind, day, group and agent; what was not leads to its list.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText, percentText } from '@/shared/charts/numbers';
import { TimeChart } from '@/shared/charts/TimeChart';
import { counted } from '@/shared/charts/units';
import { bucketsOf, type Days } from '@/shared/charts/wholeDays';
import { kinds } from '@/shared/service_levels/marks';
import { useGroupName } from '@/shared/teams/teams';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useSummary, type Among, type Tally } from '../api/serviceLevels';
import { figures, seriesOf } from './days';
import type { Filters } from './filters';
import { useAgentName } from './useAgentName';

export interface SummaryProps {
  appid: string;
  days: Days;
  among: Among;
  toBreaches(filters: Partial<Filters>): string; // the address of the list, with what is set already
  zoom(from: number, to: number): void;
  pick(from: number, to: number): void;
}

export function Summary(props: SummaryProps) {
  const { t } = useTranslation();
  const { appid, days, among } = props;
  const summary = useSummary(appid, 'kind', days, among);
  return (
    <Loaded query={summary} rows={8}>
      {(tallies) =>
        tallies.length === 0 ? (
          <Panel>
            <Empty title={t('service_levels.summary.empty')} text={t('service_levels.summary.empty_hint')} action={<Link to={`/m/${appid}/service-levels/targets`}>{t('service_levels.summary.to_targets')}</Link>} />
          </Panel>
        ) : (
          <>
            <Kinds {...props} tallies={tallies} />
            <ByDay {...props} />
            <Groups {...props} />
            <Agents {...props} />
          </>
        )
      }
    </Loaded>
  );
}

const shareText = ({ share }: Tally) => (share === null ? '—' : percentText(share));

function Kinds({ tallies, toBreaches }: SummaryProps & { tallies: Tally[] }) {
  const { t } = useTranslation();
  return (
    <div className="tiles sl-tiles">
      {kinds.flatMap((kind) => {
        const tally = tallies.find((one) => one.key === kind);
        if (!tally) return [];
        const name = t(`desk.levels.kinds.${kind}`);
        return [
          <section key={kind} className="tile">
            <h2 className="tile-label">
              {name} {t('service_levels.summary.share')}
            </h2>
            <div className="tile-value">{shareText(tally)}</div>
            <dl className="sl-figures">
              {figures.map((figure) => (
                <div key={figure}>
                  <dt>{t(`service_levels.summary.${figure}`)}</dt>
                  <dd className="num">{figure === 'breached' ? <Breached name={name} n={tally.breached} to={toBreaches({ kind })} /> : countText(tally[figure])}</dd>
                </div>
              ))}
            </dl>
          </section>,
        ];
      })}
    </div>
  );
}

function Breached({ name, n, to }: { name: string; n: number; to: string }) {
  const { t } = useTranslation();
  if (n === 0) return <>0</>;
  return (
    <Link to={to} aria-label={t('service_levels.summary.breaches_of', { name, n: countText(n) })}>
      {countText(n)}
    </Link>
  );
}

function ByDay({ appid, days, among, zoom, pick }: SummaryProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const summary = useSummary(appid, 'day', days, among);
  const names = { held: t('service_levels.summary.held'), breached: t('service_levels.summary.breached'), unanswered: t('service_levels.summary.unanswered'), open: t('service_levels.summary.open') };
  return (
    <Panel>
      <Loaded query={summary} rows={6}>
        {(tallies) => <TimeChart title={t('service_levels.summary.days')} unit={counted(t('service_levels.summary.unit'))} form="bars" height={220} {...bucketsOf(days, zone)} series={seriesOf(days, tallies, names)} zoom={zoom} pick={pick} hint={t('service_levels.summary.days_hint')} />}
      </Loaded>
    </Panel>
  );
}

function Groups({ appid, days, among, toBreaches }: SummaryProps) {
  const { t } = useTranslation();
  const summary = useSummary(appid, 'group', days, among);
  const nameOf = useGroupName(appid);
  return <Tallies title={t('service_levels.summary.groups')} query={summary} nameOf={(key) => (key ? nameOf(key) : t('service_levels.no_group'))} toBreaches={(group) => (group ? toBreaches({ group }) : undefined)} />;
}

function Agents({ appid, days, among, toBreaches }: SummaryProps) {
  const { t } = useTranslation();
  const summary = useSummary(appid, 'agent', days, among);
  const nameOf = useAgentName(appid);
  return <Tallies title={t('service_levels.summary.agents')} hint={t('service_levels.summary.agents_hint')} query={summary} nameOf={nameOf} toBreaches={(agent) => (agent === '0' ? undefined : toBreaches({ agent }))} />;
}

interface TalliesProps {
  title: string;
  hint?: string;
  query: ReturnType<typeof useSummary>;
  nameOf(key: string): string;
  toBreaches(key: string): string | undefined; // undefined: there is no such filter
}

const most = 1000;

function Tallies({ title, hint, query, nameOf, toBreaches }: TalliesProps) {
  const { t } = useTranslation();
  const right = { align: 'right', className: 'num' } as const;
  return (
    <Panel title={title}>
      {hint && <p className="muted panel-note">{hint}</p>}
      <Loaded query={query} rows={4}>
        {(tallies) => (
          <Wide label={title}>
            <Table
              rowKey="key"
              size="small"
              pagination={tallies.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              dataSource={tallies.toSorted((a, b) => b.breached - a.breached || b.held - a.held)}
              columns={[
                { title: t('service_levels.summary.name'), sorter: (a, b) => nameOf(a.key).localeCompare(nameOf(b.key)), render: (_, one) => nameOf(one.key) },
                { title: t('service_levels.summary.share'), ...right, sorter: (a, b) => (a.share ?? -1) - (b.share ?? -1), render: (_, one) => shareText(one) },
                ...figures.map((figure) => ({
                  title: t(`service_levels.summary.${figure}`),
                  ...right,
                  sorter: (a: Tally, b: Tally) => a[figure] - b[figure],
                  render: (_: unknown, one: Tally) => {
                    const to = figure === 'breached' ? toBreaches(one.key) : undefined;
                    return to ? <Breached name={nameOf(one.key)} n={one.breached} to={to} /> : countText(one[figure]);
                  },
                })),
              ]}
            />
            {tallies.length >= most && <p className="muted">{t('service_levels.summary.cut')}</p>}
          </Wide>
        )}
      </Loaded>
    </Panel>
  );
}
