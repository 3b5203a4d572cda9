import { QueryClient } from '@tanstack/react-query';
import { ApiProblem, whenSignedOut } from '@/shared/api/client';
import { setSession } from '@/shared/session/session';

// What a retry cannot mend is not retried: the caller's own mistakes, and what is not there.
const worthRetrying = (problem: Error) => !(problem instanceof ApiProblem) || problem.status === 0 || problem.status >= 500;

export function makeQueryClient() {
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: (count, problem) => count < 2 && worthRetrying(problem), staleTime: 10_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
  whenSignedOut(() => setSession(client, null));
  return client;
}
