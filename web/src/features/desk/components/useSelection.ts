// Which rows of the list are chosen, to do something to all of them. Only what the list shows is ever chosen.
import { useMemo, useRef, useState } from 'react';
import type { Conversation } from '../api/cache';

export interface Selection {
  on: boolean;
  chosen: Conversation[];
  has(id: string): boolean;
  toggle(index: number, range?: boolean): void; // `range`: all from the one before to this one
  between(from: number, to: number): void;
  all(): void;
  begin(): void;
  end(): void;
}

export function useSelection(items: Conversation[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>();
  const last = useRef(-1);
  const chosen = useMemo(() => (ids ? items.filter((one) => ids.has(one.id)) : []), [ids, items]);
  const between = (from: number, to: number) => {
    last.current = to;
    const added = items.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1);
    setIds((old) => new Set([...(old ?? []), ...added.map((one) => one.id)]));
  };
  const toggle = (index: number, range = false) => {
    const one = items[index];
    if (!one) return;
    if (range && last.current >= 0) return between(last.current, index);
    last.current = index;
    setIds((old) => {
      const next = new Set(old);
      if (!next.delete(one.id)) next.add(one.id);
      return next;
    });
  };
  const end = () => {
    last.current = -1;
    setIds(undefined);
  };
  return { on: !!ids, chosen, has: (id) => !!ids?.has(id), toggle, between, all: () => setIds(new Set(items.map((one) => one.id))), begin: () => setIds(new Set()), end };
}
