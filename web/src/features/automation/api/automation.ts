// Automation rules 自动化规则 in their order, their dry run, and the log of what they did.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { useLiveEvents } from '@/shared/live/live';
import { moved } from '@/shared/ui/order';

export type Rule = Schemas['AutomationRule'];
export type Draft = Schemas['AutomationRuleDraft'];
export type Change = Schemas['AutomationRuleChange'];
export type Event = Schemas['AutomationEvent'];
export type Outcome = Schemas['AutomationOutcome'];
export type Entry = Schemas['AutomationLogEntry'];
export type Compared = Schemas['AutomationCompared'];
export type DryRun = Schemas['AutomationDryRun'];

// undefined: whatever it is.
export interface LogQuery {
  rule_id?: string;
  conversation_id?: string;
  outcome?: Outcome;
}

const automationKey = (appid: string) => ['automation', appid] as const;
const rulesKey = (appid: string) => [...automationKey(appid), 'rules'] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

// At most 100, so that there are no pages.
export const useRules = (appid: string) => useQuery({ queryKey: rulesKey(appid), queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/automation-rules', { params: path(appid) }))).items });

// A rule may be paused at any time.
export function useAutomationLive(appid: string) {
  const client = useQueryClient();
  const read = () => void client.invalidateQueries({ queryKey: rulesKey(appid) });
  useLiveEvents('change', (change) => {
    if (change.appid === appid && change.topic === 'automation') read();
  });
  useLiveEvents('snapshot', (followed) => {
    if (followed === appid) read();
  });
}

// Whether it was done or refused: what a colleague changed is seen.
function useAct<Input, Output>(appid: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => client.invalidateQueries({ queryKey: rulesKey(appid) }) });
}

export const useAddRule = (appid: string) => useAct(appid, (body: Schemas['NewAutomationRule']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/automation-rules', { params: path(appid), body })));
export const useChangeRule = (appid: string) => useAct(appid, ({ id, change }: { id: string; change: Change }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/automation-rules/{id}', { params: one(appid, id), body: change })));
export const useRemoveRule = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/automation-rules/{id}', { params: one(appid, id) })));

// Seen at once; put back when the server refuses.
export function useMoveRule(appid: string) {
  const client = useQueryClient();
  const key = rulesKey(appid);
  return useMutation({
    mutationFn: ({ id, before }: { id: string; before: string | null }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/automation-rules/{id}/move', { params: one(appid, id), body: { before } })),
    onMutate: async ({ id, before }) => {
      await client.cancelQueries({ queryKey: key });
      const old = client.getQueryData<Rule[]>(key);
      client.setQueryData<Rule[]>(key, (rules) => rules && moved(rules, id, before));
      return { old };
    },
    onError: (_error, _input, context) => client.setQueryData(key, context?.old),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}

export const useDryRun = (appid: string) => useMutation({ mutationFn: (body: Draft) => unwrap(api.POST('/api/v1/miniprograms/{appid}/automation-rules/dry-run', { params: path(appid), body })) });

export const useLog = (appid: string, query: LogQuery) =>
  useInfiniteQuery({
    queryKey: [...automationKey(appid), 'log', query],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/automation-log', { params: { ...path(appid), query: { ...query, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
