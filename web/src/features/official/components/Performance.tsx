// 性能: WeChat's mean and ours on one chart, by day.
import { Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeChart } from '@/shared/charts/TimeChart';
import { lasting } from '@/shared/charts/units';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { usePerformance, type PerformanceAsked, type Span } from '../api/official';
import { daysOf, linesOf } from './days';
import { Trouble } from './marks';

const metrics = ['launch', 'download', 'first_render'] as const;
const devices = ['all', 'ios', 'android'] as const;
const networks = ['all', 'wifi', '4g', '3g', '2g'] as const;

export function Performance({ appid, span }: { appid: string; span: Span }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<PerformanceAsked>({ metric: 'launch', device: 'all', network: 'all' });
  const points = usePerformance(appid, span, asked);
  const unit = useMemo(() => lasting('ms'), []);
  const names = { wechat: t('official.lines.wechat'), mean: t('official.lines.mean'), p50: t('official.lines.p50') };
  return (
    <Panel>
      <Trouble appid={appid} source="performance" />
      <div className="official-tools" role="group" aria-label={t('official.performance.tools')}>
        <Segmented aria-label={t('official.performance.metric')} value={asked.metric} options={metrics.map((value) => ({ value, label: t(`official.metrics.${value}`) }))} onChange={(metric) => setAsked({ metric, device: asked.device, network: metric === 'download' ? asked.network : 'all' })} />
        <Select aria-label={t('official.performance.device')} style={{ minWidth: 120 }} value={asked.device} options={devices.map((value) => ({ value, label: t(`official.devices.${value}`) }))} onChange={(device) => setAsked({ ...asked, device })} />
        {asked.metric === 'download' && <Select aria-label={t('official.performance.network')} style={{ minWidth: 120 }} value={asked.network} options={networks.map((value) => ({ value, label: value === 'all' ? t('official.any_network') : value.toUpperCase() }))} onChange={(network) => setAsked({ ...asked, network })} />}
      </div>
      <Loaded query={points} rows={6}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('official.performance.none')} text={t('official.performance.none_hint')} />
          ) : (
            <TimeChart title={t('official.performance.title', { metric: t(`official.metrics.${asked.metric}`) })} unit={unit} form="line" height={260} {...daysOf(span)} series={linesOf(daysOf(span), items, names)} hint={t('official.performance.hint')} />
          )
        }
      </Loaded>
    </Panel>
  );
}
