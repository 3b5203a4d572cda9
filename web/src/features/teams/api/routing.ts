// Routing rules 分配规则 in their order, the simulator and the replay.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { teamsKey } from '@/shared/teams/teams';
import { moved } from '@/shared/ui/order';
import { useAct } from './teams';

export type Rule = Schemas['RoutingRule'];
export type NewRule = Schemas['NewRoutingRule'];
export type Warning = Schemas['RoutingWarning'];
export type Answer = Schemas['RoutingAnswer'];
export type Question = Schemas['RoutingQuestion'];
export type Replay = Schemas['RoutingReplay'];

const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });
const rulesKey = (appid: string) => [...teamsKey(appid), 'routing_rules'] as const;

export const useRules = (appid: string) => useQuery({ queryKey: rulesKey(appid), queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/routing-rules', { params: path(appid) }))).items });
export const useAddRule = (appid: string) => useAct(appid, (body: NewRule) => unwrap(api.POST('/api/v1/miniprograms/{appid}/teams/routing-rules', { params: path(appid), body })));
export const useChangeRule = (appid: string) =>
  useAct(appid, ({ id, change }: { id: string; change: Schemas['RoutingRuleChange'] }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/teams/routing-rules/{id}', { params: one(appid, id), body: change })));
export const useRemoveRule = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/teams/routing-rules/{id}', { params: one(appid, id) })));

// Seen at once; put back when the server refuses.
export function useMoveRule(appid: string) {
  const client = useQueryClient();
  const key = rulesKey(appid);
  return useMutation({
    mutationFn: ({ id, before }: { id: string; before: string | null }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/teams/routing-rules/{id}/move', { params: one(appid, id), body: { before } })),
    onMutate: async ({ id, before }) => {
      await client.cancelQueries({ queryKey: key });
      const old = client.getQueryData<Rule[]>(key);
      client.setQueryData<Rule[]>(key, (rules) => rules && moved(rules, id, before));
      return { old };
    },
    onError: (_error, _input, context) => client.setQueryData(key, context?.old),
    onSettled: () => client.invalidateQueries({ queryKey: teamsKey(appid) }),
  });
}

export const useTry = (appid: string) => useMutation({ mutationFn: (body: Question) => unwrap(api.POST('/api/v1/miniprograms/{appid}/routing/try', { params: path(appid), body })) });
// One page; the next one is asked for with its cursor.
export const replayPage = (appid: string, body: { days: number; rules?: NewRule[]; cursor?: string }, signal: AbortSignal) => unwrap(api.POST('/api/v1/miniprograms/{appid}/routing/replay', { params: path(appid), body, signal }));
