import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { miniProgramsKey } from '@/shared/session/miniPrograms';

function useChange<Input, Output>(key: readonly unknown[], mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
}

export const useAddMiniProgram = () => useChange(miniProgramsKey, (body: Schemas['MiniProgramInput']) => unwrap(api.POST('/api/v1/miniprograms', { body })));
export const useChangeMiniProgram = (appid: string) =>
  useChange(miniProgramsKey, (body: Schemas['MiniProgramChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}', { params: { path: { appid } }, body })));
export const useRemoveMiniProgram = () => useChange(miniProgramsKey, (appid: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}', { params: { path: { appid } } })));
export const useRevealToken = () => useMutation({ mutationFn: (appid: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/reveal-token', { params: { path: { appid } } })) });
export const useSelfCheck = () => useMutation({ mutationFn: (appid: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/self-check', { params: { path: { appid } } })) });

export const pollMs = 2000;
const key = (appid: string) => ['gateway', appid] as const;

export const useGateway = (appid: string) =>
  useQuery({
    queryKey: [...key(appid), 'health'],
    refetchInterval: pollMs,
    queryFn: async () => ({ at: Date.now(), health: await unwrap(api.GET('/api/v1/miniprograms/{appid}/gateway', { params: { path: { appid } } })) }),
  });
export const useDeadLetters = (appid: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'dead-letters'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/dead-letters', { params: { path: { appid }, query: { cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
export const usePushFailures = (appid: string) =>
  useQuery({
    queryKey: [...key(appid), 'failures'],
    refetchInterval: 15_000,
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/push-failures', { params: { path: { appid } } })),
  });
export const useReplay = (appid: string) =>
  useChange(key(appid), (id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/dead-letters/{id}/replay', { params: { path: { appid, id } } })));
export const useDropDeadLetter = (appid: string) =>
  useChange(key(appid), (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/dead-letters/{id}', { params: { path: { appid, id } } })));
export const useRefreshToken = (appid: string) =>
  useChange(key(appid), (force: boolean) => unwrap(api.POST('/api/v1/miniprograms/{appid}/token/refresh', { params: { path: { appid } }, body: { force } })));
