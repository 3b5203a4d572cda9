// The page's address ↔ what is looked at. What is as it would be without an address is left out of it.
import type { Schemas } from '@/shared/api/client';
import { rangeOf, windowOf, writeRange, type Preset, type Range } from '@/shared/charts/ranges';

export type Source = Schemas['LogSource'];
export const sources: Source[] = ['log', 'run', 'custom', 'request', 'behaviour', 'system', 'error'];
export const levels = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

export interface View {
  query: string;
  source: Source;
  level: Level | '';
  range: Range;
  columns: string[] | null; // null: as this person left them
  wrap: boolean;
  tail: boolean;
  fields: boolean; // the sidebar of fields
  field: string; // the one that is looked at alone
  open: string[]; // lines that are unfolded
  context: string; // the line whose neighbours are shown
  within: 'session' | 'miniprogram';
  since: string; // templates: new since this release
}

export const defaultRange: Preset = '24h';
const openMax = 20;
const listOf = (text: string | null) => (text ? text.split(',').filter(Boolean) : []);

export function viewOf(search: URLSearchParams): View {
  const source = search.get('source') as Source;
  const level = search.get('level') as Level;
  return {
    query: search.get('query') ?? '',
    source: sources.includes(source) ? source : 'log',
    level: levels.includes(level) ? level : '',
    range: rangeOf(search, defaultRange),
    columns: search.has('columns') ? listOf(search.get('columns')) : null,
    wrap: search.get('wrap') === '1',
    tail: search.get('tail') === '1',
    fields: search.get('fields') === '1',
    field: search.get('field') ?? '',
    open: listOf(search.get('open')),
    context: search.get('context') ?? '',
    within: search.get('within') === 'miniprogram' ? 'miniprogram' : 'session',
    since: search.get('since') ?? '',
  };
}

export function searchOf(view: View): URLSearchParams {
  const search = new URLSearchParams();
  const set = (name: string, value: string) => value && search.set(name, value);
  set('query', view.query);
  if (view.source !== 'log') search.set('source', view.source);
  set('level', view.level);
  writeRange(search, view.range, defaultRange);
  if (view.columns) search.set('columns', view.columns.join(','));
  if (view.wrap) search.set('wrap', '1');
  if (view.tail) search.set('tail', '1');
  if (view.fields) search.set('fields', '1');
  set('field', view.field);
  set('open', view.open.slice(-openMax).join(','));
  set('context', view.context);
  if (view.context && view.within !== 'session') search.set('within', view.within);
  set('since', view.since);
  return search;
}

// What the server is asked: the part of the view that decides which lines match.
export interface Question {
  query?: string;
  source: Source;
  level?: Level;
  from: number;
  to: number;
}

export function questionOf({ query, source, level, range }: View, now: number): Question {
  return { source, ...(query ? { query } : {}), ...(level ? { level } : {}), ...windowOf(range, now) };
}

// When this changes, other lines are asked for.
export const askedOf = ({ query, source, level, range }: View) => JSON.stringify([query, source, level, range]);

// Which records the lines of a source are.
export const kindOf = (source: Source): Schemas['RecordKind'] => ({ log: 'log', run: 'log', custom: 'log', request: 'performance', behaviour: 'event', system: 'error', error: 'error' } as const)[source];
