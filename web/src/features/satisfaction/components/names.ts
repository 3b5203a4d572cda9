// What agents and groups are called, by their ids; "0" and "" are nobody's.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgents, useGroupName } from '@/shared/teams/teams';

const none = (id: string | null) => !id || id === '0';

export function useNames(appid: string) {
  const { t } = useTranslation();
  const groupName = useGroupName(appid);
  const { data: agents } = useAgents(appid);
  return useMemo(
    () => ({
      group: (id: string | null) => (none(id) ? t('satisfaction.no_group') : groupName(id!)),
      agent: (id: string | null) => (none(id) ? t('satisfaction.no_agent') : agents ? agents.items.find((one) => one.account_id === id)?.display_name || t('desk.levels.somebody', { id: id! }) : '…'),
    }),
    [agents, groupName, t],
  );
}
export type Names = ReturnType<typeof useNames>;
