// 内容检查: how agents' texts are checked before they are sent, and who is asked.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

export type Checker = Schemas['ContentChecker'];
export type Action = Schemas['ContentCheckAction'];
export type Failing = Schemas['ContentCheckFailing'];

const key = (appid: string) => ['desk', 'settings', appid, 'checks'] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

// What is answered may be a secret, and is not kept.
function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, gcTime: 0, onSettled: () => client.invalidateQueries({ queryKey: key(appid) }) });
}

export const useContentCheck = (appid: string) => useQuery({ queryKey: key(appid), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/content-check', { params: path(appid) })) });

export const useSetContentCheck = (appid: string) => useAct(appid, (body: Schemas['ContentCheckSettings']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/content-check', { params: path(appid), body })));

export const useAddChecker = (appid: string) => useAct(appid, (body: Schemas['NewContentChecker']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/content-check/checkers', { params: path(appid), body })));

export const useChangeChecker = (appid: string) =>
  useAct(appid, ({ id, ...body }: Schemas['ContentCheckerChange'] & { id: string }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/content-check/checkers/{id}', { params: one(appid, id), body })));

export const useRemoveChecker = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/content-check/checkers/{id}', { params: one(appid, id) })));

export const useRenewSecret = (appid: string) => useAct(appid, (id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/content-check/checkers/{id}/secret', { params: one(appid, id) })));

export const useTestChecker = (appid: string) =>
  useAct(appid, ({ id, text }: { id: string; text: string }) => unwrap(api.POST('/api/v1/miniprograms/{appid}/content-check/checkers/{id}/test', { params: one(appid, id), body: { text } })));
