// Parts of a query, written so that the server reads them as they were meant.
const needsQuotes = (text: string) => text === '' || /^[-/]/.test(text) || ['AND', 'OR', 'NOT'].includes(text) || /[^\w.\-/@\u0080-\uffff]|\u3000/.test(text);
export const quoted = (text: string) => (needsQuotes(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text);

// The fields of every line; every other name is a property's.
export const fieldNames = ['level', 'tag', 'page', 'release', 'build', 'person', 'session', 'trace', 'scene', 'device', 'network', 'region', 'client', 'template', 'issue', 'value', 'page_view'] as const;
export type FieldName = (typeof fieldNames)[number];
export const propertyPrefix = 'properties.';

const plainName = /^[A-Za-z_$\u0080-\uffff][\w$.\-@\u0080-\uffff]*$/;
const nameOf = (name: string) => (plainName.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`);

// `name` as the server names it: a field, or a property with its prefix.
export function termOf(name: string, value: string | number | boolean): string {
  if (value === '') return `-${nameOf(name)}:*`;
  return `${nameOf(name)}:${typeof value === 'string' ? quoted(value) : String(value)}`;
}

export const notOf = (term: string) => (term.startsWith('-') ? term.slice(1) : `-${term}`);

// AND binds closer than OR: what is one or the other keeps together when something is added.
const hasOr = (query: string) => /(^|\s)OR(\s|$)/.test(query.replace(/"(\\.|[^"\\])*"/g, '""'));

export function withTerm(query: string, term: string): string {
  const known = query.trim();
  if (!known) return term;
  if (hasOr(known)) return `(${known}) ${term}`;
  const parts = known.split(' ');
  if (parts.includes(term)) return known;
  // Its opposite goes: nothing matches both.
  const rest = parts.filter((one) => one !== notOf(term)).join(' ');
  return rest ? `${rest} ${term}` : term;
}

// The server counts characters, JavaScript UTF-16 units.
export const unitsOf = (text: string, characters: number) => [...text].slice(0, characters).join('').length;
export const charactersOf = (text: string, units: number) => [...text.slice(0, units)].length;
