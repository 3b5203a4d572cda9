// How far a chart's figures can be believed: what the ledger 损耗台账 says of the same kind and time.
import { useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '../api/client';

type Entry = Schemas['LedgerEntry'];
type Kind = Schemas['RecordKind'];

export interface Confidence {
  lost: number; // did not arrive, as far as is known
  sampled: number; // left out on purpose: the kept ones count for them
  of?: number; // did arrive, where the figures are of all that came
}

// What clients other than ours call the kinds; "" concerns a whole request.
const otherWords: Partial<Record<Kind, string[]>> = { log: ['log_item', 'logs'], performance: ['transaction', 'span', 'metric'], error: ['default', 'exception'], event: ['track'] };
const concerns = (kind: Kind, category: string) => category === '' || category === kind || !!otherWords[kind]?.includes(category);
// A client says itself when it has sampled: our SDK and Sentry's have a word for it.
const sampledByClient = new Set(['sampled', 'sample_rate']);

export function confidenceOf(ledger: Entry[], kind: Kind): Confidence {
  const sum = (wanted: (one: Entry) => boolean) => ledger.filter((one) => concerns(kind, one.category) && wanted(one)).reduce((all, one) => all + one.count, 0);
  const isSampled = (one: Entry) => one.fate === 'sampled' || (one.fate === 'client_dropped' && sampledByClient.has(one.reason));
  const isLost = (one: Entry) => ['client_dropped', 'refused', 'quarantined', 'undecodable'].includes(one.fate) && !isSampled(one);
  return { lost: sum(isLost), sampled: sum(isSampled) };
}

export const useConfidence = (appid: string, kind: Kind, window: { from: number; to: number }) =>
  useQuery({
    queryKey: ['telemetry', appid, 'confidence', kind, window.from, window.to],
    staleTime: 60_000,
    queryFn: async () => confidenceOf((await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/intake', { params: { path: { appid }, query: window } }))).ledger, kind),
  });
