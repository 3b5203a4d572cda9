// Issues 问题: errors that are one, what people did about them, and the maps that read their stacks.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import type { Question } from '../components/filters';

export type Issue = Schemas['Issue'];
export type IssueState = Schemas['IssueState'];
export type IssueDetail = Schemas['IssueDetail'];
export type IssueChange = Schemas['IssueChange'];
export type IssueActivity = Schemas['IssueActivity'];
export type IssueEventDetail = Schemas['IssueEventDetail'];
export type Frame = Schemas['StackFrame'];
export type Span = { from: number; to: number };

const key = (appid: string) => ['issues', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

export const useIssues = (appid: string, question: Question) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'list', question],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/issues', { params: { ...path(appid), query: { ...question, limit: 50, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useIssue = (appid: string, id: string, span: Span) =>
  useQuery({ queryKey: [...key(appid), 'one', id, span], placeholderData: keepPreviousData, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/{id}', { params: { ...one(appid, id), query: span } })) });

export const useTags = (appid: string, id: string, span: Span) =>
  useQuery({ queryKey: [...key(appid), 'tags', id, span], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/{id}/tags', { params: { ...one(appid, id), query: span } }))).items });

export const useEvent = (appid: string, id: string, event: string) =>
  useQuery({
    queryKey: [...key(appid), 'event', id, event],
    placeholderData: keepPreviousData,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/{id}/events/{event}', { params: { path: { appid, id, event } } })),
  });

export const useEvents = (appid: string, id: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'events', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/{id}/events', { params: { ...one(appid, id), query: { limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useActivity = (appid: string, id: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'activity', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/{id}/activity', { params: { ...one(appid, id), query: { limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useReleases = (appid: string, span: Span) =>
  useQuery({ queryKey: [...key(appid), 'releases', span], placeholderData: keepPreviousData, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/releases', { params: { ...path(appid), query: span } }))).items });

export const useSourceMaps = (appid: string, release: string) =>
  useQuery({ queryKey: [...key(appid), 'maps', release], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/source-maps', { params: { ...path(appid), query: release ? { release, limit: 100 } : { limit: 100 } } }))).items });

export const useDoctor = (appid: string, release: string) =>
  useQuery({ queryKey: [...key(appid), 'doctor', release], enabled: release !== '', queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/source-maps/doctor', { params: { ...path(appid), query: { release } } })) });

// Whom an issue can be given to.
export const useMembers = (appid: string, enabled: boolean) =>
  useQuery({ queryKey: [...key(appid), 'members'], enabled, staleTime: 300_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/members', { params: path(appid) }))).items });

// ---- what people do; whatever it was, all that is shown of issues may have changed ----

function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: key(appid) }) });
}

export const useChange = (appid: string) =>
  useAct(appid, ({ ids, change }: { ids: string[]; change: IssueChange }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/issues/changes', { params: path(appid), body: { ids, change } })));
export const useMerge = (appid: string) =>
  useAct(appid, ({ id, ids }: { id: string; ids: string[] }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/issues/{id}/merge', { params: one(appid, id), body: { ids } })));
export const useSplit = (appid: string) =>
  useAct(appid, ({ id, key_id }: { id: string; key_id: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/issues/{id}/split', { params: one(appid, id), body: { key_id } })));
export const useUndo = (appid: string) =>
  useAct(appid, ({ id, activity_id }: { id: string; activity_id: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/issues/{id}/undo', { params: one(appid, id), body: { activity_id } })));
export const useComment = (appid: string) =>
  useAct(appid, ({ id, text }: { id: string; text: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/issues/{id}/comments', { params: one(appid, id), body: { text } })));
export const useOrder = (appid: string) => useAct(appid, (releases: string[]) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/issues/releases/order', { params: path(appid), body: { releases } })));
export const useDeleteMap = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/issues/source-maps/{id}', { params: one(appid, id) })));

export interface MapFile {
  release: string;
  layer: Schemas['SourceMapLayer'];
  file: string;
  map: File;
}
export const useUploadMap = (appid: string) =>
  useAct(appid, ({ release, layer, file, map }: MapFile) =>
    unwrap(
      api.POST('/api/v1/miniprograms/{appid}/issues/source-maps', {
        params: { ...path(appid), query: { release, layer, file } },
        body: map as unknown as Record<string, never>,
        bodySerializer: () => map,
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    ),
  );
