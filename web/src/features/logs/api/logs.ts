// Log lines and what is known about them.
import { keepPreviousData, useInfiniteQuery, useQuery, type InfiniteData, type QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { zoneOffset, type Window } from '@/shared/charts/ranges';
import type { Question, Source } from '../components/address';
import { barsOf, bucketsOf, countsOf, partsOf, stepFor } from '../components/bars';
import { withTerm } from '../components/terms';

export type LogLine = Schemas['LogLine'];
export type LogField = Schemas['LogField'];
export type LogTemplate = Schemas['LogTemplate'];
export type QueryError = Schemas['LogQueryError'];
export type Completion = Schemas['LogCompletions']['items'][number];

export const logsKey = (appid: string) => ['logs', appid] as const;
const path = (appid: string) => ({ path: { appid } });

export const pageLines = 100;

// All of a question but its moment.
const shapeOf = (question: unknown) => {
  const { query, source, level, from, to } = (question ?? {}) as Partial<Question>;
  return JSON.stringify([query, source, level, (to ?? 0) - (from ?? 0)]);
};

export const useLines = (appid: string, question: Question, enabled: boolean) =>
  useInfiniteQuery({
    enabled,
    queryKey: [...logsKey(appid), 'lines', question],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/lines', { params: { ...path(appid), query: { ...question, limit: pageLines, before: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor || undefined,
    // The end of the list moves only when it is asked for: pages fit together.
    staleTime: Infinity,
    placeholderData: (before, asked) => (shapeOf(asked?.queryKey[3]) === shapeOf(question) ? before : undefined),
  });

// What came since.
export const linesAfter = (appid: string, { query, source, level }: Question, after: string, signal: AbortSignal) =>
  unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/lines', { params: { ...path(appid), query: { query, source, level, after, limit: 500 } }, signal }));

type Part = Schemas['LogHistogram'] & { part: Window };

// The newest part first, one question after the other: what is there is drawn meanwhile.
export function useHistogram(appid: string, question: Question, zone: string, enabled: boolean) {
  const step = stepFor(question.to - question.from);
  const offset = zoneOffset(zone, question.to);
  const buckets = bucketsOf(question, step, offset);
  const parts = partsOf(question, buckets);
  const read = useInfiniteQuery<Part, Error, InfiniteData<Part>, QueryKey, number>({
    queryKey: [...logsKey(appid), 'histogram', question, step, offset],
    enabled,
    staleTime: Infinity,
    // While lines come in the same is asked again and again of a later time: the chart moves, and does not flicker.
    placeholderData: (before, asked) => (shapeOf(asked?.queryKey[3]) === shapeOf(question) ? before : undefined),
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const part = parts[pageParam]!;
      const query = { ...question, ...part, interval_ms: step, offset_minutes: offset };
      return { part, ...(await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/histogram', { params: { ...path(appid), query }, signal }))) };
    },
    getNextPageParam: (_, pages) => (pages.length < parts.length ? pages.length : undefined),
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = read;
  useEffect(() => {
    if (enabled && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [enabled, hasNextPage, isFetching, isError, fetchNextPage]);
  const pages = read.data?.pages ?? [];
  return { ...read, buckets, step, complete: pages.length === parts.length, total: pages.reduce((all, one) => all + one.total, 0), series: barsOf(buckets, pages) };
}
export type Bars = ReturnType<typeof useHistogram>;

export const useContext = (appid: string, id: string, within: 'session' | 'miniprogram', lines: number) =>
  useQuery({
    queryKey: [...logsKey(appid), 'context', id, within, lines],
    enabled: !!id,
    placeholderData: keepPreviousData,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/context', { params: { ...path(appid), query: { id, within, lines } } })),
  });

export const useRelated = (appid: string, id: string) =>
  useQuery({
    queryKey: [...logsKey(appid), 'related', id],
    staleTime: 60_000,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/related', { params: { ...path(appid), query: { id } } })),
  });

export const useFields = (appid: string, question: Question, enabled: boolean) =>
  useQuery({
    enabled,
    queryKey: [...logsKey(appid), 'fields', question],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/fields', { params: { ...path(appid), query: question }, signal })),
  });

export const useField = (appid: string, name: string, question: Question) =>
  useQuery({
    queryKey: [...logsKey(appid), 'field', name, question],
    staleTime: 60_000,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/fields/{name}', { params: { path: { appid, name }, query: { ...question, top: 50 } }, signal })),
  });

const valuesOverTime = 7;

// The commonest values over time, one question after the other: colleagues ask, too.
export const useFieldOverTime = (appid: string, question: Question, field: LogField | undefined, zone: string) =>
  useQuery({
    queryKey: [...logsKey(appid), 'field-over-time', field?.name, field?.values.slice(0, valuesOverTime).map((one) => one.query), question],
    enabled: !!field && field.values.length > 0,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const step = stepFor(question.to - question.from);
      const offset_minutes = zoneOffset(zone, question.to);
      const buckets = bucketsOf(question, step, offset_minutes);
      const series = [];
      for (const { value, query } of field!.values.slice(0, valuesOverTime)) {
        const asked = { ...question, query: withTerm(question.query ?? '', query), interval_ms: step, offset_minutes };
        const { items } = await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/histogram', { params: { ...path(appid), query: asked }, signal }));
        series.push({ key: query, name: value, values: countsOf(buckets, items, (item) => item.count) });
      }
      return { buckets, series };
    },
  });

export const useTemplates = (appid: string, question: Question, since: string, enabled: boolean) =>
  useQuery({
    enabled,
    queryKey: [...logsKey(appid), 'templates', question, since],
    staleTime: 60_000,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/templates', { params: { ...path(appid), query: { ...question, limit: 200, ...(since ? { since_release: since } : {}) } }, signal })),
  });

export const useReleases = (appid: string) =>
  useQuery({
    queryKey: [...logsKey(appid), 'releases'],
    staleTime: 300_000,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/releases', { params: path(appid) }))).items,
  });

export const useParsed = (appid: string, query: string, enabled: boolean) =>
  useQuery({
    queryKey: [...logsKey(appid), 'parse', query],
    enabled: enabled && query.trim() !== '',
    staleTime: Infinity,
    queryFn: ({ signal }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/logs/parse', { params: path(appid), body: { query }, signal })),
  });

export const useCompletions = (appid: string, query: string, cursor: number, source: Source, enabled: boolean) =>
  useQuery({
    queryKey: [...logsKey(appid), 'complete', query, cursor, source],
    enabled,
    staleTime: 30_000,
    retry: false,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/complete', { params: { ...path(appid), query: { query, cursor, source } }, signal })),
  });
