// Groups, the reasons of presence, and who may answer: what both the desk and the pages of the teams read.
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { useCallback } from 'react';
import { api, unwrap, type Schemas } from '../api/client';

export type Group = Schemas['Group'];
export type PresenceState = Schemas['PresenceState'];

export const teamsKey = (appid: string) => ['teams', appid] as const;
export const agentsKey = (appid: string) => ['agents', appid] as const;
const path = (appid: string) => ({ path: { appid } });

// Of every mini program, from the start: it takes whom no rule matches.
export const defaultGroup = '1';

export const useGroups = (appid: string) =>
  useQuery({ queryKey: [...teamsKey(appid), 'groups'], staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/groups', { params: path(appid) }))).items });
export const useTeamSettings = (appid: string) =>
  useQuery({ queryKey: [...teamsKey(appid), 'settings'], staleTime: 60_000, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/settings', { params: path(appid) })) });
// Everybody who may answer, with what they have in hand. `everyMs`: asked again so often, where no live connection tells.
export const useAgents = (appid: string, everyMs?: number) =>
  useQuery({ queryKey: agentsKey(appid), refetchInterval: everyMs, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/agents', { params: path(appid) })) });

// Until somebody gives it a name, the default group's is in the reader's language.
export const groupName = (group: Group) => (group.is_default && group.updated_at === 0 ? i18next.t('desk.groups.default') : group.name);

// A group's name by its id.
export function useGroupName(appid: string): (id: string) => string {
  const { data } = useGroups(appid);
  return useCallback(
    (id: string) => {
      const found = data?.find((one) => one.id === id);
      return found ? groupName(found) : data ? i18next.t('desk.groups.gone') : '…';
    },
    [data],
  );
}

export type Tier = Schemas['Tier'];
const tiers: Tier[] = ['ordinary', 'expert'];

// The tiers that have groups, with these; none where there is only one, which nobody can be handed up or down to.
export function tiersOf(groups: Pick<Group, 'id' | 'tier'>[]) {
  const found = tiers.map((tier) => ({ tier, ids: groups.filter((one) => one.tier === tier).map((one) => one.id) })).filter((one) => one.ids.length > 0);
  return found.length > 1 ? found : [];
}

export const standardReasons = ['lunch', 'break', 'training', 'meeting'] as const;
// The four that every mini program begins with are translated, its own are shown as they are written.
export function reasonText(reason: string): string {
  const standard = standardReasons.find((one) => one === reason);
  return standard ? i18next.t(`desk.presence.reasons.${standard}`) : reason;
}
