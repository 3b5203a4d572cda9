import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { intervals, presets, startsOf, valuesOf, windowOf, zoneOffset, type Interval, type Preset } from '@/shared/charts/ranges';
import type { Field, Kind, questionOf } from '../components/filters';

export type Intake = Schemas['Intake'];
export type ProjectKey = Schemas['ProjectKey'];
export type Settings = Schemas['TelemetrySettings'];
export type TelemetryRecord = Schemas['TelemetryRecord'];
type Question = ReturnType<typeof questionOf>;

const key = (appid: string) => ['telemetry', appid] as const;
const path = (appid: string) => ({ path: { appid } });

// ---- keys and settings ----

export const useProjectKeys = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'keys'], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/keys', { params: path(appid) }))).items });

export function useAddProjectKey(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; records_per_minute?: number }) =>
      unwrap(api.POST('/api/v1/miniprograms/{appid}/telemetry/keys', { params: path(appid), body: body as Schemas['NewProjectKey'] })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(appid) }),
  });
}

export function useRevokeProjectKey(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/telemetry/keys/{id}', { params: { path: { appid, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...key(appid), 'keys'] }),
  });
}

export const useTelemetrySettings = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'settings'], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/settings', { params: path(appid) })) });

export function useSetTelemetrySettings(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['TelemetrySettingsChange']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/telemetry/settings', { params: path(appid), body })),
    onSuccess: (data) => client.setQueryData([...key(appid), 'settings'], data),
  });
}

// ---- what came ----

export const waitingPollMs = 2000;
const calmPollMs = 15_000;

// `waiting`: somebody looks for the first record.
export const useIntake = (appid: string, range: Preset, waiting: (intake: Intake) => boolean) =>
  useQuery({
    queryKey: [...key(appid), 'intake', range],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && waiting(state.data) ? waitingPollMs : calmPollMs),
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/intake', { params: { ...path(appid), query: { from: Date.now() - presets[range] } } })),
  });

export interface Arrivals {
  starts: number[];
  interval: Interval;
  series: { kind: Kind; values: number[] }[];
}

// One question after the other: the server answers eight at once about a mini program, and colleagues ask, too.
export const useArrivals = (appid: string, range: Preset, kept: Kind[] | undefined, zone: string) =>
  useQuery({
    queryKey: [...key(appid), 'arrivals', range, kept, zone],
    enabled: kept !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: calmPollMs * 2,
    queryFn: async (): Promise<Arrivals> => {
      const window = windowOf({ preset: range }, Date.now());
      const interval: Interval = range === '30d' ? 'day' : 'hour';
      const offset = zoneOffset(zone, window.to);
      const starts = startsOf(window, intervals[interval], offset);
      const series: Arrivals['series'] = [];
      for (const kind of kept ?? []) {
        const query = { kind, from: starts[0], to: window.to, interval, offset_minutes: offset };
        const points = await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/series', { params: { ...path(appid), query } }));
        series.push({ kind, values: valuesOf(starts, points.items) });
      }
      return { starts, interval, series };
    },
  });

// ---- records ----

export const useRecords = (appid: string, question: Question) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'records', question],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/records', { params: { ...path(appid), query: { ...question, limit: 100, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

// Records over time; errors and logs by level.
export const useHistogram = (appid: string, question: Question, interval: Interval, zone: string) =>
  useQuery({
    queryKey: [...key(appid), 'histogram', question, interval, zone],
    queryFn: async () => {
      const offset = zoneOffset(zone, question.to);
      const starts = startsOf(question, intervals[interval], offset);
      const by: 'level' | undefined = question.kind === 'error' || question.kind === 'log' ? 'level' : undefined;
      const query = { ...question, interval, offset_minutes: offset, ...(by ? { by } : {}) };
      const { items } = await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/series', { params: { ...path(appid), query } }));
      const names = [...new Set(items.map((one) => one.name ?? ''))];
      return { starts, series: names.map((name) => ({ name, values: valuesOf(starts, items.filter((one) => (one.name ?? '') === name)) })) };
    },
  });

// The values of a field that are there, the most frequent first: asked when somebody is about to choose one.
export const useValues = (appid: string, field: Field, question: Question, enabled: boolean) =>
  useQuery({
    queryKey: [...key(appid), 'values', field, question.kind, question.from],
    enabled,
    staleTime: 60_000,
    queryFn: async () => {
      const query = { kind: question.kind, from: question.from, to: question.to, by: field as 'name', top: 100 };
      const { items } = await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/breakdown', { params: { ...path(appid), query } }));
      return items.filter((one) => one.name && one.key !== '-1' && one.key !== '1').map((one) => ({ word: one.name!, n: one.count }));
    },
  });
