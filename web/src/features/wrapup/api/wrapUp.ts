// What is set up of the wrap-up 小结. Reading it is shared/wrapup's.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { wrapUpKey } from '@/shared/wrapup/wrapUp';

export type ReasonChange = Schemas['ContactReasonChange'];
export type NewField = Schemas['NewConversationField'];
export type FieldChange = Schemas['ConversationFieldChange'];

const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: wrapUpKey(appid) }) });
}

export const useAddReason = (appid: string) => useAct(appid, (body: Schemas['NewContactReason']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/contact-reasons', { params: path(appid), body })));
export const useChangeReason = (appid: string) =>
  useAct(appid, ({ id, ...body }: { id: string } & ReasonChange) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/contact-reasons/{id}', { params: one(appid, id), body })));
export const useRemoveReason = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/contact-reasons/{id}', { params: one(appid, id) })));
export const useOrderReasons = (appid: string) => useAct(appid, (body: Schemas['ContactReasonOrder']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/contact-reasons/order', { params: path(appid), body })));

export const useAddField = (appid: string) => useAct(appid, (body: NewField) => unwrap(api.POST('/api/v1/miniprograms/{appid}/conversation-fields', { params: path(appid), body })));
export const useChangeField = (appid: string) =>
  useAct(appid, ({ id, ...body }: { id: string } & FieldChange) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/conversation-fields/{id}', { params: one(appid, id), body })));
export const useRemoveField = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/conversation-fields/{id}', { params: one(appid, id) })));
export const useOrderFields = (appid: string) => useAct(appid, (ids: string[]) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/conversation-fields/order', { params: path(appid), body: { ids } })));

export const useSettings = (appid: string) => useQuery({ queryKey: [...wrapUpKey(appid), 'settings'], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/wrap-up-settings', { params: path(appid) })) });
export const useSaveSettings = (appid: string) => useAct(appid, (body: Schemas['WrapUpSettings']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/wrap-up-settings', { params: path(appid), body })));

// Routing rules that may suggest a reason.
export const useRules = (appid: string) =>
  useQuery({ queryKey: [...wrapUpKey(appid), 'rules'], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/routing-rules', { params: path(appid) }))).items.map(({ id, name }) => ({ id, name })) });
