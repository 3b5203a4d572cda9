// A page load as the waterfall draws it: the earliest entry stands at 0.
import type { Span } from '@/shared/charts/Waterfall';
import type { PageLoad } from '../api/performance';

export const entryTypes = ['navigation', 'loadPackage', 'script', 'render', 'request', 'resource', 'error'] as const;

export function spansOf(entries: PageLoad['entries']): { spans: Span[]; moments: { name: string; at: number }[] } {
  const first = Math.min(0, ...entries.map((one) => one.start_ms));
  const spans = entries.map((one, index) => ({
    key: String(index),
    name: one.label && one.label !== one.name ? `${one.name} ${one.label}` : one.name,
    start: one.start_ms - first,
    duration: one.duration_ms,
    kind: one.type,
    failed: one.failed,
  }));
  // What was seen for the first time is drawn across: of each name the first.
  const sights = entries.filter((one) => one.type === 'render' && one.duration_ms === 0);
  const moments = sights.filter((one) => sights.find(({ name }) => name === one.name) === one).map((one) => ({ name: one.name, at: one.start_ms - first }));
  return { spans, moments };
}
