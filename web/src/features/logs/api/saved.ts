// Saved queries 查询模板 and exports 导出任务.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { saveFile } from '@/shared/charts/files';
import { logsKey } from './logs';

export type SavedQuery = Schemas['SavedLogQuery'];
export type SavedInput = Schemas['SavedLogQueryInput'];
export type Export = Schemas['LogExport'];
export type ExportInput = Schemas['LogExportInput'];

const path = (appid: string) => ({ path: { appid } });
const savedKey = (appid: string) => [...logsKey(appid), 'saved'] as const;
const exportsKey = (appid: string) => [...logsKey(appid), 'exports'] as const;

export const useSaved = (appid: string) =>
  useQuery({ queryKey: savedKey(appid), queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/queries', { params: path(appid) }))).items });

export function useSave(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id?: string; body: SavedInput }) =>
      id
        ? unwrap(api.PUT('/api/v1/miniprograms/{appid}/logs/queries/{id}', { params: { path: { appid, id } }, body }))
        : unwrap(api.POST('/api/v1/miniprograms/{appid}/logs/queries', { params: path(appid), body })),
    onSuccess: () => client.invalidateQueries({ queryKey: savedKey(appid) }),
  });
}

export function useDeleteSaved(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/logs/queries/{id}', { params: { path: { appid, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: savedKey(appid) }),
  });
}

export const isActive = ({ state }: Export) => state === 'waiting' || state === 'running';

export const useExports = (appid: string) =>
  useQuery({
    queryKey: exportsKey(appid),
    refetchInterval: ({ state }) => (state.data?.some(isActive) ? 1000 : false),
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/exports', { params: path(appid) }))).items,
  });

type Act = { what: 'begin'; body: ExportInput } | { what: 'cancel' | 'repeat' | 'delete'; id: string };

export function useExportActs(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (act: Act): Promise<void> => {
      if (act.what === 'begin') {
        await unwrap(api.POST('/api/v1/miniprograms/{appid}/logs/exports', { params: path(appid), body: act.body }));
        return;
      }
      const params = { path: { appid, id: act.id } };
      if (act.what === 'cancel') await unwrap(api.POST('/api/v1/miniprograms/{appid}/logs/exports/{id}/cancel', { params }));
      else if (act.what === 'repeat') await unwrap(api.POST('/api/v1/miniprograms/{appid}/logs/exports/{id}/repeat', { params }));
      else await unwrap(api.DELETE('/api/v1/miniprograms/{appid}/logs/exports/{id}', { params }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: exportsKey(appid) }),
  });
}

// Several parts become one file here.
export function useDownload(appid: string) {
  return useMutation({
    mutationFn: async (one: Export) => {
      const parts: Blob[] = [];
      for (let part = 1; part <= one.parts; part += 1) {
        const params = { path: { appid, id: one.id }, query: { part } };
        parts.push((await unwrap(api.GET('/api/v1/miniprograms/{appid}/logs/exports/{id}/download', { params, parseAs: 'blob' }))) as Blob);
      }
      saveFile(fileName(one), new Blob(parts));
    },
  });
}

export const fileName = ({ id, format, gzip, from }: Pick<Export, 'id' | 'format' | 'gzip' | 'from'>) => `logs-${new Date(from).toISOString().slice(0, 10)}-${id}.${format}${gzip ? '.gz' : ''}`;
