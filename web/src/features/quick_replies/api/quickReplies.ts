// Quick replies as they are kept: written, deleted, moved with their folder, brought in and out as a table.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { macrosKey, repliesKey, type Scope } from '@/shared/quick_replies/quickReplies';

const path = (appid: string) => ({ path: { appid } });

function useChange<Input, Output>(appid: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: repliesKey(appid) }) });
}

export const useSaveReply = (appid: string) =>
  useChange(appid, ({ id, ...body }: Schemas['QuickReplyInput'] & { id?: string }) =>
    id
      ? unwrap(api.PATCH('/api/v1/miniprograms/{appid}/quick-replies/{id}', { params: { path: { appid, id } }, body }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/quick-replies', { params: path(appid), body })),
  );

export const useRemoveReply = (appid: string) => useChange(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/quick-replies/{id}', { params: { path: { appid, id } } })));

// In one scope, or one after the other in both. How many were moved.
export const useRenameFolder = (appid: string) =>
  useChange(appid, async ({ scopes, from, to }: { scopes: Scope[]; from: string; to: string }) => {
    let moved = 0;
    for (const scope of scopes) moved += (await unwrap(api.POST('/api/v1/miniprograms/{appid}/quick-reply-folders/rename', { params: path(appid), body: { scope, from, to } }))).moved;
    return moved;
  });

export const useImport = (appid: string) =>
  useChange(appid, ({ text, scope }: { text: string; scope: Scope }) =>
    unwrap(
      api.POST('/api/v1/miniprograms/{appid}/quick-replies/import', {
        params: { ...path(appid), query: { scope } },
        body: text,
        bodySerializer: (body) => body,
        headers: { 'Content-Type': 'text/csv; charset=utf-8' },
      }),
    ),
  );

export const exportUrl = (appid: string) => `/api/v1/miniprograms/${encodeURIComponent(appid)}/quick-replies/export`;

// ---- macros ----

function useMacroChange<Input, Output>(appid: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: macrosKey(appid) }) });
}

export const useSaveMacro = (appid: string) =>
  useMacroChange(appid, ({ id, ...body }: Schemas['MacroInput'] & { id?: string }) =>
    id
      ? unwrap(api.PATCH('/api/v1/miniprograms/{appid}/macros/{id}', { params: { path: { appid, id } }, body }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/macros', { params: path(appid), body })),
  );

export const useRemoveMacro = (appid: string) => useMacroChange(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/macros/{id}', { params: { path: { appid, id } } })));
