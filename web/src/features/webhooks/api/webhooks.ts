// Webhooks 推送地址 of a mini program, and the log of what was delivered to them.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { useLiveEvents } from '@/shared/live/live';
import { listPollMs, pollMs } from '../components/polling';

export type Webhook = Schemas['Webhook'];
export type Kind = Schemas['WebhookKind'];
export type Change = Omit<Schemas['WebhookChange'], 'version'>;
export type Delivery = Schemas['WebhookDelivery'];
export type DeliveryState = Schemas['WebhookDeliveryState'];
export type TestReport = Schemas['WebhookTestReport'];
export type Notice = Schemas['WebhookNotice'];

// undefined: whatever it is.
export interface DeliveryQuery {
  state?: DeliveryState;
  kind?: Kind;
  from?: number;
  to?: number;
}

const webhooksKey = (appid: string) => ['webhooks', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });
const event = (appid: string, id: string, event_id: string) => ({ path: { appid, id, event_id } });

const listKey = (appid: string) => [...webhooksKey(appid), 'list'] as const;
const noticesKey = (appid: string) => [...webhooksKey(appid), 'notices'] as const;

// Whatever was done: states, waiting and the log go along. What was answered may be a secret, and is not kept.
function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, gcTime: 0, onSettled: () => client.invalidateQueries({ queryKey: webhooksKey(appid) }) });
}

// Live: what is configured, and what was switched off by itself. Deliveries are not told, but looked for.
export function useWebhooksLive(appid: string) {
  const client = useQueryClient();
  const read = () => {
    for (const queryKey of [listKey(appid), noticesKey(appid)]) void client.invalidateQueries({ queryKey });
  };
  useLiveEvents('change', (change) => {
    if (change.appid === appid && change.topic === 'webhooks') read();
  });
  useLiveEvents('snapshot', (followed) => {
    if (followed === appid) read();
  });
}

// At most 20, so that there are no pages.
export const useWebhooks = (appid: string) =>
  useQuery({
    queryKey: listKey(appid),
    refetchInterval: listPollMs,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/webhooks', { params: path(appid) }))).items,
  });

export const useAddWebhook = (appid: string) => useAct(appid, (body: Schemas['NewWebhook']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/webhooks', { params: path(appid), body })));
export const useChangeWebhook = (appid: string) =>
  useAct(appid, ({ webhook, change }: { webhook: Webhook; change: Change }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/webhooks/{id}', { params: one(appid, webhook.id), body: { version: webhook.version, ...change } })));

// Its page goes at once: its log would be asked for in vain.
export function useRemoveWebhook(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/webhooks/{id}', { params: one(appid, id) })),
    onSuccess: (_done, id) => void client.setQueryData<Webhook[]>(listKey(appid), (items) => items?.filter((each) => each.id !== id)),
    onSettled: () => client.invalidateQueries({ queryKey: listKey(appid) }),
  });
}

export const useRotateSecret = (appid: string) =>
  useAct(appid, ({ id, previous_hours }: { id: string; previous_hours: number }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/webhooks/{id}/secret', { params: one(appid, id), body: { previous_hours } })));
export const useTestWebhook = (appid: string) => useAct(appid, (id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/webhooks/{id}/test', { params: one(appid, id) })));

// ---- the log ----

export const useDeliveries = (appid: string, id: string, query: DeliveryQuery) =>
  useInfiniteQuery({
    queryKey: [...webhooksKey(appid), id, 'deliveries', query],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/webhooks/{id}/deliveries', { params: { ...one(appid, id), query: { ...query, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
    refetchInterval: ({ state }) => pollMs(state.data?.pages ?? []),
  });

// With the body that is sent.
export const useDelivery = (appid: string, id: string, event_id: string) =>
  useQuery({
    queryKey: [...webhooksKey(appid), id, 'delivery', event_id],
    enabled: event_id !== '',
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/webhooks/{id}/deliveries/{event_id}', { params: event(appid, id, event_id) })),
    refetchInterval: ({ state }) => (state.data?.delivery.state === 'pending' ? pollMs([{ items: [state.data.delivery] }]) : false),
  });

export const useRedeliver = (appid: string, id: string) => useAct(appid, (event_id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/webhooks/{id}/deliveries/{event_id}/redeliver', { params: event(appid, id, event_id) })));
export const useRedeliverAll = (appid: string, id: string) => useAct(appid, (body: Schemas['WebhookTimes']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/webhooks/{id}/redeliver', { params: one(appid, id), body })));

// What was switched off by itself.
export const useNotices = (appid: string) =>
  useInfiniteQuery({
    queryKey: noticesKey(appid),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/webhook-notices', { params: { ...path(appid), query: { limit: 20, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
