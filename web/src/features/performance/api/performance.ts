// Performance 性能: quantiles of what phones measured, page loads entry by entry, and advice.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import type { Dimension, FilterField, Metric, Question, Sides, View } from '../components/address';
import { beforeOf, bucketsOf, type Interval } from '../components/buckets';

export type Overview = Schemas['PerformanceOverview'];
export type MetricSummary = Schemas['PerformanceMetricSummary'];
export type StartupPhase = Schemas['PerformanceStartupPhase'];
export type Row = Schemas['PerformanceRow'];
export type RequestPhases = Schemas['RequestPhases'];
export type Comparison = Schemas['PerformanceComparison'];
export type PageLoad = Schemas['PageLoad'];
export type PageLoadSummary = Schemas['PageLoadSummary'];
export type AdviceItem = Schemas['AdviceItem'];

const key = (appid: string) => ['performance', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const freshMs = 30_000;

export const useOverview = (appid: string, question: Question) =>
  useQuery({
    queryKey: [...key(appid), 'overview', question],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/overview', { params: { ...path(appid), query: question }, signal })),
  });

interface Asked {
  metric: Metric;
  interval: View['interval'] | Interval;
  by?: Exclude<View['by'], ''>;
}
// One fewer than a chart draws: the others are a line, too.
const linesMax = 6;

const series = (appid: string, query: Question & Asked, signal: AbortSignal) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/series', { params: { ...path(appid), query: { ...query, top: linesMax } }, signal }));

// With its buckets, and, where the lines are few enough, with the same of the period before.
export const useTrend = (appid: string, question: Question, asked: Asked) =>
  useQuery({
    queryKey: [...key(appid), 'trend', question, asked],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { items, interval } = await series(appid, { ...question, ...asked }, signal);
      const buckets = bucketsOf(interval, question, question.offset_minutes);
      const before = asked.by ? undefined : bucketsOf(interval, beforeOf(buckets), question.offset_minutes);
      const earlier = before && (await series(appid, { ...question, from: before.starts[0]!, to: before.end, metric: asked.metric, interval }, signal)).items;
      return { items, interval, buckets, before: before && earlier && { starts: before.starts, items: earlier }, by: asked.by, metric: asked.metric };
    },
  });

export const useDistribution = (appid: string, question: Question, metric: Metric) =>
  useQuery({
    queryKey: [...key(appid), 'distribution', question, metric],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/distribution', { params: { ...path(appid), query: { ...question, metric } }, signal })),
  });

export const useBreakdown = (appid: string, question: Question, asked: { metric: Metric; by: Dimension; sort: View['sort'] }) =>
  useQuery({
    queryKey: [...key(appid), 'breakdown', question, asked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/breakdown', { params: { ...path(appid), query: { ...question, ...asked, limit: 100 } }, signal })),
  });

// The values that a filter may have, the most frequent first: asked when somebody is about to choose one.
export const useValues = (appid: string, asked: Question, field: FilterField, metric: Metric, enabled: boolean) => {
  const { [field]: _, ...question } = asked;
  return useQuery({
    queryKey: [...key(appid), 'values', question, field, metric],
    enabled,
    staleTime: freshMs,
    queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/breakdown', { params: { ...path(appid), query: { ...question, metric, by: field, sort: 'count', limit: 200 } }, signal }))).items,
  });
};

export const useComparison = (appid: string, question: Question, metric: Metric, sides: Sides | null) =>
  useQuery({
    queryKey: [...key(appid), 'compare', question, metric, sides],
    enabled: sides !== null,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/compare', { params: { ...path(appid), query: { ...question, metric, ...sides } }, signal })),
  });

export const useHeatmap = (appid: string, question: Question, asked: Pick<View, 'metric' | 'rows' | 'columns'>) =>
  useQuery({
    queryKey: [...key(appid), 'heatmap', question, asked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/heatmap', { params: { ...path(appid), query: { ...question, ...asked } }, signal })),
  });

export const useLoads = (appid: string, question: Question, sort: View['order']) =>
  useQuery({
    queryKey: [...key(appid), 'loads', question, sort],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/loads', { params: { ...path(appid), query: { ...question, sort, limit: 50 } }, signal }))).items,
  });

export const useLoad = (appid: string, id: string) =>
  useQuery({
    queryKey: [...key(appid), 'load', id],
    enabled: id !== '',
    staleTime: Infinity,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/loads/{id}', { params: { path: { appid, id } }, signal })),
  });

export const useAdvice = (appid: string, question: Question) =>
  useQuery({
    queryKey: [...key(appid), 'advice', question],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/advice', { params: { ...path(appid), query: question }, signal }))).items,
  });

// The releases that there are, the newest first, with when each was seen first.
export const useReleases = (appid: string) =>
  useQuery({
    queryKey: [...key(appid), 'releases'],
    staleTime: 300_000,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/issues/releases', { params: path(appid) }))).items,
  });
