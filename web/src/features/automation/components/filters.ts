// The log's filters, in the address. Pure.
import type { LogQuery, Outcome } from '../api/automation';

export const outcomes = ['fired', 'not_matched', 'repeated', 'too_often', 'paused'] as const satisfies Outcome[];

// Empty: whatever it is.
export interface Filters {
  rule: string;
  outcome: Outcome | '';
  conversation: string;
}

const idOf = (text: string | null) => (text && /^\d{1,19}$/.test(text) ? text : '');
export const filtersOf = (search: URLSearchParams): Filters => ({ rule: idOf(search.get('rule')), outcome: outcomes.find((one) => one === search.get('outcome')) ?? '', conversation: idOf(search.get('conversation')) });
export const queryOf = ({ rule, outcome, conversation }: Filters): LogQuery => ({ rule_id: rule || undefined, outcome: outcome || undefined, conversation_id: conversation || undefined });
export const searchOf = (filters: Filters) => new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
