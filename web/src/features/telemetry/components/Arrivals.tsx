// 到达情况: what came, kind by kind, and what is kept of it.
import { Segmented, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { bytesText, countText } from '@/shared/charts/numbers';
import { intervals, type Preset } from '@/shared/charts/ranges';
import { TimeChart } from '@/shared/charts/TimeChart';
import { counted } from '@/shared/charts/units';
import { useMiniProgram } from '@/shared/session/miniPrograms';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { Ago, dayOf, useZone } from '@/shared/ui/time';
import { useArrivals, useTelemetrySettings, type Intake } from '../api/telemetry';
import { kindColor } from './colors';
import { kinds } from './filters';
import { Ledger } from './Ledger';

export function Arrivals({ appid, intake, range }: { appid: string; intake: Intake; range: Preset }) {
  const { t } = useTranslation();
  const zone = useMiniProgram()?.time_zone || 'Asia/Shanghai';
  const navigate = useNavigate();
  const [, setSearch] = useSearchParams();
  const kept = kinds.filter((kind) => intake.kinds.some((one) => one.kind === kind));
  const arrivals = useArrivals(appid, range, kept, zone);
  const stored = arrivals.data?.series.reduce((all, one) => all + one.values.reduce((a, b) => a + b, 0), 0);
  const ranges = (
    <Segmented
      aria-label={t('charts.ranges.label')}
      value={range}
      options={(['24h', '7d', '30d'] as const).map((value) => ({ value, label: t(`charts.ranges.${value}`) }))}
      onChange={(value) => setSearch(value === '24h' ? {} : { range: value }, { replace: true })}
    />
  );
  return (
    <>
      <Panel title={t('telemetry.intake.came')} extra={ranges}>
        <Loaded query={arrivals} rows={6}>
          {({ starts, interval, series }) =>
            series.every((one) => one.values.every((value) => value === 0)) ? (
              <Empty title={t('telemetry.intake.nothing')} text={t('telemetry.intake.nothing_hint')} action={<Link to={`/m/${appid}/telemetry/intake/connect`}>{t('telemetry.intake.to_connect')}</Link>} />
            ) : (
              <TimeChart
                title={t('telemetry.records.over_time')}
                unit={counted(t(`telemetry.chart.per_${interval}`))}
                form="bars"
                starts={starts}
                end={starts.at(-1)! + intervals[interval]}
                asOf={arrivals.dataUpdatedAt}
                hint={t('telemetry.chart.records_hint')}
                series={series.filter((one) => one.values.some((value) => value > 0)).map((one) => ({ key: one.kind, name: t(`telemetry.kinds.${one.kind}`), color: kindColor(one.kind), values: one.values }))}
                pick={(from, to) => {
                  const inTime = (one: (typeof series)[number]) => one.values.filter((_, index) => starts[index]! >= from && starts[index]! < to).reduce((a, b) => a + b, 0);
                  const most = [...series].sort((a, b) => inTime(b) - inTime(a))[0]!;
                  void navigate(`/m/${appid}/telemetry/records?${new URLSearchParams({ kind: most.kind, from: String(from), to: String(to) })}`);
                }}
              />
            )
          }
        </Loaded>
        <KindTable appid={appid} intake={intake} />
      </Panel>
      <Ledger ledger={intake.ledger} stored={stored} />
    </>
  );
}

function KindTable({ appid, intake }: { appid: string; intake: Intake }) {
  const { t } = useTranslation();
  const zone = useZone();
  const settings = useTelemetrySettings(appid);
  if (intake.kinds.length === 0) return null;
  return (
    <>
      <Table
        rowKey="kind"
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        className="kind-table"
        dataSource={kinds.flatMap((kind) => intake.kinds.filter((one) => one.kind === kind))}
        columns={[
          {
            title: t('telemetry.intake.kind'),
            render: (_, one) => (
              <Link to={`/m/${appid}/telemetry/records?${new URLSearchParams({ kind: one.kind, range: '30d' })}`}>
                <span className="chart-swatch" style={{ background: kindColor(one.kind) }} aria-hidden /> {t(`telemetry.kinds.${one.kind}`)}
              </Link>
            ),
          },
          { title: t('telemetry.intake.rows'), align: 'right', className: 'num', sorter: (a, b) => a.rows - b.rows, render: (_, one) => countText(one.rows) },
          { title: t('telemetry.intake.since'), align: 'right', render: (_, one) => <span className="num">{dayOf(one.oldest_at, zone)}</span> },
          { title: t('telemetry.intake.newest'), align: 'right', render: (_, one) => <Ago at={one.newest_at} /> },
          { title: t('telemetry.intake.keep'), align: 'right', className: 'num', render: (_, one) => settings.data?.keep_days[one.kind] ?? '—' },
        ]}
      />
      <p className="muted kind-store num">{t('telemetry.intake.store', { size: bytesText(intake.store_bytes) })}</p>
    </>
  );
}
