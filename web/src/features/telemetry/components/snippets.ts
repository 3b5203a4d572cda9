// The code for each client, and when the first record came.
import { sdkCode } from '@/shared/ui/sdkCode';
import type { Intake, ProjectKey } from '../api/telemetry';

export type Client = 'sdk' | 'sentry' | 'sensors';

export const originOf = (key: Pick<ProjectKey, 'batch_url'>) => new URL(key.batch_url).origin;

// WeChat's phones speak to public HTTPS addresses only.
export const reachable = (origin: string) => origin.startsWith('https://') && !/^https:\/\/(localhost|127\.|\[|10\.|192\.168\.)/.test(origin);

export function codeOf(client: Client, key: Pick<ProjectKey, 'key' | 'batch_url' | 'sentry_dsn' | 'sensors_url'>, firstLine: string): string {
  if (client === 'sentry') {
    return `import * as Sentry from 'sentry-miniapp';\n\nSentry.init({\n  dsn: '${key.sentry_dsn}',\n});`;
  }
  if (client === 'sensors') {
    return `const sensors = require('./sensorsdata.min.js');\n\nsensors.setPara({\n  server_url: '${key.sensors_url}',\n});\nsensors.init();`;
  }
  return `// app.js, ${firstLine}\n${sdkCode(originOf(key), key.key)}`;
}

// 0: nothing yet. What was received a moment ago may not be loaded yet; a restart forgets when it received the last.
export function firstRecord({ last_received_at, kinds }: Pick<Intake, 'last_received_at' | 'kinds'>): { first: number; last: number } {
  const last = Math.max(last_received_at ?? 0, ...kinds.map((one) => one.newest_at));
  return { first: kinds.length > 0 ? Math.min(...kinds.map((one) => one.oldest_at)) : last, last };
}
