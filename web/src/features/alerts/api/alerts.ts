// Alerts 告警, the rules that raise them, incidents, and who is told.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

export type Alert = Schemas['Alert'];
export type Rule = Schemas['AlertRule'];
export type RuleInput = Schemas['AlertRuleInput'];
export type RuleChange = Schemas['AlertRuleChange'];
export type Preview = Schemas['AlertPreview'];
export type Receivers = Schemas['AlertReceivers'];
export type Incident = Schemas['Incident'];
export type Silence = Schemas['AlertSilence'];

const key = (appid: string) => ['alerts', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });
const pollMs = 10_000;

// ---- alerts ----

export const alertStates = ['open', 'firing', 'acknowledged', 'resolved', 'closed', 'all'] as const;
export type AlertFilter = { state: (typeof alertStates)[number]; severity?: Schemas['AlertSeverity']; rule?: string };

export const useAlerts = (appid: string, filter: AlertFilter) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'list', filter],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    refetchInterval: pollMs,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts', { params: { ...path(appid), query: { ...filter, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
export const useSummary = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'summary'], refetchInterval: pollMs, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/summary', { params: path(appid) })) });
export const useAlert = (appid: string, id: string) =>
  useQuery({ queryKey: [...key(appid), 'one', id], refetchInterval: pollMs, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/{id}', { params: one(appid, id) })) });
export const useTimeline = (appid: string, id: string) =>
  useQuery({ queryKey: [...key(appid), 'timeline', id], refetchInterval: pollMs, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/{id}/timeline', { params: one(appid, id) }))).items });

// Whatever was done, all that is shown of alerts may have changed.
function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: key(appid) }) });
}

export const useAcknowledge = (appid: string) => useAct(appid, ({ id, note }: { id: string; note?: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/{id}/acknowledge', { params: one(appid, id), body: note ? { note } : {} })));
export const useResolve = (appid: string) => useAct(appid, ({ id, note }: { id: string; note?: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/{id}/resolve', { params: one(appid, id), body: note ? { note } : {} })));
export const useClose = (appid: string) =>
  useAct(appid, ({ id, ...body }: { id: string } & Schemas['AlertClosing']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/{id}/close', { params: one(appid, id), body })));
export const useComment = (appid: string) => useAct(appid, ({ id, text }: { id: string; text: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/{id}/comments', { params: one(appid, id), body: { text } })));

// ---- rules ----

export const useRules = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'rules'], refetchInterval: pollMs * 3, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/rules', { params: path(appid) }))).items });
export const useFigures = (appid: string, enabled: boolean) =>
  useQuery({ queryKey: [...key(appid), 'figures'], enabled, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/figures', { params: path(appid) }))).items });
// What a rule of the kind saved_query can watch.
export const useSavedQueries = (appid: string, enabled: boolean) =>
  useQuery({ queryKey: [...key(appid), 'queries'], enabled, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/queries', { params: path(appid) }))).items });
export const useAddRule = (appid: string) => useAct(appid, (body: RuleInput) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/rules', { params: path(appid), body })));
export const useChangeRule = (appid: string) => useAct(appid, ({ id, change }: { id: string; change: RuleChange }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/alerts/rules/{id}', { params: one(appid, id), body: change })));
export const useRemoveRule = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/alerts/rules/{id}', { params: one(appid, id) })));
export const useRestoreRules = (appid: string) => useAct(appid, () => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/rules/defaults', { params: path(appid) })));
export const usePreview = (appid: string) => useMutation({ mutationFn: (rule: RuleInput) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/rules/preview', { params: path(appid), body: { rule } })) });
export const usePropose = (appid: string) => useMutation({ mutationFn: (rule: RuleInput) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/rules/propose', { params: path(appid), body: rule })) });
export const useReview = (appid: string) => useQuery({ queryKey: [...key(appid), 'review'], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/review', { params: path(appid) })) });

// ---- silences, receivers ----

export const useSilences = (appid: string) => useQuery({ queryKey: [...key(appid), 'silences'], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/silences', { params: path(appid) }))).items });
export const useSilence = (appid: string) => useAct(appid, (body: Schemas['AlertSilenceInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/silences', { params: path(appid), body })));
export const useEndSilence = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/alerts/silences/{id}', { params: one(appid, id) })));
export const useReceivers = (appid: string) => useQuery({ queryKey: [...key(appid), 'receivers'], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/receivers', { params: path(appid) })) });
export const usePutReceivers = (appid: string) => useAct(appid, (body: Receivers) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/alerts/receivers', { params: path(appid), body })));

// ---- incidents ----

export const useIncidents = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'incidents'], refetchInterval: pollMs, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/incidents', { params: { ...path(appid), query: { limit: 100 } } }))).items });
export const useIncident = (appid: string, id: string) =>
  useQuery({ queryKey: [...key(appid), 'incident', id], enabled: id !== '', refetchInterval: pollMs, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/incidents/{id}', { params: one(appid, id) })) });
export const useIncidentReview = (appid: string, id: string) =>
  useQuery({ queryKey: [...key(appid), 'incident-review', id], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/incidents/{id}/review', { params: one(appid, id) })) });
export const useOpenIncident = (appid: string) => useAct(appid, (body: Schemas['IncidentInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/incidents', { params: path(appid), body })));
export const useChangeIncident = (appid: string) => useAct(appid, ({ id, change }: { id: string; change: Schemas['IncidentChange'] }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/alerts/incidents/{id}', { params: one(appid, id), body: change })));
export const useAddEntry = (appid: string) => useAct(appid, ({ id, ...body }: { id: string } & Schemas['IncidentEntryInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/alerts/incidents/{id}/entries', { params: one(appid, id), body })));
export const useWriteReview = (appid: string) => useAct(appid, ({ id, markdown }: { id: string; markdown: string }) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/alerts/incidents/{id}/review', { params: one(appid, id), body: { markdown } })));
