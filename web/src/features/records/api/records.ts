// 会话记录: what was said, found and read; exports, retention, holds, and one person's data.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { saveFile } from '@/shared/charts/files';

export type Hit = Schemas['RecordHit'];
export type RecordedConversation = Schemas['RecordedConversation'];
export type RecordedMessage = Schemas['RecordedMessage'];
export type Retention = Schemas['Retention'];
export type RetentionChange = Schemas['RetentionChange'];
export type Hold = Schemas['Hold'];
export type HoldInput = Schemas['HoldInput'];
export type Export = Schemas['RecordExport'];
export type Erasure = Schemas['RecordErasure'];

// undefined: whatever it is.
export interface Question {
  text?: string;
  from?: number;
  to?: number;
  agent?: string;
  group?: string;
  customer?: string;
  reason_id?: string;
  tag?: string;
  customer_tag?: string;
  source?: string;
  score?: number;
}

const recordsKey = (appid: string) => ['records', appid] as const;
const exportsKey = (appid: string) => [...recordsKey(appid), 'exports'] as const;
const holdsKey = (appid: string) => [...recordsKey(appid), 'holds'] as const;
const retentionKey = (appid: string) => [...recordsKey(appid), 'retention'] as const;
const erasuresKey = (appid: string) => [...recordsKey(appid), 'erasures'] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

// What is asked for is noted: nothing is asked again only because the window was looked at.
const quiet = { refetchOnWindowFocus: false, refetchOnReconnect: false, staleTime: 60_000 } as const;

// A page may be empty and have a next one.
export const useRecords = (appid: string, question: Question) =>
  useInfiniteQuery({
    ...quiet,
    queryKey: [...recordsKey(appid), 'found', question],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/records', { params: { ...path(appid), query: { ...question, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
    // What came a moment ago is not in the index yet: ask again until it is.
    refetchInterval: ({ state }) => ((state.data?.pages[0]?.not_indexed ?? 0) > 0 ? 2000 : false),
  });

export const useRecord = (appid: string, id: string) =>
  useInfiniteQuery({
    ...quiet,
    queryKey: [...recordsKey(appid), 'read', id],
    enabled: id !== '',
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/records/conversations/{id}', { params: { ...one(appid, id), query: { limit: 100, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

// Whatever was done, the lists that show it are read again.
function useAct<Input, Output>(key: readonly unknown[], act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: key }) });
}

// ---- exports ----

export const isActive = ({ state }: Export) => state === 'waiting' || state === 'running';

export const useExports = (appid: string) =>
  useQuery({
    queryKey: exportsKey(appid),
    refetchInterval: ({ state }) => (state.data?.some(isActive) ? 1000 : false),
    // At most 30 are kept.
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/records/exports', { params: { ...path(appid), query: { limit: 100 } } }))).items,
  });

export const useAddExport = (appid: string) => useAct(exportsKey(appid), (body: Schemas['RecordExportInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/records/exports', { params: path(appid), body })));
export const useCancelExport = (appid: string) => useAct(exportsKey(appid), (id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/records/exports/{id}/cancel', { params: one(appid, id) })));
export const useRemoveExport = (appid: string) => useAct(exportsKey(appid), (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/records/exports/{id}', { params: one(appid, id) })));

// Several parts become one file here.
export function useDownload(appid: string) {
  return useMutation({
    mutationFn: async ({ id, kind, format, parts }: Export) => {
      const bytes: Blob[] = [];
      for (let part = 1; part <= parts; part += 1)
        bytes.push((await unwrap(api.GET('/api/v1/miniprograms/{appid}/records/exports/{id}/download', { params: { ...one(appid, id), query: { part } }, parseAs: 'blob' }))) as Blob);
      saveFile(`${kind}-${id}.${format}`, new Blob(bytes));
    },
  });
}

// ---- retention and holds ----

export const useRetention = (appid: string) => useQuery({ queryKey: retentionKey(appid), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/records/retention', { params: path(appid) })) });
export const useChangeRetention = (appid: string) => useAct(retentionKey(appid), (body: RetentionChange) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/records/retention', { params: path(appid), body })));

export const useHolds = (appid: string, state: 'open' | 'all') =>
  useInfiniteQuery({
    queryKey: [...holdsKey(appid), state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/records/holds', { params: { ...path(appid), query: { state, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
export const usePlaceHold = (appid: string) => useAct(holdsKey(appid), (body: HoldInput) => unwrap(api.POST('/api/v1/miniprograms/{appid}/records/holds', { params: path(appid), body })));
export const useReleaseHold = (appid: string) => useAct(recordsKey(appid), ({ id, reason }: { id: string; reason: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/records/holds/{id}/release', { params: one(appid, id), body: { reason } })));

// ---- one person's data ----

const isOpen = ({ state }: Erasure) => state === 'waiting' || state === 'erasing';

export const useErasures = (appid: string) =>
  useInfiniteQuery({
    queryKey: erasuresKey(appid),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/records/erasures', { params: { ...path(appid), query: { limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isOpen)) ? 2000 : false),
  });
// Exports are withdrawn with it, and found is nothing more.
export const useErase = (appid: string) => useAct(recordsKey(appid), (body: Schemas['RecordErasureInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/records/erasures', { params: path(appid), body })));
export const useExportPerson = (appid: string) => useAct(exportsKey(appid), (openid: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/records/person-exports', { params: path(appid), body: { openid } })));
