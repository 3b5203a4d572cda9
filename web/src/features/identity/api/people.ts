import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, readAll, unwrap, type Schemas } from '@/shared/api/client';

function useChange<Input, Output>(key: readonly unknown[], mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
}

const membersKey = (appid: string) => ['members', appid] as const;
export const useMembers = (appid: string) =>
  useQuery({ queryKey: membersKey(appid), queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/members', { params: { path: { appid } } })) });
export const useAddMember = (appid: string) =>
  useChange(membersKey(appid), (body: Schemas['MemberInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/members', { params: { path: { appid } }, body })));
export const useChangeMember = (appid: string) =>
  useChange(membersKey(appid), ({ account_id, role }: { account_id: string; role: Schemas['Role'] }) =>
    unwrap(api.PUT('/api/v1/miniprograms/{appid}/members/{account_id}', { params: { path: { appid, account_id } }, body: { role } })),
  );
export const useRemoveMember = (appid: string) =>
  useChange(membersKey(appid), (account_id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/members/{account_id}', { params: { path: { appid, account_id } } })));

const permissionsKey = (appid: string, account_id: string) => [...membersKey(appid), account_id, 'permissions'] as const;
export const useMemberPermissions = (appid: string, account_id: string) =>
  useQuery({
    queryKey: permissionsKey(appid, account_id),
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/members/{account_id}/permissions', { params: { path: { appid, account_id } } })),
  });
export function useChangePermissions(appid: string, account_id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['MemberPermissionsChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/members/{account_id}/permissions', { params: { path: { appid, account_id } }, body })),
    onSuccess: (saved) => {
      client.setQueryData(permissionsKey(appid, account_id), saved);
      return client.invalidateQueries({ queryKey: membersKey(appid), exact: true });
    },
  });
}

export const usePermissionTable = () => useQuery({ queryKey: ['permissions'], staleTime: Infinity, queryFn: () => unwrap(api.GET('/api/v1/permissions')) });

export const useAccounts = (q: string) =>
  useQuery({
    queryKey: ['accounts', q],
    queryFn: async () => (await readAll((cursor) => unwrap(api.GET('/api/v1/accounts', { params: { query: { q: q || undefined, limit: 100, cursor } } })))).items,
  });
export const useAddAccount = () => useChange(['accounts'], (body: Schemas['InstanceAccountInput']) => unwrap(api.POST('/api/v1/accounts', { body })));
export const useChangeAccount = () =>
  useChange(['accounts'], ({ id, ...body }: Schemas['InstanceAccountChange'] & { id: string }) => unwrap(api.PATCH('/api/v1/accounts/{id}', { params: { path: { id } }, body })));

export const useApiKeys = () => useQuery({ queryKey: ['api-keys'], queryFn: () => unwrap(api.GET('/api/v1/account/api-keys')) });
export const useAddApiKey = () => useChange(['api-keys'], (body: Schemas['ApiKeyInput']) => unwrap(api.POST('/api/v1/account/api-keys', { body })));
export const useRevokeApiKey = () => useChange(['api-keys'], (id: string) => unwrap(api.DELETE('/api/v1/account/api-keys/{id}', { params: { path: { id } } })));

export interface AuditFilter {
  action?: string;
  q?: string;
  from?: number;
  to?: number;
}

// Without an appid: the whole installation.
export const useAudit = (appid: string | undefined, filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: ['audit', appid, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { ...filter, limit: 50, cursor: pageParam };
      return appid
        ? unwrap(api.GET('/api/v1/miniprograms/{appid}/audit', { params: { path: { appid }, query } }))
        : unwrap(api.GET('/api/v1/audit', { params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export function auditExportUrl(appid: string | undefined, filter: AuditFilter): string {
  const query = new URLSearchParams(Object.entries(filter).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])));
  return `${appid ? `/api/v1/miniprograms/${appid}` : '/api/v1'}/audit/export?${query}`;
}
