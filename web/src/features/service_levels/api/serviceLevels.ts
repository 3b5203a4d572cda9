// Targets 时效目标, what was kept of them, and what was not.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { levelsKey, type Kind } from '@/shared/service_levels/marks';

export type Targets = Schemas['ServiceLevelTargets'];
export type NewTargets = Schemas['NewServiceLevelTargets'];
export type Tally = Schemas['ServiceLevelSummary']['items'][number];
export type By = Schemas['ServiceLevelSummaryBy'];

// undefined: whatever it is.
export interface Among {
  kind?: Kind;
  group?: string;
  agent?: string;
}

const path = (appid: string) => ({ path: { appid } });
const targetsKey = (appid: string) => [...levelsKey(appid), 'targets'] as const;

export const useTargets = (appid: string) => useQuery({ queryKey: targetsKey(appid), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/service-levels/targets', { params: path(appid) })) });

// Refused, because somebody was faster: what they saved is read.
export function useSaveTargets(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewTargets) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/service-levels/targets', { params: path(appid), body })),
    onSuccess: (saved) => client.setQueryData(targetsKey(appid), saved),
    onError: () => client.invalidateQueries({ queryKey: targetsKey(appid) }),
  });
}

// Days as "2026-10-01", both included.
export const useSummary = (appid: string, by: By, days: { from: string; to: string }, among: Among) =>
  useQuery({
    queryKey: [...levelsKey(appid), 'summary', by, days.from, days.to, among],
    placeholderData: keepPreviousData,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/service-levels/summary', { params: { ...path(appid), query: { by, from: days.from, to: days.to, ...among } } }))).items,
  });

export const useBreaches = (appid: string, span: { from: number; to: number }, among: Among & { open?: boolean }) =>
  useInfiniteQuery({
    queryKey: [...levelsKey(appid), 'breaches', span.from, span.to, among],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/service-levels/breaches', { params: { ...path(appid), query: { from: span.from, to: span.to, ...among, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
