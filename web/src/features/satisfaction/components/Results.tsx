// 评价结果: from the conversations that closed to the scores, day by day, compared, and one by one.
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText } from '@/shared/charts/numbers';
import type { Range } from '@/shared/charts/ranges';
import { TimeChart } from '@/shared/charts/TimeChart';
import { counted } from '@/shared/charts/units';
import { bucketsOf, datesOf, type Days } from '@/shared/charts/wholeDays';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useFunnel, useSettings, type Figures } from '../api/satisfaction';
import { Comparison } from './Comparison';
import { fewAnswers, moods, seriesOf, shareText, type Mood } from './figures';
import { amongOf, type Filters } from './filters';
import { Funnel, Spread } from './Funnel';
import { Scores } from './Scores';

export interface ResultsProps {
  appid: string;
  days: Days;
  filters: Filters;
  change(next: Partial<Filters>): void;
  choose(range: Range): void;
}

export function Results(props: ResultsProps) {
  const { appid, days, filters } = props;
  const funnel = useFunnel(appid, 'day', days, amongOf(filters));
  const settings = useSettings(appid);
  const { t } = useTranslation();
  return (
    <Loaded query={settings} rows={8}>
      {(set) => (
        <>
          {!set.enabled && <Off appid={appid} />}
          <Loaded query={funnel} rows={8}>
            {({ whole_weeks: weeks, total, items }) => (
              <>
                {weeks && <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('satisfaction.weeks.hint')} />}
                {total.closed > 0 ? <Counted {...props} weeks={weeks} total={total} items={items} /> : weeks ? <NoWeek {...props} /> : <Nothing />}
              </>
            )}
          </Loaded>
        </>
      )}
    </Loaded>
  );
}

function Off({ appid }: { appid: string }) {
  const { t } = useTranslation();
  return <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('satisfaction.results.off')} action={<Link to={`/m/${appid}/satisfaction/settings`}>{t('satisfaction.results.to_settings')}</Link>} />;
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <Panel>
      <Empty title={t('satisfaction.results.empty')} text={t('satisfaction.results.empty_hint')} />
    </Panel>
  );
}

function NoWeek({ days, choose }: ResultsProps) {
  const { t } = useTranslation();
  const longer = datesOf(days).length < 90 && <Button onClick={() => choose({ preset: '90d' })}>{t('charts.ranges.90d')}</Button>;
  return (
    <Panel>
      <Empty title={t('satisfaction.weeks.empty')} text={t('satisfaction.weeks.empty_hint')} action={longer} />
    </Panel>
  );
}

// weeks: scores are anonymous to whoever looks.
interface Found {
  weeks: boolean;
  total: Figures;
  items: Figures[];
}

function Counted({ total, ...props }: ResultsProps & Found) {
  const { weeks, filters, change } = props;
  return (
    <>
      <Shares total={total} />
      <div className="sat-pair">
        <Funnel total={total} />
        <Spread total={total} chosen={filters.score} choose={weeks ? undefined : (score) => change({ score })} />
      </div>
      <ByDay {...props} />
      <Comparison {...props} />
      <Scores {...props} hidden={weeks} />
    </>
  );
}

// The share of the content never stands without how many it speaks for.
function Shares({ total }: { total: Figures }) {
  const { t } = useTranslation();
  const few = total.answered > 0 && total.answered < fewAnswers;
  return (
    <div className="tiles sat-tiles">
      <section className="tile">
        <h2 className="tile-label">{t('satisfaction.share')}</h2>
        <div className="tile-value">{shareText(total.satisfaction)}</div>
        <p className="tile-hint">{few ? t('satisfaction.results.few', { n: total.answered }) : t('satisfaction.results.share_hint', { n: countText(total.answered) })}</p>
      </section>
      <section className="tile">
        <h2 className="tile-label">{t('satisfaction.answer_rate')}</h2>
        <div className="tile-value">{shareText(total.answer_rate)}</div>
        <p className="tile-hint">{t('satisfaction.results.rate_hint', { delivered: countText(total.delivered), answered: countText(total.answered) })}</p>
      </section>
    </div>
  );
}

function ByDay({ days, weeks, items, choose }: ResultsProps & Omit<Found, 'total'>) {
  const { t } = useTranslation();
  const zone = useZone();
  const names = Object.fromEntries(moods.map((mood) => [mood, t(`satisfaction.moods.${mood}`)])) as Record<Mood, string>;
  return (
    <Panel>
      <TimeChart title={weeks ? t('satisfaction.weeks.title') : t('satisfaction.results.days')} unit={counted(weeks ? t('satisfaction.weeks.unit') : t('satisfaction.results.unit'))} form="bars" height={220} {...bucketsOf(days, zone)} series={seriesOf(days, items, names)} zoom={(from, to) => choose({ from, to })} hint={weeks ? t('satisfaction.weeks.days_hint') : t('satisfaction.results.days_hint')} />
    </Panel>
  );
}
