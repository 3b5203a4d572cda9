// Keys of the page: not while somebody types, nor below a dialog.
import { useEffect, useRef } from 'react';

type Action = (event: KeyboardEvent) => unknown;

export function useKeys(actions: Record<string, Action>) {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (target.closest('input, textarea, select, [contenteditable=true], [role=dialog], [role=combobox], [role=menu]')) return;
      const action = newest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      // `false`: not for this element, which has a meaning of its own for the key.
      if (action && action(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
