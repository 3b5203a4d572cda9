import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

const key = (appid: string, what: string) => ['desk', 'settings', appid, what] as const;

// Every write of a setting: afterwards the list is read again.
function useChange<Input, Output>(appid: string, what: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key(appid, what) }) });
}

export const useRules = (appid: string) =>
  useQuery({ queryKey: key(appid, 'rules'), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/rules', { params: { path: { appid } } })) });

export const useSaveRule = (appid: string) =>
  useChange(appid, 'rules', ({ id, ...body }: Schemas['RuleInput'] & { id?: string }) =>
    id
      ? unwrap(api.PATCH('/api/v1/miniprograms/{appid}/rules/{id}', { params: { path: { appid, id } }, body }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/rules', { params: { path: { appid } }, body })),
  );

export const useSwitchRule = (appid: string) =>
  useChange(appid, 'rules', ({ id, enabled }: { id: string; enabled: boolean }) =>
    unwrap(api.PATCH('/api/v1/miniprograms/{appid}/rules/{id}', { params: { path: { appid, id } }, body: { enabled } })),
  );

export const useRemoveRule = (appid: string) =>
  useChange(appid, 'rules', (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/rules/{id}', { params: { path: { appid, id } } })));

export const useTryRules = (appid: string) =>
  useMutation({ mutationFn: (body: Schemas['RuleTrial']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/rules/try', { params: { path: { appid } }, body })) });

export const useHours = (appid: string) =>
  useQuery({ queryKey: key(appid, 'hours'), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/hours', { params: { path: { appid } } })) });

export const useSetHours = (appid: string) =>
  useChange(appid, 'hours', (body: Schemas['Calendar']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/hours', { params: { path: { appid } }, body })));

export const useDeskSettings = (appid: string) =>
  useQuery({ queryKey: key(appid, 'general'), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk-settings', { params: { path: { appid } } })) });

export const useSetDeskSettings = (appid: string) =>
  useChange(appid, 'general', (body: Schemas['DeskSettingsChange']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/desk-settings', { params: { path: { appid } }, body })));

export const useWords = (appid: string, q: string, action: Schemas['WordAction'] | undefined) =>
  useInfiniteQuery({
    queryKey: [...key(appid, 'words'), q, action],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v1/miniprograms/{appid}/words', { params: { path: { appid }, query: { q: q || undefined, action, limit: 100, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const useAddWord = (appid: string) =>
  useChange(appid, 'words', (body: Schemas['WordInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/words', { params: { path: { appid } }, body })));

export const useRemoveWord = (appid: string) =>
  useChange(appid, 'words', (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/words/{id}', { params: { path: { appid, id } } })));

export const useRemoveAllWords = (appid: string) =>
  useChange(appid, 'words', (_: void) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/words', { params: { path: { appid } } })));

export const useImportWords = (appid: string) =>
  useChange(appid, 'words', ({ text, action }: { text: string; action: Schemas['WordAction'] }) =>
    unwrap(
      api.POST('/api/v1/miniprograms/{appid}/words/import', {
        params: { path: { appid }, query: { action } },
        body: text,
        bodySerializer: (body) => body,
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      }),
    ),
  );
