// 实时刷新, the live tail: what came since is put above, or held back while somebody reads. Pure; api/useTail.ts asks.
export interface Line {
  id: string;
}
// Lines that came too fast stand as a gap between those before and after.
export type Row<L extends Line> = { line: L } | { gap: string };

export interface Tail<L extends Line> {
  rows: Row<L>[]; // the newest first
  held: Row<L>[]; // came while paused
  paused: boolean;
  cursor: string;
  gaps: number;
}

// A list that grows for hours stays light.
export const tailMax = 5000;

export const beginTail = <L extends Line>(cursor: string): Tail<L> => ({ rows: [], held: [], paused: false, cursor, gaps: 0 });

export function took<L extends Line>(tail: Tail<L>, answer: { items: L[]; tail_cursor: string | null; skipped: boolean }): Tail<L> {
  const cursor = answer.tail_cursor ?? tail.cursor;
  const known = new Set([...tail.held, ...tail.rows].flatMap((row) => ('line' in row ? [row.line.id] : [])));
  const fresh: Row<L>[] = answer.items.filter((one) => !known.has(one.id)).map((line) => ({ line }));
  if (fresh.length === 0) return { ...tail, cursor };
  if (answer.skipped) fresh.push({ gap: fresh[0] && 'line' in fresh[0] ? fresh[0].line.id : cursor });
  const gaps = tail.gaps + (answer.skipped ? 1 : 0);
  if (tail.paused) return { ...tail, cursor, gaps, held: [...fresh, ...tail.held].slice(0, tailMax) };
  return { ...tail, cursor, gaps, rows: [...fresh, ...tail.rows].slice(0, tailMax) };
}

export const pause = <L extends Line>(tail: Tail<L>): Tail<L> => ({ ...tail, paused: true });
export const resume = <L extends Line>(tail: Tail<L>): Tail<L> => ({ ...tail, paused: false, held: [], rows: [...tail.held, ...tail.rows].slice(0, tailMax) });
export const linesOf = <L extends Line>(rows: Row<L>[]) => rows.filter((row) => 'line' in row).length;
