// What a supervisor looks at, kept by live changes.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, readAll, unwrap, type Schemas } from '@/shared/api/client';
import { useLiveEvents, useRefreshed } from '@/shared/live/live';
import { setAgentPresence } from '@/shared/supervise/supervise';
import { agentsKey } from '@/shared/teams/teams';
import { put, type Conversation } from '../components/pressing';

const key = (appid: string) => ['supervise', appid] as const;
const boardKey = (appid: string) => [...key(appid), 'board'] as const;
const openKey = (appid: string) => [...key(appid), 'open'] as const;
const path = (appid: string) => ({ path: { appid } });
const quietMs = 1000;
const slowlyMs = 15_000; // what no live change tells: a countdown that has reached its next level

export const useBoard = (appid: string) =>
  useQuery({ queryKey: boardKey(appid), refetchInterval: slowlyMs, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/wallboard', { params: path(appid) })) });

interface Open {
  items: Conversation[];
  complete: boolean;
}

export const useOpen = (appid: string) =>
  useQuery({
    queryKey: openKey(appid),
    refetchInterval: 60_000,
    queryFn: async (): Promise<Open> => {
      const read = (state: 'waiting' | 'active') =>
        readAll((cursor) => unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations', { params: { ...path(appid), query: { state, sort: 'waiting', limit: 100, cursor } } })));
      const [waiting, active] = await Promise.all([read('waiting'), read('active')]);
      // One that moved between the two questions is in both.
      return { items: active.items.reduce(put, waiting.items), complete: waiting.complete && active.complete };
    },
  });

// Account → groups.
export const useRoster = (appid: string) =>
  useQuery({
    queryKey: [...agentsKey(appid), 'groups'],
    queryFn: async () => {
      const { items } = await readAll((cursor) => unwrap(api.GET('/api/v1/miniprograms/{appid}/teams/agents', { params: { ...path(appid), query: { limit: 100, cursor } } })));
      return new Map(items.map((one) => [one.account_id, one.groups.map(({ group_id }) => group_id)]));
    },
  });

// One's own conversations change at once, the others are read again when their counts are told; what is counted is asked
// for at most once a second.
export function useFollowing(appid: string) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const recount = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: boardKey(appid) });
      void client.invalidateQueries({ queryKey: agentsKey(appid), exact: true });
    }, quietMs);
  };
  useLiveEvents('change', (change) => {
    if (change.appid !== appid) return;
    const set = (items: (known: Conversation[]) => Conversation[]) => client.setQueryData<Open>(openKey(appid), (known) => known && { ...known, items: items(known.items) });
    if (change.topic === 'conversation') set((items) => put(items, change.data as unknown as Conversation));
    else if (change.topic === 'conversation_left') set((items) => items.filter((one) => one.id !== change.data.id));
    else return;
    recount();
  });
  const seen = useRef('');
  const refresh = useRefreshed((one) => void client.invalidateQueries({ queryKey: openKey(one) }));
  useLiveEvents('counts', (told) => {
    if (told.appid !== appid) return;
    const counts = JSON.stringify(told.counts);
    refresh(appid, counts !== seen.current);
    seen.current = counts;
    recount();
  });
  useLiveEvents('snapshot', (one) => {
    if (one === appid) void client.invalidateQueries({ queryKey: key(appid) });
  });
}

export function useSetAgent(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Schemas['AgentPresenceInput']) => setAgentPresence(appid, id, body),
    onSuccess: () => client.invalidateQueries({ queryKey: agentsKey(appid), exact: true }),
  });
}
