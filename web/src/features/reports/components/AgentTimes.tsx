// How long agents were there, and how many conversations they had at once: of 31 days at most.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { datesOf, type Days } from '@/shared/charts/wholeDays';
import { usePermissions } from '@/shared/session/session';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { useAgentTimes, type AgentWork, type Span } from '../api/reports';
import { useNames } from './names';
import { SaveAgents } from './SaveButton';
import { spanText } from './spans';

const daysMax = 31;
const states = ['online_ms', 'busy_ms', 'away_ms'] as const;
const right = { align: 'right', className: 'num' } as const;

export function AgentTimes({ appid, days, span, agent }: { appid: string; days: Days; span: Span; agent?: string }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const { can } = usePermissions();
  const fits = datesOf(days).length <= daysMax;
  const times = useAgentTimes(appid, span, fits);
  const nameOf = (one: AgentWork) => one.name || names.agent(one.agent_id);
  const spanOf = (ms: number) => (ms > 0 ? spanText(ms) : '—');
  return (
    <Panel title={t('reports.times.title')} extra={fits && can('desk.export', appid) && <SaveAgents appid={appid} span={span} days={days} />}>
      <p className="muted panel-note">{fits ? t('reports.times.hint') : t('reports.times.too_long', { n: daysMax })}</p>
      {fits && (
        <Loaded query={times} rows={4}>
          {(all) => {
            const items = agent ? all.filter((one) => one.agent_id === agent) : all;
            if (items.length === 0) return <Empty title={t('reports.times.empty')} />;
            return (
              <Wide label={t('reports.times.title')}>
                <Table
                  rowKey="agent_id"
                  size="small"
                  className="rep-times"
                  pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
                  dataSource={items.toSorted((a, b) => b.online_ms + b.busy_ms - a.online_ms - a.busy_ms)}
                  columns={[
                    { title: t('reports.filters.agent'), render: (_, one) => nameOf(one) },
                    ...states.map((state) => ({ title: t(`reports.times.${state}`), ...right, sorter: (a: AgentWork, b: AgentWork) => a[state] - b[state], showSorterTooltip: false, render: (_: unknown, one: AgentWork) => spanOf(one[state]) })),
                    { title: t('reports.times.load'), ...right, sorter: (a, b) => (a.load ?? -1) - (b.load ?? -1), showSorterTooltip: false, render: (_, one) => (one.load === null ? '—' : one.load.toFixed(2)) },
                  ]}
                />
              </Wide>
            );
          }}
        </Loaded>
      )}
    </Panel>
  );
}
