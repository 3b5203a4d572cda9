// What the wallboard shows, asked again and again; what cannot be had now stays as it was.
import { useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { levelsKey } from '@/shared/service_levels/marks';
import { reportsKey, type Span } from './reports';

export type Board = Schemas['Wallboard'];
export type Agent = Schemas['Agent'];

export const boardMs = 5000;
const todayMs = 30_000;
const path = (appid: string) => ({ path: { appid } });
// A screen that hangs on a wall is asked for at its next turn anyway.
const kept = { retry: false, staleTime: 0 } as const;

export const useBoard = (appid: string) =>
  useQuery({ ...kept, queryKey: [...reportsKey(appid), 'wallboard'], refetchInterval: boardMs, queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/wallboard', { params: path(appid) })) });

// Of the conversations opened today.
export const useToday = (appid: string, today: Span) =>
  useQuery({ ...kept, queryKey: [...reportsKey(appid), 'today', today], refetchInterval: todayMs, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/desk/reports/figures', { params: { ...path(appid), query: { ...today } } }))).totals });

// Service levels kept today, of all kinds together.
export const useHeld = (appid: string, day: string) =>
  useQuery({
    ...kept,
    queryKey: [...levelsKey(appid), 'held', day],
    refetchInterval: todayMs,
    queryFn: async () => {
      const { items } = await unwrap(api.GET('/api/v1/miniprograms/{appid}/service-levels/summary', { params: { ...path(appid), query: { by: 'kind', from: day, to: day } } }));
      return items.reduce((all, one) => ({ held: all.held + one.held, breached: all.breached + one.breached }), { held: 0, breached: 0 });
    },
  });
