// Nothing tells of deliveries, so they are looked for: soon while one is on its way, and slower the more is shown.
import type { Delivery } from '../api/webhooks';

export const listPollMs = 10_000;
const soonMs = 2000;

type Page = { items: Pick<Delivery, 'state' | 'next_at'>[] };

export function pollMs(pages: Page[], now = Date.now()): number {
  const soon = pages.some(({ items }) => items.some((one) => one.state === 'pending' && (one.next_at ?? 0) < now + listPollMs));
  return (soon ? soonMs : listPollMs) * Math.max(1, pages.length);
}
