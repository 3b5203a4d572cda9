// Groups 客服组, skills, the settings of a mini program's teams, agents and the history of their presence.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, readAll, unwrap, type Schemas } from '@/shared/api/client';
import { agentsKey, teamsKey } from '@/shared/teams/teams';

export type Skill = Schemas['Skill'];
export type Settings = Schemas['TeamSettings'];
export type Agent = Schemas['TeamAgent'];
export type Stay = Schemas['PresenceStay'];
export type Calendar = Schemas['Calendar'];

const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

// Whatever was done: a group counts its agents, a rule warns of a skill that nobody has.
export function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: teamsKey(appid) }), client.invalidateQueries({ queryKey: agentsKey(appid) })]),
  });
}

// ---- groups ----

export const useAddGroup = (appid: string) => useAct(appid, (body: Schemas['NewGroup']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/teams/groups', { params: path(appid), body })));
export const useChangeGroup = (appid: string, id: string) => useAct(appid, (body: Schemas['GroupChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/teams/groups/{id}', { params: one(appid, id), body })));
export const useRemoveGroup = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/teams/groups/{id}', { params: one(appid, id) })));
export const useAssign = (appid: string, id: string) => useAct(appid, (body: Schemas['GroupAssignment']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/teams/groups/{id}/agents', { params: one(appid, id), body })));

// ---- skills, settings ----

export const useSkills = (appid: string) => useQuery({ queryKey: [...teamsKey(appid), 'skills'], staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/skills', { params: path(appid) }))).items });
export const useSaveSkill = (appid: string) =>
  useAct(appid, ({ id, name }: { id?: string; name: string }) =>
    id
      ? unwrap(api.PATCH('/api/v1/miniprograms/{appid}/teams/skills/{id}', { params: one(appid, id), body: { name } }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/teams/skills', { params: path(appid), body: { name } })),
  );
export const useRemoveSkill = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/teams/skills/{id}', { params: one(appid, id) })));
export const useChangeSettings = (appid: string) => useAct(appid, (body: Schemas['TeamSettingsChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/teams/settings', { params: path(appid), body })));

// ---- agents ----

export interface AgentFilter {
  group_id?: string;
  skill_id?: string;
  presence?: Schemas['TeamPresence'];
  language?: string;
  q?: string;
}

// Below the desk's key, so that whoever comes or goes is seen here, too.
const key = (appid: string) => [...agentsKey(appid), 'teams'] as const;
const agents = (appid: string, filter: AgentFilter, limit: number) => (cursor: string | undefined) => unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/agents', { params: { ...path(appid), query: { ...filter, limit, cursor } } }));

export const useTeamAgents = (appid: string, filter: AgentFilter) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'list', filter],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => agents(appid, filter, 50)(pageParam),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
export const useMembers = (appid: string, group_id: string) => useQuery({ queryKey: [...key(appid), 'of', group_id], queryFn: async () => (await readAll(agents(appid, { group_id }, 100))).items });
export const useAgent = (appid: string, id: string) => useQuery({ queryKey: [...key(appid), 'one', id], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/agents/{id}', { params: one(appid, id) })) });
export const useChangeAgent = (appid: string, id: string) => useAct(appid, (body: Schemas['TeamAgentChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/teams/agents/{id}', { params: one(appid, id), body })));

// What reaches into the time from `from` on.
export const useStays = (appid: string, id: string, from: number) =>
  useQuery({
    queryKey: [...key(appid), 'stays', id, from],
    placeholderData: keepPreviousData,
    queryFn: () => readAll((cursor) => unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/agents/{id}/presence', { params: { ...one(appid, id), query: { from, limit: 100, cursor } } }))),
  });
