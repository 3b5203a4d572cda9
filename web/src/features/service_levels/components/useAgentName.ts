// An agent's name by the account's number; of who has gone, the number.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgents } from '@/shared/teams/teams';

export function useAgentName(appid: string): (id: string) => string {
  const { t } = useTranslation();
  const { data } = useAgents(appid);
  return useCallback((id: string) => (id === '0' || id === '' ? t('service_levels.nobody') : (data?.items.find((one) => one.account_id === id)?.display_name ?? (data ? t('desk.levels.somebody', { id }) : '…'))), [data, t]);
}
