// Satisfaction 满意度: what came of asking, what low scores opened, and how customers are asked.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

export type Settings = Schemas['SatisfactionSettings'];
export type SettingsChange = Schemas['SatisfactionSettingsChange'];
export type Form = Schemas['SatisfactionForm'];
export type Figures = Schemas['SatisfactionFigures'];
export type By = Schemas['SatisfactionFunnel']['by'];
export type Result = Schemas['SatisfactionResult'];
export type FollowUp = Schemas['FollowUp'];
export type FollowUpChange = Schemas['FollowUpChange'];

// undefined: whatever it is.
export interface Among {
  group?: string;
  agent?: string;
}
// Days as "2026-10-01", both included.
interface Days {
  from: string;
  to: string;
}

const key = (appid: string) => ['satisfaction', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const pages = { placeholderData: keepPreviousData, initialPageParam: undefined as string | undefined, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor || undefined };

// ---- results ----

export const useFunnel = (appid: string, by: By, { from, to }: Days, among: Among) =>
  useQuery({
    queryKey: [...key(appid), 'funnel', by, from, to, among],
    placeholderData: keepPreviousData,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/satisfaction/funnel', { params: { ...path(appid), query: { by, from, to, ...among } } })),
  });

// The latest answer first.
export const useResults = (appid: string, { from, to }: Days, among: Among & { score?: number; with_comment?: boolean }) =>
  useInfiniteQuery({
    ...pages,
    queryKey: [...key(appid), 'results', from, to, among],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/satisfaction/results', { params: { ...path(appid), query: { from, to, ...among, limit: 50, cursor: pageParam } } })),
  });

// ---- follow-ups ----

const followUpsKey = (appid: string) => [...key(appid), 'follow-ups'] as const;

// owner: an account, or nobody. The newest first.
export const useFollowUps = (appid: string, among: { state: FollowUp['state']; owner?: string; overdue?: boolean }) =>
  useInfiniteQuery({
    ...pages,
    queryKey: [...followUpsKey(appid), among],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/satisfaction/follow-ups', { params: { ...path(appid), query: { ...among, limit: 50, cursor: pageParam } } })),
  });

// Refused, because somebody was faster: what they made of it is read.
export function useChangeFollowUp(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: FollowUpChange & { id: string }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/satisfaction/follow-ups/{id}', { params: { path: { appid, id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: followUpsKey(appid) }),
  });
}

// ---- settings ----

const settingsKey = (appid: string) => [...key(appid), 'settings'] as const;

export const useSettings = (appid: string) => useQuery({ queryKey: settingsKey(appid), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/satisfaction/settings', { params: path(appid) })) });

export function useChangeSettings(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SettingsChange) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/satisfaction/settings', { params: path(appid), body })),
    onSuccess: (saved) => client.setQueryData(settingsKey(appid), saved),
  });
}
