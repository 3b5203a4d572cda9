// One page load: who waited where, and for what.
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { msText } from '@/shared/charts/numbers';
import { Waterfall } from '@/shared/charts/Waterfall';
import { Loaded } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useLoad, type PageLoad } from '../api/performance';
import { deviceText } from './device';
import { entryTypes, spansOf } from './spans';
import { wordOf } from './words';

export function LoadSheet({ appid, id, close }: { appid: string; id: string; close(): void }) {
  const { t } = useTranslation();
  const load = useLoad(appid, id);
  return (
    <Drawer open={id !== ''} onClose={close} title={load.data && id ? wordOf('page', load.data.page) : t('performance.loads.sheet')} size={860} rootClassName="perf-sheet">
      {id && (
        <Loaded query={load} rows={8}>
          {(data) => <Sheet appid={appid} load={data} />}
        </Loaded>
      )}
    </Drawer>
  );
}

function Sheet({ appid, load }: { appid: string; load: PageLoad }) {
  const { t } = useTranslation();
  const { spans, moments } = spansOf(load.entries);
  const facts = [
    [t('performance.loads.ms'), msText(load.ms)],
    [t('performance.loads.at'), <Exact key="at" at={load.at} />],
    [t('performance.dimensions.release'), load.release],
    [t('performance.dimensions.device'), [deviceText(load.device), load.device.os, load.device.os_version].filter(Boolean).join(' · ')],
    [t('performance.dimensions.network'), load.network],
    [t('performance.dimensions.region'), load.region],
    [t('performance.dimensions.scene'), load.scene > 0 ? load.scene : ''],
    [t('performance.loads.reason'), t(`performance.loads.reasons.${load.reason}`)],
  ] as const;
  return (
    <>
      <dl className="facts perf-facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
      </dl>
      {load.session && <SessionLinks appid={appid} session={load.session} at={load.at} />}
      <Waterfall
        title={t('performance.loads.waterfall')}
        spans={spans}
        moments={moments}
        kinds={entryTypes.map((key) => ({ key, name: t(`performance.loads.types.${key}`), color: key === 'error' ? 'var(--red)' : undefined }))}
        hint={[load.left_out > 0 && t('performance.loads.left_out', { n: load.left_out }), load.about && t('performance.loads.about')].filter(Boolean).join(' · ')}
      />
    </>
  );
}

const around = 30 * 60_000;

// What else the phone reported in that session.
function SessionLinks({ appid, session, at }: { appid: string; session: string; at: number }) {
  const { t } = useTranslation();
  const span = { from: String(at - around), to: String(at + around) };
  return (
    <p className="perf-links">
      <Link to={`/m/${appid}/logs?${new URLSearchParams({ query: `session:${session}`, ...span })}`}>{t('performance.loads.logs')}</Link>
      <Link to={`/m/${appid}/telemetry/records?${new URLSearchParams({ ...span, session })}`}>{t('performance.loads.records')}</Link>
    </p>
  );
}
