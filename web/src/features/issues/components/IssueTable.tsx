// The issues that match: what it is, how often, how many people, its trend. A title leads to the issue.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText, percentText } from '@/shared/charts/numbers';
import { Sparkline } from '@/shared/charts/Sparkline';
import { Ago } from '@/shared/ui/time';
import type { Issue, Span } from '../api/issues';
import { trendOf } from './filters';
import { SeverityMark, StateText } from './marks';

interface Props {
  appid: string;
  items: Issue[];
  span: Span;
  interval: number;
  chosen: string[];
  choose(ids: string[]): void;
  more: boolean;
  loadingMore: boolean;
  loadMore(): void;
  mayHandle: boolean;
}

export function IssueTable({ appid, items, span, interval, chosen, choose, more, loadingMore, loadMore, mayHandle }: Props) {
  const { t } = useTranslation();
  const address = (one: Issue) => `/m/${appid}/issues/${one.id}`;
  return (
    <>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        className="issues"
        dataSource={items}
        rowSelection={
          mayHandle
            ? {
                selectedRowKeys: chosen,
                onChange: (keys) => choose(keys as string[]),
                getCheckboxProps: (one) => ({ 'aria-label': t('issues.choose', { n: one.number }) }) as object,
                columnTitle: (box) => <span aria-label={t('issues.choose_all')}>{box}</span>,
              }
            : undefined
        }
        columns={[
          { title: t('issues.columns.severity'), render: (_, one) => <SeverityMark issue={one} /> },
          {
            title: t('issues.columns.issue'),
            render: (_, one) => (
              <div className="issue-title">
                <Link to={address(one)} title={one.title}>
                  {one.title || t('issues.untitled')}
                </Link>
                <span className="muted">
                  <span className="num">#{one.number}</span> · {t(`issues.kinds.${one.kind}`)}
                  {one.culprit && <> · <span className="issue-culprit">{one.culprit}</span></>}
                  {one.merged > 0 && <> · {t('issues.merged_n', { n: one.merged })}</>}
                </span>
              </div>
            ),
          },
          { title: t('issues.columns.trend'), render: (_, one) => <Sparkline values={trendOf(one.figures.trend, span, interval)} label={t('issues.trend_of', { n: countText(one.figures.events) })} /> },
          { title: t('issues.columns.events'), align: 'right', render: (_, one) => <span className="num">{countText(one.figures.events)}</span> },
          {
            title: t('issues.columns.users'),
            align: 'right',
            render: (_, one) => (
              <span className="num" title={one.figures.session_share === null ? undefined : t('issues.session_share', { x: percentText(one.figures.session_share) })}>
                {countText(one.figures.users)}
              </span>
            ),
          },
          { title: t('issues.columns.state'), render: (_, one) => <StateText issue={one} /> },
          { title: t('issues.columns.assignee'), render: (_, one) => one.assignee?.name ?? <span className="muted">—</span> },
          { title: t('issues.columns.release'), render: (_, one) => <span className="num">{one.last_release || <span className="muted">—</span>}</span> },
          { title: t('issues.columns.last_seen'), render: (_, one) => <Ago at={one.last_seen_at} /> },
        ]}
      />
      <div className="issues-foot">
        <span className="muted num" role="status">
          {t('issues.shown', { n: items.length })}
        </span>
        {more && (
          <Button loading={loadingMore} onClick={loadMore}>
            {t('common.load_more')}
          </Button>
        )}
      </div>
    </>
  );
}
