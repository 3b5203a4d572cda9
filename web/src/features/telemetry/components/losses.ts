// What the ledger 损耗台账 says about how far figures can be believed.
import i18next from 'i18next';
import type { Schemas } from '@/shared/api/client';
import type { Level } from '@/shared/ui/page';

export type Entry = Schemas['LedgerEntry'];
type Fate = Entry['fate'];

// What became of the records: gone, kept but changed, left out on purpose (the kept ones count for them), or sent twice.
const meaning: Record<Fate, 'lost' | 'changed' | 'sampled' | 'repeated'> = {
  client_dropped: 'lost',
  refused: 'lost',
  quarantined: 'lost',
  undecodable: 'lost',
  sampled: 'sampled',
  deduplicated: 'repeated',
  folded: 'changed',
  adjusted: 'changed',
};
export const fateLevels: Record<Fate, Level> = {
  client_dropped: 'warning',
  refused: 'warning',
  quarantined: 'failed',
  undecodable: 'failed',
  sampled: 'info',
  deduplicated: 'ok',
  folded: 'info',
  adjusted: 'info',
};

// A client says itself when it has sampled: our SDK and Sentry's have a word for it.
const sampledByClient = new Set(['sampled', 'sample_rate']);
const meaningOf = (one: Entry) => (one.fate === 'client_dropped' && sampledByClient.has(one.reason) ? 'sampled' : meaning[one.fate]);

export interface Loss {
  lost: number;
  changed: number;
  affected: number; // did not arrive as sent
  total: number; // sent, as far as is known
}

// `stored`: records of the same time that are there.
export function lossOf(ledger: Entry[], stored: number): Loss {
  const sum = (wanted: string) => ledger.filter((one) => meaningOf(one) === wanted).reduce((all, one) => all + one.count, 0);
  const lost = sum('lost');
  const total = Math.round(stored) + lost;
  // One record may have been changed in two ways.
  const changed = Math.min(sum('changed'), Math.round(stored));
  return { lost, changed, affected: lost + changed, total };
}

// The sentence for a reason that we know; else the word itself.
export function reasonText(reason: string): string | undefined {
  const key = `telemetry.reasons.${reason.replace('.', '_')}`;
  return reason && i18next.exists(key) ? i18next.t(key as 'telemetry.reasons.other') : undefined;
}
