// Slow requests 慢请求: which addresses make people wait, how often they fail, and with what they answer.
import { useTranslation } from 'react-i18next';
import { countText, msText } from '@/shared/charts/numbers';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useBreakdown } from '../api/performance';
import { withWords, type Question, type View } from './address';
import { RowTable } from './RowTable';
import { Sorting } from './Where';

export function Requests({ appid, view, question, change, open }: { appid: string; view: View; question: Question; change(part: Partial<View>): void; open(part: Partial<View>): void }) {
  const { t } = useTranslation();
  const urls = useBreakdown(appid, question, { metric: 'request', by: 'url', sort: view.sort });
  const answers = useBreakdown(appid, question, { metric: 'request', by: 'status', sort: 'count' });
  return (
    <>
      <Panel title={t('performance.requests.title')} extra={<Sorting sort={view.sort} change={(sort) => change({ sort })} />}>
        <Loaded query={urls} rows={8}>
          {({ items, by, total }) =>
            items.length === 0 ? (
              <Empty title={t('performance.requests.none')} text={t('performance.requests.none_hint')} />
            ) : (
              <>
                {total.quantiles && <p className="muted panel-note num">{t('performance.requests.total', { n: countText(total.count), p75: msText(total.quantiles.p75), p95: msText(total.quantiles.p95) })}</p>}
                <RowTable label={t('performance.requests.title')} items={items} by={by} narrow={(url) => open({ metric: 'request', words: withWords(view.words, 'url', [url]) })} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {(answers.data?.items.length ?? 0) > 0 && (
        <Panel title={t('performance.requests.answers')}>
          <RowTable label={t('performance.requests.answers')} items={answers.data!.items} by="status" />
        </Panel>
      )}
    </>
  );
}
