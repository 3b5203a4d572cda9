// Pushes that were refused, and what is probably the cause.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { usePushFailures } from '../api/gateway';

const causes = ['bad_signature', 'wrong_appid', 'bad_ciphertext', 'weaker_mode', 'unknown_appid', 'source_not_allowed', 'too_large', 'malformed'] as const;

export function PushFailures({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const failures = usePushFailures(appid);
  const cause = (reason: string) => t(`gateway.health.causes.${causes.find((one) => one === reason) ?? 'other'}`);
  return (
    <Panel title={t('gateway.health.failures')}>
      <Loaded query={failures} rows={2}>
        {(list) =>
          list.items.length === 0 ? (
            <p className="muted">{t('gateway.health.failures_none')}</p>
          ) : (
            <Table
              rowKey={(one) => `${one.at}:${one.reason}:${one.remote_address}`}
              size="small"
              pagination={false}
              dataSource={list.items}
              scroll={{ x: 'max-content' }}
              columns={[
                { title: t('identity.audit.at'), render: (_, one) => <Ago at={one.at} /> },
                { title: t('gateway.health.reason'), render: (_, one) => <span className="mono">{one.reason}</span> },
                { title: t('gateway.health.likely'), render: (_, one) => cause(one.reason) },
                { title: t('gateway.health.address'), render: (_, one) => <span className="num">{one.remote_address}</span> },
                { title: t('gateway.health.count'), align: 'right', className: 'num', dataIndex: 'count' },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
