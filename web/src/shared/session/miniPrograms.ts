// The mini programs that the rail's switch offers, and the one that is chosen: it is part of the address.
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api, readAll, unwrap } from '../api/client';

export const miniProgramsKey = ['miniprograms'] as const;

export function useMiniPrograms() {
  return useQuery({
    queryKey: miniProgramsKey,
    queryFn: async () =>
      (await readAll((cursor) => unwrap(api.GET('/api/v1/miniprograms', { params: { query: { limit: 100, cursor } } })))).items,
    staleTime: 60_000,
  });
}

// In pages below /m/{appid}.
export function useAppId(): string {
  const { appid } = useParams();
  if (!appid) throw new Error('the address names no mini program');
  return appid;
}

export function useMiniProgram() {
  const appid = useAppId();
  const { data } = useMiniPrograms();
  return data?.find((one) => one.appid === appid);
}
