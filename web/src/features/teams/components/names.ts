// What groups, skills and agents are called, by their ids.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgents, useGroupName } from '@/shared/teams/teams';
import { useSkills, type Agent } from '../api/teams';
import type { Names } from './target';

export const agentName = (one: Pick<Agent, 'display_name' | 'username'>) => one.display_name || one.username;

export function useNames(appid: string): Names {
  const { t } = useTranslation();
  const group = useGroupName(appid);
  const { data: skills } = useSkills(appid);
  const { data: agents } = useAgents(appid);
  return useMemo(
    () => ({
      group,
      skill: (id) => (skills ? (skills.find((one) => one.id === id)?.name ?? t('teams.gone_skill')) : '…'),
      agent: (id) => agents?.items.find((one) => one.account_id === id)?.display_name || t('teams.somebody', { id }),
    }),
    [group, skills, agents, t],
  );
}
