// Pushes that were refused, and what is probably the cause.
import i18next from 'i18next';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { usePushFailures } from '../api/gateway';

const causes = ['token_differs', 'unsigned', 'body_altered', 'mode_differs', 'aes_key_differs', 'appid_differs', 'not_wechats_address', 'too_large', 'malformed'] as const;
const reasons = ['bad_signature', 'weaker_than_configured', 'bad_ciphertext', 'wrong_appid', 'malformed', 'too_large', 'source_not_allowed'] as const;

export function refusalText(reason: string): string {
  const known = reasons.find((one) => one === reason);
  return known ? i18next.t(`gateway.health.reasons.${known}`) : reason;
}

export function PushFailures({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const failures = usePushFailures(appid);
  const causeText = (cause: string) => t(`gateway.health.causes.${causes.find((one) => one === cause) ?? 'other'}`);
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
                { title: t('gateway.health.reason'), render: (_, one) => refusalText(one.reason) },
                { title: t('gateway.health.likely'), render: (_, one) => causeText(one.cause) },
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
