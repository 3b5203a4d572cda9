// Variables in texts: {{customer.nickname}}, or {{customer.nickname|亲}} with what stands there when the value is not
// known. The rules are the server's. Pure.
export const variables = ['customer.nickname', 'agent.name', 'miniprogram.name', 'conversation.source', 'date', 'time'] as const;
export type Variable = (typeof variables)[number];
export type Values = Partial<Record<Variable, string>>;

// A text, and the variable behind it.
export interface Piece {
  text: string;
  variable?: Variable;
  fallback: string;
}
export interface Mistake {
  position: number; // the character at which the variable begins, from 1
  why: 'open' | 'unknown' | 'fallback' | 'many';
}

const fallbackMax = 64;
const variablesMax = 20;
const lengthOf = (text: string) => [...text].length;

function variableIn(inside: string): { variable: Variable; fallback: string } | Mistake['why'] {
  const bar = inside.indexOf('|');
  const name = (bar < 0 ? inside : inside.slice(0, bar)).replace(/^ +| +$/g, '');
  const variable = variables.find((one) => one === name);
  const fallback = bar < 0 ? '' : inside.slice(bar + 1);
  if (!variable) return 'unknown';
  return lengthOf(fallback) > fallbackMax ? 'fallback' : { variable, fallback };
}

// The pieces of a text, or the first thing that is wrong with it.
export function piecesOf(text: string): Piece[] | Mistake {
  const pieces: Piece[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const wrong = (why: Mistake['why']): Mistake => ({ position: lengthOf(text.slice(0, open)) + 1, why });
    const close = text.indexOf('}}', open);
    const inside = text.slice(open + 2, close);
    if (close < 0 || inside.includes('{{')) return wrong('open');
    const found = variableIn(inside);
    if (typeof found === 'string') return wrong(found);
    if (pieces.length === variablesMax) return wrong('many');
    pieces.push({ text: text.slice(at, open), ...found });
    at = close + 2;
  }
  return [...pieces, { text: text.slice(at), fallback: '' }];
}

export function mistakeOf(text: string): Mistake | undefined {
  const pieces = piecesOf(text);
  return Array.isArray(pieces) ? undefined : pieces;
}

export const usesVariables = (text: string) => text.includes('{{') && !mistakeOf(text);

// With the values in place; a text with a mistake stays as it is.
export function filled(text: string, values: Values): string {
  const pieces = piecesOf(text);
  if (!Array.isArray(pieces)) return text;
  return pieces.map((one) => one.text + (one.variable ? values[one.variable] || one.fallback : '')).join('');
}
