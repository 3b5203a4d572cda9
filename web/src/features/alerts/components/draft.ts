// A rule as the form holds it, and as the API takes it: which fields a kind has stands here once.
import type { Rule, RuleInput } from '../api/alerts';

export type Kind = RuleInput['kind'];
export const kinds: Kind[] = ['error_rate', 'error_count', 'new_issue', 'regressed_issue', 'performance', 'request_failure_rate', 'traffic', 'business', 'log_match', 'saved_query', 'health'];
export const isEvent = (kind: Kind) => kind === 'new_issue' || kind === 'regressed_issue';
// A share is written as a percentage.
export const isShare = (draft: Draft) =>
  draft.watch.statistic === 'slow' || draft.kind === 'error_rate' || draft.kind === 'request_failure_rate' || (draft.kind === 'business' && draft.watch.of === 'event_ratio');

type Watch = NonNullable<RuleInput['watch']>;
// 0.07 is 7, not 7.000000000000001.
export const percentOf = (share: number) => Math.round(share * 1e6) / 1e4;

type Given = NonNullable<RuleInput['condition']>;
// The server has a default for what is left away.
type Condition = Omit<Given, 'sensitivity'> & { sensitivity?: Given['sensitivity'] };
export interface Draft {
  name: string;
  kind: Kind;
  watch: Watch;
  condition: Condition;
  windowMinutes: number;
  forMinutes: number;
  severity: RuleInput['severity'];
  priority: RuleInput['priority'];
  group_by: Rule['group_by'];
  receivers: string[];
  advice: string;
}

const watches: Partial<Record<Kind, Watch>> = {
  performance: { metric: 'appLaunch', statistic: 'p75' },
  error_rate: { per: 'sessions' },
  error_count: { statistic: 'count' },
  traffic: { statistic: 'sessions' },
  request_failure_rate: { per: 'requests' },
  business: { of: 'event_count', event: 'PayOrder', statistic: 'count' },
  log_match: { query: 'level:error', statistic: 'count' },
  saved_query: { statistic: 'count' },
  health: { figure: '' },
};
const thresholds: Partial<Record<Kind, number>> = { performance: 3000, error_rate: 0.05, error_count: 100, request_failure_rate: 0.05, traffic: 100, business: 1, log_match: 10, saved_query: 10, health: 1 };

export const usual = (kind: Kind): Pick<Draft, 'watch' | 'condition'> => ({
  watch: watches[kind] ?? {},
  condition: kind === 'traffic' ? { type: 'anomaly', direction: 'either', sensitivity: 'medium' } : { type: 'static', direction: 'above', threshold: thresholds[kind] ?? 1 },
});

export const fresh = (): Draft => ({ name: '', kind: 'error_rate', ...usual('error_rate'), windowMinutes: 5, forMinutes: 1, severity: 'warning', priority: 'P2', group_by: null, receivers: [], advice: '' });

export const draftOf = (rule: Rule): Draft => ({
  name: rule.name,
  kind: rule.kind,
  watch: rule.watch,
  condition: rule.condition ?? usual(rule.kind).condition,
  windowMinutes: rule.window_ms / 60_000,
  forMinutes: rule.for_ms / 60_000,
  severity: rule.severity,
  priority: rule.priority,
  group_by: rule.group_by,
  receivers: rule.receivers,
  advice: rule.advice,
});

// Each business figure takes fields of its own.
export const businessOf = (of: NonNullable<Watch['of']>, { event = 'PayOrder', per_event = '' }: Watch): Watch =>
  of === 'people' ? { of } : of === 'event_count' ? { of, event, statistic: 'count' } : { of, event, per_event, statistic: 'count' };

// A share of slow visits is no time: the threshold changes with the statistic.
export const performanceOf = (draft: Draft, statistic: NonNullable<Watch['statistic']>): Pick<Draft, 'watch' | 'condition'> => {
  const { slow_ms, ...watch } = { ...draft.watch, statistic };
  const slow = statistic === 'slow';
  const same = slow === (draft.watch.statistic === 'slow');
  return {
    watch: slow && slow_ms ? { ...watch, slow_ms } : watch,
    condition: same ? draft.condition : { ...draft.condition, threshold: slow ? 0.05 : (thresholds.performance ?? 1) },
  };
};

// What must be written before the server can read it.
export const complete = ({ kind, watch }: Draft): boolean => {
  const has = (text: string | undefined) => !!text?.trim();
  if (kind === 'performance') return has(watch.metric);
  if (kind === 'business') return watch.of === 'people' || (has(watch.event) && (watch.of !== 'event_ratio' || has(watch.per_event)));
  if (kind === 'log_match') return has(watch.query);
  if (kind === 'saved_query') return has(watch.query_id);
  return kind !== 'health' || has(watch.figure);
};

// Only what a type of condition knows.
function conditionOf({ type, direction, threshold, against, percent, sensitivity, least, min_sample }: Condition): Condition {
  const sample = min_sample ? { min_sample } : {};
  if (type === 'static') return { type, direction, threshold: threshold ?? 0, ...sample };
  if (type === 'change') return { type, direction, against: against ?? 'weeks', percent: percent ?? 50, ...(least ? { least } : {}), ...sample };
  return { type, direction, sensitivity: sensitivity ?? 'medium', ...(percent ? { percent } : {}), ...(least ? { least } : {}), ...sample };
}

export function inputOf(draft: Draft): RuleInput {
  const { name, kind, watch, severity, priority, group_by, receivers, advice } = draft;
  const event = isEvent(kind);
  return {
    name: name.trim(),
    kind,
    watch,
    severity,
    priority,
    receivers,
    advice,
    ...(event ? {} : { condition: conditionOf(draft.condition), window_ms: draft.windowMinutes * 60_000, for_ms: draft.forMinutes * 60_000, group_by }),
  } as RuleInput;
}

export function changeOf(draft: Draft) {
  const { kind: _, ...change } = inputOf(draft);
  return change;
}
