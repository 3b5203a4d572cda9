// The webhooks of a mini program: where they lead, what they want, and how they stand.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { TestReport, Webhook } from '../api/webhooks';
import { nameOf, shortAddress, waitingText } from './health';
import { kindsText, kindText } from './kinds';
import { EnabledSwitch, StandingMark, WebhookActions } from './WebhookActions';

export function WebhookTable({ appid, items, tested }: { appid: string; items: Webhook[]; tested(webhook: Webhook, report: TestReport): void }) {
  const { t } = useTranslation();
  return (
    <Wide label={t('webhooks.list.title')}>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        className="hook-list"
        dataSource={items}
        columns={[
          {
            title: t('webhooks.list.address'),
            render: (_, one) => (
              <span className="hook-name">
                <Link to={`/m/${appid}/webhooks/${one.id}`}>{nameOf(one)}</Link>
                {one.description && <span className="muted">{shortAddress(one.address)}</span>}
              </span>
            ),
          },
          { title: t('webhooks.list.kinds'), render: (_, one) => <span title={one.kinds.map(kindText).join(t('webhooks.and'))}>{kindsText(one.kinds)}</span> },
          { title: t('webhooks.list.state'), render: (_, one) => <StandingMark webhook={one} /> },
          { title: t('webhooks.list.last_success'), render: (_, one) => <Ago at={one.health.last_success_at} /> },
          { title: t('webhooks.list.last_failure'), render: (_, one) => <Ago at={one.health.last_failure_at} /> },
          { title: t('webhooks.list.waiting'), align: 'right', className: 'num', render: (_, one) => waitingText(one.health.waiting) },
          { title: t('webhooks.list.enabled'), render: (_, one) => <EnabledSwitch appid={appid} webhook={one} /> },
          { title: <span className="sr-only">{t('common.more')}</span>, render: (_, one) => <WebhookActions appid={appid} webhook={one} tested={(report) => tested(one, report)} /> },
        ]}
      />
    </Wide>
  );
}
