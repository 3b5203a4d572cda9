import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { setSession } from '@/shared/session/session';

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Schemas['Credentials']) => unwrap(api.POST('/api/v1/session', { body: credentials })),
    onSuccess: (session) => setSession(client, session),
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (change: Schemas['PasswordChange']) => unwrap(api.POST('/api/v1/account/password', { body: change })),
  });
}

export function useChangeOwnAccount() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas['AccountSelfChange']) => unwrap(api.PATCH('/api/v1/account', { body: change })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['session'] }),
  });
}
