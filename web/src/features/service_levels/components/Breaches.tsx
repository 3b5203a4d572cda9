// 超时: the newest first; each leads to its conversation.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { spanOf, type Days } from '@/shared/charts/wholeDays';
import { endingOf, lengthText, type ServiceClock } from '@/shared/service_levels/marks';
import { useGroupName } from '@/shared/teams/teams';
import { Empty, Loaded, Mark, Panel, Wide } from '@/shared/ui/page';
import { Ago, useZone } from '@/shared/ui/time';
import { useBreaches } from '../api/serviceLevels';
import { breachesOf, narrowed, type Filters } from './filters';
import { useAgentName } from './useAgentName';

export function Breaches({ appid, days, filters }: { appid: string; days: Days; filters: Filters }) {
  const { t } = useTranslation();
  const zone = useZone();
  const breaches = useBreaches(appid, spanOf(days, zone), breachesOf(filters));
  return (
    <Panel title={t('service_levels.breaches.title')}>
      <p className="muted panel-note">{t('service_levels.breaches.hint')}</p>
      <Loaded query={breaches} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={narrowed(filters) ? t('service_levels.breaches.empty_filtered') : t('service_levels.breaches.empty')} text={narrowed(filters) ? t('service_levels.breaches.empty_hint') : undefined} />;
          return (
            <>
              <ClockTable appid={appid} items={items} />
              <div className="sl-foot">
                <span className="muted num" role="status">
                  {t('service_levels.breaches.shown', { n: items.length })}
                </span>
                {breaches.hasNextPage && (
                  <Button loading={breaches.isFetchingNextPage} onClick={() => void breaches.fetchNextPage()}>
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

function ClockTable({ appid, items }: { appid: string; items: ServiceClock[] }) {
  const { t } = useTranslation();
  const nameOfGroup = useGroupName(appid);
  const nameOfAgent = useAgentName(appid);
  const kindText = ({ kind, ordinal }: ServiceClock) => (ordinal > 1 ? t('service_levels.breaches.nth', { kind: t(`desk.levels.kinds.${kind}`), n: ordinal }) : t(`desk.levels.kinds.${kind}`));
  return (
    <Wide label={t('service_levels.breaches.title')}>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        className="sl-breaches"
        dataSource={items}
        columns={[
          { title: t('service_levels.breaches.conversation'), render: (_, one) => <Link to={`/m/${appid}/desk/workbench/${one.conversation_id}`}>{t('service_levels.breaches.conversation_n', { id: one.conversation_id })}</Link> },
          { title: t('service_levels.breaches.kind'), render: (_, one) => kindText(one) },
          { title: t('service_levels.breaches.at'), render: (_, one) => <Ago at={one.breached_at ?? one.due_at} /> },
          { title: t('service_levels.breaches.group'), render: (_, one) => (one.group ? nameOfGroup(one.group) : t('service_levels.no_group')) },
          { title: t('service_levels.breaches.agent'), render: (_, one) => nameOfAgent(one.agent_id ?? '0') },
          { title: t('service_levels.breaches.target'), align: 'right', className: 'num', render: (_, one) => lengthText(one.target_ms) },
          { title: t('service_levels.breaches.used'), align: 'right', className: 'num', render: (_, one) => (one.used_ms === null ? <span className="muted">—</span> : lengthText(one.used_ms)) },
          {
            title: t('service_levels.breaches.state'),
            render: (_, one) => {
              const ending = endingOf(one);
              return <Mark level={ending === 'running' ? 'failed' : ending === 'unanswered' ? 'warning' : 'unknown'}>{t(`desk.levels.endings.${ending}`)}</Mark>;
            },
          },
        ]}
      />
    </Wide>
  );
}
