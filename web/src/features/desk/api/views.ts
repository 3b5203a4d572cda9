// Saved views of the list.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

const key = (appid: string) => ['desk', 'views', appid] as const;
const path = (appid: string) => ({ path: { appid } });

export const useSavedViews = (appid: string) =>
  useQuery({ queryKey: key(appid), staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/conversation-views', { params: path(appid) }))).items });

function useChanging<T, R>(appid: string, mutationFn: (given: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key(appid) }) });
}

export type ViewToSave = Schemas['SavedViewInput'] & { id?: string };

export const useSaveView = (appid: string) =>
  useChanging(appid, ({ id, ...body }: ViewToSave) =>
    id
      ? unwrap(api.PATCH('/api/v1/miniprograms/{appid}/conversation-views/{id}', { params: { path: { appid, id } }, body }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/conversation-views', { params: path(appid), body })),
  );
export const useRemoveView = (appid: string) => useChanging(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/conversation-views/{id}', { params: { path: { appid, id } } })));
export const useOrderViews = (appid: string) => useChanging(appid, (body: Schemas['SavedViewOrder']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/conversation-views/order', { params: path(appid), body })));
