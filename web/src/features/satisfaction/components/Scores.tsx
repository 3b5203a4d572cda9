// Scores one by one, the latest answer first; each leads to its conversation.
import { Button, Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Comment } from '@/shared/ratings/Comment';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useResults, type Result } from '../api/satisfaction';
import { ConversationLink } from './ConversationLink';
import { listedOf, scores, type Score } from './filters';
import { useNames } from './names';
import type { ResultsProps } from './Results';
import { Stars } from './Stars';

export function Scores({ hidden, ...props }: ResultsProps & { hidden: boolean }) {
  const { t } = useTranslation();
  const { filters, change } = props;
  const options = scores.map((value) => ({ value, label: t('satisfaction.points', { n: value }) }));
  return (
    <Panel
      title={t('satisfaction.scores.title')}
      extra={
        !hidden && (
          <span className="sat-line">
            <Select aria-label={t('satisfaction.filters.score')} placeholder={t('satisfaction.filters.score')} style={{ minWidth: 110 }} allowClear value={filters.score || undefined} options={options} onChange={(score?: Score) => change({ score: score ?? 0 })} />
            <Checkbox checked={filters.comment} onChange={(event) => change({ comment: event.target.checked })}>
              {t('satisfaction.filters.comment')}
            </Checkbox>
          </span>
        )
      }
    >
      {hidden ? <p className="muted">{t('satisfaction.scores.hidden')}</p> : <List {...props} />}
    </Panel>
  );
}

function List({ appid, days, filters }: ResultsProps) {
  const { t } = useTranslation();
  const results = useResults(appid, days, listedOf(filters));
  return (
    <Loaded query={results} rows={6}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <Empty title={filters.score || filters.comment ? t('satisfaction.scores.empty_filtered') : t('satisfaction.scores.empty')} text={t('satisfaction.scores.empty_hint')} />;
        return (
          <>
            <ul className="sat-list" aria-label={t('satisfaction.scores.title')}>
              {items.map((one) => (
                <Scored key={one.id} appid={appid} result={one} />
              ))}
            </ul>
            <div className="sat-foot">
              <span className="muted num" role="status">
                {t('satisfaction.shown', { n: items.length })}
              </span>
              {results.hasNextPage && (
                <Button loading={results.isFetchingNextPage} onClick={() => void results.fetchNextPage()}>
                  {t('common.load_more')}
                </Button>
              )}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Scored({ appid, result }: { appid: string; result: Result }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  return (
    <li>
      <span className="sat-line">
        <Stars score={result.score} />
        <span className="muted sat-small">
          <Ago at={result.answered_at} />
        </span>
      </span>
      <Said appid={appid} result={result} />
      <span className="sat-meta">
        <span>{names.agent(result.agent_id)}</span>
        <span>{names.group(result.group_id)}</span>
        <span>{t(`satisfaction.forms.${result.form}`)}</span>
        <ConversationLink appid={appid} id={result.conversation_id} />
      </span>
    </li>
  );
}

export function Said({ appid, result }: { appid: string; result: Result }) {
  const { t } = useTranslation();
  if (!result.comment) return <p className="muted">{t('satisfaction.scores.no_comment')}</p>;
  return (
    <p>
      <Comment appid={appid} result={result} className="sat-comment" />
    </p>
  );
}
