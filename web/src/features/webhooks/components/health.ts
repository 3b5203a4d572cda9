// How a webhook stands, and why something did not arrive, in words.
import i18next from 'i18next';
import type { Level } from '@/shared/ui/page';
import type { DeliveryState, Webhook } from '../api/webhooks';

// off: by a person; gone, given_up: by itself.
export type Standing = 'off' | 'gone' | 'given_up' | 'failing' | 'ok' | 'unused';
export const standingLevels: Record<Standing, Level> = { off: 'unknown', gone: 'failed', given_up: 'failed', failing: 'warning', ok: 'ok', unused: 'info' };
export const stateLevels: Record<DeliveryState, Level> = { pending: 'info', delivered: 'ok', failed: 'failed', dropped: 'unknown' };

export function standingOf({ enabled, health }: Pick<Webhook, 'enabled' | 'health'>): Standing {
  if (!enabled) return health.off_reason === 'gone' ? 'gone' : health.off_reason === 'failing' ? 'given_up' : 'off';
  if (health.failing_since !== null) return 'failing';
  return health.last_success_at !== null ? 'ok' : 'unused';
}

// Where it leads, without what may be a secret of the receiver's.
export function shortAddress(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname, search } = new URL(address);
  return `${protocol === 'http:' ? 'http://' : ''}${host}${pathname === '/' ? '' : pathname}${search ? '?…' : ''}`;
}

// What people call it: what they wrote about it, else where it leads.
export const nameOf = ({ description, address }: Pick<Webhook, 'description' | 'address'>) => description || shortAddress(address);

// A reason of a newer server is shown as it is.
export function reasonText(reason: string | null): string {
  const key = `webhooks.reasons.${reason}`;
  return reason ? (i18next.exists(key) ? i18next.t(key as 'webhooks.reasons.network') : reason) : '';
}

const waitingCounted = 1000;
export const waitingText = (waiting: number) => (waiting >= waitingCounted ? `${waitingCounted}+` : String(waiting));
