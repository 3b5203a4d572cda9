// What moved most between two sides, and whether because it became slower, or because there is more of it.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText, msText } from '@/shared/charts/numbers';
import { Panel, Wide } from '@/shared/ui/page';
import type { Comparison } from '../api/performance';
import { signedText } from './marks';
import { wordOf } from './words';

export function Moved({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  if (data.moved.length === 0) return null;
  const right = { align: 'right' as const, className: 'num' };
  return (
    <Panel title={t('performance.compare.moved')}>
      <p className="muted panel-note">{t('performance.compare.moved_hint', { change: signedText(data.mean_change_ms) })}</p>
      <Wide label={t('performance.compare.moved')}>
        <Table
          rowKey={(one) => `${one.by} ${one.name}`}
          size="small"
          pagination={false}
          dataSource={[...data.moved].sort((one, other) => Math.abs(other.contribution_ms) - Math.abs(one.contribution_ms))}
          columns={[
            { title: t('performance.compare.by'), render: (_, one) => t(`performance.dimensions.${one.by}`), filters: [...new Set(data.moved.map((one) => one.by))].map((value) => ({ value, text: t(`performance.dimensions.${value}`) })), onFilter: (value, one) => one.by === value },
            { title: t('performance.compare.name'), render: (_, one) => <span className="perf-name">{wordOf(one.by, one.name)}</span> },
            { title: t('performance.compare.contribution'), ...right, sorter: (one, other) => one.contribution_ms - other.contribution_ms, render: (_, one) => <strong>{signedText(one.contribution_ms)}</strong> },
            { title: t('performance.compare.from_speed'), ...right, sorter: (one, other) => one.from_speed_ms - other.from_speed_ms, render: (_, one) => signedText(one.from_speed_ms) },
            { title: t('performance.compare.from_share'), ...right, sorter: (one, other) => one.from_share_ms - other.from_share_ms, render: (_, one) => signedText(one.from_share_ms) },
            { title: 'p75', ...right, render: (_, one) => `${one.a.quantiles ? msText(one.a.quantiles.p75) : '—'} → ${one.b.quantiles ? msText(one.b.quantiles.p75) : '—'}` },
            { title: t('performance.where.count'), ...right, render: (_, one) => `${countText(one.a.count)} → ${countText(one.b.count)}` },
          ]}
        />
      </Wide>
    </Panel>
  );
}
