// Who is signed in, and what they may do.
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiProblem, api, setCsrfToken, unwrap, type Schemas } from '../api/client';
import { forgetOwn, setOwner } from './own';

export type Session = Schemas['Session'];
export type Permission = Schemas['Permission'];
export type Role = Schemas['Role'];

const sessionKey = ['session'] as const;

async function readSession(): Promise<Session | null> {
  try {
    const session = await unwrap(api.GET('/api/v1/session'));
    setCsrfToken(session.csrf_token);
    setOwner(session.account.id);
    return session;
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 401) return null;
    throw problem;
  }
}

export function useSessionQuery() {
  return useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: Infinity, retry: 1 });
}

// Inside the shell, where someone is signed in.
export function useAccount(): Schemas['Account'] {
  const { data } = useSessionQuery();
  if (!data) throw new Error('nobody is signed in');
  return data.account;
}

export function setSession(client: QueryClient, session: Session | null) {
  setCsrfToken(session?.csrf_token ?? '');
  if (session) setOwner(session.account.id);
  client.setQueryData(sessionKey, session);
}

// What the one before was told, kept until their pages are gone: a page still open would ask for it again at once.
export function forgetAnswers(client: QueryClient) {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
  client.getMutationCache().clear();
}

export function useSignOut() {
  const client = useQueryClient();
  return useCallback(
    async (everywhere = false) => {
      try {
        await unwrap(everywhere ? api.DELETE('/api/v1/sessions') : api.DELETE('/api/v1/session'));
      } finally {
        forgetOwn();
        setSession(client, null);
      }
    },
    [client],
  );
}

const groupsIn = (session: Session | null | undefined, permission: Permission, appid: string) => (session?.group_permissions?.[appid] ?? []).filter((one) => one.permission === permission).map((one) => one.group_id);

export type Permissions = Pick<ReturnType<typeof usePermissions>, 'can' | 'canSome'>;
export function usePermissions() {
  const { data: session } = useSessionQuery();
  const can = useCallback(
    (permission: Permission, appid = ''): boolean => {
      if (!session) return false;
      return session.account.instance_admin || permission === 'account.self' || !!session.permissions[appid]?.includes(permission);
    },
    [session],
  );
  // In the whole mini program, or in that group of it; in any group.
  const canIn = useCallback((permission: Permission, appid: string, group: string) => can(permission, appid) || groupsIn(session, permission, appid).includes(group), [can, session]);
  const canSome = useCallback((permission: Permission, appid: string) => can(permission, appid) || groupsIn(session, permission, appid).length > 0, [can, session]);
  return { can, canIn, canSome, ready: !!session };
}
