// Customers: who they are, since when, and whether they are blocked. A name leads to the customer.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { Row } from '../api/people';
import { Blocked, PersonLink, Tags } from './marks';

export function PeopleTable({ appid, items }: { appid: string; items: Row[] }) {
  const { t } = useTranslation();
  return (
    <Wide label={t('people.title')}>
      <Table
        rowKey="profile_id"
        size="small"
        pagination={false}
        className="people"
        dataSource={items}
        columns={[
          {
            title: t('people.columns.customer'),
            render: (_, one) => (
              <div className="people-name">
                <PersonLink appid={appid} id={one.profile_id} of={one} />
                <span className="muted mono">{one.openid}</span>
              </div>
            ),
          },
          { title: t('people.columns.level'), align: 'right', render: (_, one) => <span className={one.level === 0 ? 'num muted' : 'num'}>{one.level}</span> },
          { title: t('people.columns.tags'), render: (_, one) => <Tags tags={one.tags} /> },
          { title: t('people.columns.source'), render: (_, one) => <span className="people-source">{one.source || <span className="muted">—</span>}</span> },
          { title: t('people.columns.first_seen'), render: (_, one) => <Ago at={one.first_seen_at} /> },
          { title: t('people.columns.last_seen'), render: (_, one) => <Ago at={one.last_seen_at} /> },
          { title: t('people.columns.state'), render: (_, one) => (one.blocked ? <Blocked /> : <span className="muted">—</span>) },
        ]}
      />
    </Wide>
  );
}
