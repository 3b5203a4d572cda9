// Channels to people 通知渠道, and what was delivered through them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

export type Channel = Schemas['NotifyChannel'];
export type ChannelKind = Schemas['NotifyKind'];
export type NewChannel = Schemas['NewNotifyChannel'];
export type TestReport = Schemas['NotifyTestReport'];
export type Delivery = Schemas['NotifyDelivery'];

const key = (appid: string) => ['notify', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

export const useChannels = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'channels'], refetchInterval: 15_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/notify/channels', { params: path(appid) }))).items });

function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: key(appid) }) });
}
export const useAddChannel = (appid: string) => useAct(appid, (body: NewChannel) => unwrap(api.POST('/api/v1/miniprograms/{appid}/notify/channels', { params: path(appid), body })));
export const useChangeChannel = (appid: string) => useAct(appid, ({ id, change }: { id: string; change: Schemas['NotifyChannelChange'] }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/notify/channels/{id}', { params: one(appid, id), body: change })));
export const useRemoveChannel = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/notify/channels/{id}', { params: one(appid, id) })));
export const useTestChannel = (appid: string) => useAct(appid, (id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/notify/channels/{id}/test', { params: one(appid, id) })));

export const useDeliveries = (appid: string, filter: { channel?: string; subject?: string }) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'deliveries', filter],
    initialPageParam: undefined as string | undefined,
    refetchInterval: 10_000,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/notify/deliveries', { params: { ...path(appid), query: { ...filter, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
export const useRetryDelivery = (appid: string) => useAct(appid, (id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/notify/deliveries/{id}/retry', { params: one(appid, id) })));
