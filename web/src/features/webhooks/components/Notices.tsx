// What was switched off by itself in the last 30 days; nothing, when nothing was.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Panel, Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useNotices, type Webhook } from '../api/webhooks';
import { nameOf } from './health';

export function Notices({ appid, webhooks }: { appid: string; webhooks: Webhook[] }) {
  const { t } = useTranslation();
  const notices = useNotices(appid);
  const items = notices.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  const linkTo = (id: string) => {
    const found = webhooks.find((one) => one.id === id);
    return found ? <Link to={`/m/${appid}/webhooks/${id}`}>{nameOf(found)}</Link> : <span className="muted">{t('webhooks.notices.removed')}</span>;
  };
  return (
    <Panel title={t('webhooks.notices.title')}>
      <Wide label={t('webhooks.notices.title')}>
        <Table
          rowKey="id"
          size="small"
          pagination={false}
          dataSource={items}
          columns={[
            { title: t('webhooks.notices.at'), render: (_, one) => <Ago at={one.at} /> },
            { title: t('webhooks.list.address'), render: (_, one) => <span className="hook-name">{linkTo(one.webhook_id)}</span> },
            { title: t('webhooks.notices.reason'), render: (_, one) => t(`webhooks.off_reasons.${one.reason}`) },
            { title: t('webhooks.notices.detail'), render: (_, one) => <span className="hook-detail">{one.detail}</span> },
          ]}
        />
      </Wide>
      {notices.hasNextPage && (
        <Button className="hook-foot" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
          {t('common.load_more')}
        </Button>
      )}
    </Panel>
  );
}
