// What the log is narrowed by; the address holds it, with the time and the delivery that is looked at.
import { presets, type Range } from '@/shared/charts/ranges';
import type { DeliveryQuery, DeliveryState, Kind } from '../api/webhooks';
import { kinds } from './kinds';

export interface Filters {
  state: DeliveryState | '';
  kind: Kind | '';
}
export const states: DeliveryState[] = ['pending', 'delivered', 'failed', 'dropped'];
export const usual = '30d'; // as long as the log is kept
export const offered = ['1h', '24h', '7d', usual] as const;

export const filtersOf = (search: URLSearchParams): Filters => ({
  state: states.find((one) => one === search.get('state')) ?? '',
  kind: kinds.find((one) => one === search.get('kind')) ?? '',
});

// With what else the address holds.
export function withFilters(search: URLSearchParams, filters: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(filters)) value ? next.set(name, value) : next.delete(name);
  return next;
}

export const eventOf = (search: URLSearchParams) => ((id) => (/^\d{1,19}$/.test(id) ? id : ''))(search.get('event') ?? '');

// The last days have no end: what happens now is among them.
export function queryOf(filters: Filters, range: Range, asOf: number): DeliveryQuery {
  const { state, kind } = filters;
  const times = !('preset' in range) ? range : range.preset === usual ? {} : { from: asOf - presets[range.preset] };
  return { ...(state ? { state } : {}), ...(kind ? { kind } : {}), ...times };
}
