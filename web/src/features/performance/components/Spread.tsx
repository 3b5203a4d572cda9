// How a metric is spread 分布, with its quantiles.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Distribution } from '@/shared/charts/Distribution';
import { lasting } from '@/shared/charts/units';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useDistribution } from '../api/performance';
import type { Metric, Question } from './address';
import { binsOf, marksOf } from './bins';

export function Spread({ appid, question, metric }: { appid: string; question: Question; metric: Metric }) {
  const { t } = useTranslation();
  const distribution = useDistribution(appid, question, metric);
  const unit = useMemo(() => lasting('ms'), []);
  return (
    <Panel>
      <Loaded query={distribution} rows={5}>
        {(data) =>
          data.bars.length === 0 ? (
            <Empty title={t('performance.none_spread')} />
          ) : (
            <Distribution title={t('performance.spread.title', { metric: t(`performance.metrics.${data.metric}`) })} unit={unit} counts={t('performance.spread.counts')} bins={binsOf(data.bars)} quantiles={marksOf(data.quantiles)} />
          )
        }
      </Loaded>
    </Panel>
  );
}
