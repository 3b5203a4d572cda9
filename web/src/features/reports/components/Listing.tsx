// The conversations behind a figure: what each adds to it, and the way there.
import { Button, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Chips } from '@/shared/ui/Chips';
import { Empty, Loaded, Mark, Panel, Wide } from '@/shared/ui/page';
import { Exact, exactTime, useZone } from '@/shared/ui/time';
import { orders, useConversations, type Conversation, type Listed, type Metric, type Question, type Sample } from '../api/reports';
import { formOf, metrics, partsOf } from './figures';
import { Definition } from './Figure';
import { figureText, useNames, type Say } from './names';
import { spanText } from './spans';

interface Props {
  appid: string;
  question: Question;
  listed: Listed;
  change(listed: Partial<Listed>): void;
}

function partText(metric: Metric, part: Listed['part'], t: Say) {
  if (part === 'all') return t('reports.list.all');
  return part === 'counted' ? t('reports.list.counted') : figureText(metric, part, t);
}

export function Listing({ appid, question, listed, change }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const { metric, part, order, ended_from: ended } = listed;
  const found = useConversations(appid, question, listed);
  const offered = partsOf(metric);
  const name = t(`reports.metrics.${metric}`);
  const choose = (next: Metric) => change({ metric: next, part: partsOf(next).includes(part) ? part : 'all' });
  return (
    <Panel title={<span className="rep-head">{t('reports.list.title', { metric: name })} <Definition metric={metric} /></span>}>
      <div className="rep-tools">
        <Select aria-label={t('reports.list.metric')} popupMatchSelectWidth={false} value={metric} options={metrics.map((value) => ({ value, label: t(`reports.metrics.${value}`) }))} onChange={choose} />
        {offered.length > 1 && <Select aria-label={t('reports.list.part')} popupMatchSelectWidth={false} value={part} options={offered.map((value) => ({ value, label: partText(metric, value, t) }))} onChange={(value) => change({ part: value })} />}
        <Select aria-label={t('reports.list.order')} popupMatchSelectWidth={false} value={order} options={orders.map((value) => ({ value, label: t(`reports.list.orders.${value}`) }))} onChange={(value) => change({ order: value })} />
      </div>
      <Chips label={t('reports.list.metric')} items={ended === undefined ? [] : [{ key: 'ended', text: t('reports.list.ended', { at: exactTime(ended, zone) }), remove: () => change({ ended_from: undefined }) }]} />
      <Loaded query={found} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t('reports.list.empty')} text={t('reports.list.empty_hint')} />;
          return (
            <>
              <ConversationTable appid={appid} metric={metric} title={t('reports.list.title', { metric: name })} items={items} />
              <div className="rep-foot">
                <span className="muted num" role="status">
                  {t('reports.list.shown', { n: items.length })}
                </span>
                {found.hasNextPage && (
                  <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                    {t('common.load_more')}
                  </Button>
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface Line {
  key: string;
  conversation: Conversation;
  sample: Sample;
  rows: number; // of the conversation, in its first line
}

// A line for each sample: their number adds up to the figure.
const linesOf = (items: Conversation[]): Line[] =>
  items.flatMap((conversation) => conversation.samples.map((sample, index) => ({ key: `${conversation.conversation_id} ${index}`, conversation, sample, rows: index === 0 ? conversation.samples.length : 0 })));

function ConversationTable({ appid, metric, title, items }: { appid: string; metric: Metric; title: string; items: Conversation[] }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const whole = { onCell: ({ rows }: Line) => ({ rowSpan: rows }) };
  const withValue = formOf(metric) !== 'count';
  return (
    <Wide label={title}>
      <Table
        size="small"
        pagination={false}
        className="rep-list"
        dataSource={linesOf(items)}
        columns={[
          { title: t('reports.list.conversation'), ...whole, render: (_, { conversation: { conversation_id: id } }) => <Link to={`/m/${appid}/desk/workbench/${id}`}>{t('reports.list.conversation_n', { id })}</Link> },
          { title: t('reports.list.opened'), ...whole, render: (_, { conversation }) => <Exact at={conversation.opened_at} /> },
          ...(withValue ? [{ title: t(`reports.metrics.${metric}`), render: (_: unknown, { sample }: Line) => <Value metric={metric} sample={sample} /> }] : []),
          ...(formOf(metric) === 'duration' || metric === 'transfers' ? [{ title: t('reports.list.at'), render: (_: unknown, { sample }: Line) => <Exact at={sample.at} /> }] : []),
          { title: t('reports.filters.agent'), render: (_, { sample }) => (sample.agent_id ? names.agent(sample.agent_id) : <span className="muted">{t('reports.nobody')}</span>) },
          { title: t('reports.filters.group'), render: (_, { sample }) => (sample.group_id ? names.group(sample.group_id) : <span className="muted">{t('reports.no_group')}</span>) },
        ]}
      />
    </Wide>
  );
}

function Value({ metric, sample: { state, value } }: { metric: Metric; sample: Sample }) {
  const { t } = useTranslation();
  if (state !== 'counted') return <Mark level={state === 'missed' ? 'warning' : 'info'}>{figureText(metric, state, t)}</Mark>;
  const form = formOf(metric);
  if (form === 'duration') return <span className="num">{spanText(value ?? 0)}</span>;
  if (form === 'score') return <span className="num">{t('reports.list.score', { n: value ?? 0 })}</span>;
  return <Mark level={value ? 'ok' : 'unknown'}>{figureText(metric, value ? 'hits' : 'others', t)}</Mark>;
}
