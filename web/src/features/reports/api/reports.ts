// 客服报表: figures, and the conversations behind each. Definitions: docs/metrics.md.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { saveFile } from '@/shared/charts/files';

export type Metric = Schemas['ReportMetric'];
export type Figures = Schemas['ReportFigures'];
export type Row = Schemas['ReportRow'];
export type Answer = Schemas['ReportFiguresAnswer'];
export type Sample = Schemas['ReportSample'];
export type Conversation = Schemas['ReportConversation'];
export type AgentWork = Schemas['ReportAgent'];

export const intervals = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof intervals)[number];
export type By = 'agent' | 'group' | 'hour' | 'source' | 'reason' | 'tag';
export const parts = ['all', 'counted', 'missed', 'open', 'hits', 'others'] as const;
export type Part = (typeof parts)[number];
export const orders = ['newest', 'largest'] as const;
export type Order = (typeof orders)[number];

export interface Span {
  from: number;
  to: number;
}
// Which conversations: those opened in that time, and of them what is narrowed down to.
export interface Question extends Span {
  agent_id?: string; // 'none': what is nobody's
  group_id?: string;
  hour?: number;
  source?: string; // '': those without
  reason_id?: string; // 'none': those without
  tag?: string; // '': those without
}
export interface Cut {
  interval?: Interval;
  by?: By;
}
export interface Listed {
  metric: Metric;
  part: Part;
  order: Order;
  ended_from?: number; // of times, those that ended then or later
}

export const formats = ['xlsx', 'csv'] as const;
export type Format = (typeof formats)[number];
interface File {
  name: string;
  format: Format;
}

const path = (appid: string) => ({ path: { appid } });
export const reportsKey = (appid: string) => ['reports', appid] as const;
const lagMs = 5000;
export const lags = ({ pending, rebuilding }: Pick<Answer, 'pending' | 'rebuilding'>) => rebuilding || pending > 0;

export const useFigures = (appid: string, question: Question, cut: Cut = {}, enabled = true) =>
  useQuery({
    queryKey: [...reportsKey(appid), 'figures', question, cut],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/figures', { params: { ...path(appid), query: { ...question, ...cut } } })),
    // Until nothing is missing.
    refetchInterval: ({ state }) => (state.data && lags(state.data) ? lagMs : false),
  });

export const useConversations = (appid: string, question: Question, listed: Listed) =>
  useInfiniteQuery({
    queryKey: [...reportsKey(appid), 'conversations', question, listed],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/conversations', { params: { ...path(appid), query: { ...question, ...listed, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useAgentTimes = (appid: string, span: Span, enabled: boolean) =>
  useQuery({
    queryKey: [...reportsKey(appid), 'agents', span],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/agents', { params: { ...path(appid), query: { ...span } } }))).items,
  });

export const usePrograms = (span: Span) =>
  useQuery({
    queryKey: ['reports', '', 'programs', span],
    placeholderData: keepPreviousData,
    queryFn: async () => (await unwrap(api.GET('/api/v1/desk/reports/miniprograms', { params: { query: { ...span } } }))).items,
  });

// As the server writes it, for spreadsheets; it is noted who took it.
const useSave = <Asked extends File>(get: (asked: Asked) => Promise<unknown>) => useMutation({ mutationFn: async (asked: Asked) => saveFile(asked.name, (await get(asked)) as Blob) });

export const useSaveFigures = (appid: string) =>
  useSave(({ format, question, cut }: File & { question: Question; cut: Cut }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/figures/export', { params: { ...path(appid), query: { ...question, ...cut, format } }, parseAs: 'blob' })));

export const useSaveConversations = (appid: string) =>
  useSave(({ format, question, listed }: File & { question: Question; listed: Listed }) =>
    unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/conversations/export', { params: { ...path(appid), query: { ...question, ...listed, format } }, parseAs: 'blob' })),
  );

export const useSaveAgents = (appid: string) =>
  useSave(({ format, span }: File & { span: Span }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/agents/export', { params: { ...path(appid), query: { ...span, format } }, parseAs: 'blob' })));

export const useSavePrograms = () => useSave(({ format, span }: File & { span: Span }) => unwrap(api.GET('/api/v1/desk/reports/miniprograms/export', { params: { query: { ...span, format } }, parseAs: 'blob' })));

export function useRebuild() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/desk/reports/rebuild')),
    onSuccess: () => client.invalidateQueries({ queryKey: ['reports'] }),
  });
}
