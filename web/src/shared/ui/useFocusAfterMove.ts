import { useEffect, useRef } from 'react';

// A row that moves takes the focus from its button (`${prefix}-${id}-${-1 | 1}`); at the end of the list the other button
// gets it. The result is called before the move.
export function useFocusAfterMove(prefix: string, items: { id: string }[]) {
  const wanted = useRef<{ id: string; by: number } | null>(null);
  const order = items.map((one) => one.id).join();
  useEffect(() => {
    if (!wanted.current) return;
    const { id, by } = wanted.current;
    wanted.current = null;
    const buttons = [by, -by].map((each) => document.getElementById(`${prefix}-${id}-${each}`) as HTMLButtonElement | null);
    buttons.find((button) => button && !button.disabled)?.focus();
  }, [prefix, order]);
  return (id: string, by: number) => void (wanted.current = { id, by });
}
