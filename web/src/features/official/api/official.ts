// WeChat's own data 官方数据: what WeChat measured itself, beside ours, and how pulling it goes.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

export type Source = Schemas['OfficialSource'];
export type SourceState = Schemas['OfficialSourceState'];
export type Status = Schemas['OfficialStatus'];
export type Point = Schemas['OfficialPerformancePoint'];
export type JsError = Schemas['OfficialJsError'];
export type Log = Schemas['OfficialLog'];
export type Feedback = Schemas['OfficialFeedback'];
export type Span = { from: number; to: number };
export type PerformanceAsked = { metric: 'launch' | 'download' | 'first_render'; device: 'all' | 'ios' | 'android'; network: 'all' | 'wifi' | '4g' | '3g' | '2g' };
export type LogsAsked = { level: 'info' | 'warn' | 'error'; text?: string; page?: string };

const key = (appid: string) => ['official', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const runningMs = 3_000;
const restingMs = 30_000;

export const useStatus = (appid: string) =>
  useQuery({
    queryKey: [...key(appid), 'status'],
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/official', { params: path(appid) })),
    refetchInterval: ({ state }) => (state.data?.sources.some((one) => one.running) ? runningMs : restingMs),
  });

export function useSwitch(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sources: Partial<Record<Source, boolean>>) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/official', { params: path(appid), body: { sources } })),
    onSuccess: (status) => client.setQueryData([...key(appid), 'status'], status),
  });
}

export function useRun(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (source?: Source) => unwrap(api.POST('/api/v1/miniprograms/{appid}/official/run', { params: path(appid), body: source ? { source } : {} })),
    onSuccess: (status) => client.setQueryData([...key(appid), 'status'], status),
  });
}

export const usePerformance = (appid: string, span: Span, asked: PerformanceAsked) =>
  useQuery({
    queryKey: [...key(appid), 'performance', span, asked],
    placeholderData: keepPreviousData,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/official/performance', { params: { ...path(appid), query: { ...span, ...asked } } }))).items,
  });

export const useJsErrors = (appid: string, span: Span) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'js-errors', span],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/official/js-errors', { params: { ...path(appid), query: { ...span, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useJsErrorEvents = (appid: string, id: string) =>
  useQuery({
    queryKey: [...key(appid), 'events', id],
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/official/js-errors/{id}/events', { params: { path: { appid, id }, query: { limit: 20 } } }))).items,
  });

export const useLogs = (appid: string, span: Span, asked: LogsAsked) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'logs', span, asked],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/official/logs', { params: { ...path(appid), query: { ...span, ...asked, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useFeedback = (appid: string, span: Span, type?: number) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'feedback', span, type],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/official/feedback', { params: { ...path(appid), query: { ...span, type, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
