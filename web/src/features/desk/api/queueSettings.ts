// 排队提示: what customers who wait are told by themselves.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

const key = (appid: string) => ['desk', 'settings', appid, 'queue'] as const;

export const useQueueSettings = (appid: string) => useQuery({ queryKey: key(appid), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/queue-settings', { params: { path: { appid } } })) });

export function useSetQueueSettings(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['QueueSettingsChange']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/queue-settings', { params: { path: { appid } }, body })),
    onSuccess: (stored) => client.setQueryData(key(appid), stored),
  });
}
