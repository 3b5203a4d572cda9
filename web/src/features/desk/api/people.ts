import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, readAll, unwrap, type Schemas } from '@/shared/api/client';
import { agentsKey } from '@/shared/teams/teams';

export function usePresence(appid: string) {
  return useQuery({
    queryKey: ['presence', appid],
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/presence', { params: { path: { appid } } })),
    staleTime: 30_000,
  });
}

export function useSetPresence(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['PresenceInput']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/presence', { params: { path: { appid } }, body })),
    onSuccess: (agent) => {
      client.setQueryData(['presence', appid], agent);
      void client.invalidateQueries({ queryKey: agentsKey(appid) });
    },
  });
}

// Who works in which group.
export function useRoster(appid: string) {
  return useQuery({
    queryKey: [...agentsKey(appid), 'roster'],
    queryFn: async () => (await readAll((cursor) => unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/agents', { params: { path: { appid }, query: { limit: 100, cursor } } })))).items,
  });
}

export function useCustomer(appid: string, openid: string) {
  return useQuery({
    queryKey: ['desk', 'customer', appid, openid],
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/customers/{openid}', { params: { path: { appid, openid } } })),
  });
}

// What the phone reported before `before`; of an open conversation until now.
export function useCustomerSignals(appid: string, openid: string, before?: number) {
  return useQuery({
    queryKey: ['desk', 'signals', appid, openid, before ?? 0],
    refetchInterval: before === undefined ? 30_000 : false,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/customers/{openid}/signals', { params: { path: { appid, openid }, query: before === undefined ? {} : { before } } })),
  });
}

export function useChangeCustomer(appid: string, openid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CustomerChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/customers/{openid}', { params: { path: { appid, openid } }, body })),
    onSuccess: (customer) => client.setQueryData(['desk', 'customer', appid, openid], customer),
  });
}
