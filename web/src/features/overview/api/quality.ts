// How the mini program does: the last 24 hours, against the same hours a week before.
import { useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

const day = 86_400_000;
const week = 7 * day;

export interface Against {
  now: number;
  usual: number; // 0: nothing to hold it against
}
export interface Quality {
  visits: Against;
  failed: Against; // the share of visits that met an error
  metrics: Schemas['PerformanceMetricSummary'][];
  alerts: Schemas['AlertSummary'];
}

// A visit belongs to one build, so that these add up.
async function sessions(appid: string, kind: 'event' | 'error', to: number) {
  const points = await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/breakdown', { params: { path: { appid }, query: { kind, measure: 'sessions', by: 'build', from: to - day, to } } }));
  return points.items.reduce((sum, point) => sum + point.value, 0);
}

const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, part / whole) : 0);

export function useQuality(appid: string) {
  return useQuery({
    queryKey: ['overview', 'quality', appid],
    refetchInterval: 60_000,
    queryFn: async (): Promise<Quality> => {
      const to = Date.now();
      const params = { path: { appid } };
      const [visits, visitsUsual, failed, failedUsual, performance, alerts] = await Promise.all([
        sessions(appid, 'event', to),
        sessions(appid, 'event', to - week),
        sessions(appid, 'error', to),
        sessions(appid, 'error', to - week),
        unwrap(api.GET('/api/v1/miniprograms/{appid}/performance/overview', { params: { path: { appid }, query: { from: to - day, to } } })),
        unwrap(api.GET('/api/v1/miniprograms/{appid}/alerts/summary', { params })),
      ]);
      return {
        visits: { now: visits, usual: visitsUsual },
        failed: { now: share(failed, visits), usual: share(failedUsual, visitsUsual) },
        metrics: performance.metrics,
        alerts,
      };
    },
  });
}
