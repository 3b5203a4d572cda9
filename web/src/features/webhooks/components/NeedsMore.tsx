// Webhooks tell of everybody's conversations: whoever configures them may read those, too.
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/shared/session/session';
import { Empty, Panel } from '@/shared/ui/page';

export function useMaySee(appid: string) {
  const { can } = usePermissions();
  return can('desk.configure', appid) && can('desk.records_all', appid);
}

export function NeedsMore() {
  const { t } = useTranslation();
  return (
    <Panel>
      <Empty title={t('webhooks.needs.title')} text={t('webhooks.needs.text', { configure: t('identity.permission.desk_configure'), records: t('identity.permission.desk_records_all') })} />
    </Panel>
  );
}
