import { useEffect, useRef } from 'react';

// Single keys, while nobody is writing and no dialog is open. An input method's keys are its own (229: it says so late).
export function useShortcuts(keys: Record<string, (event: KeyboardEvent) => unknown>) {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
      const target = event.target as HTMLElement;
      const writing = target.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
      if ((writing && !event.altKey) || document.querySelector('.ant-modal-wrap:not([style*="display: none"]), dialog[open]')) return;
      const key = event.altKey ? event.code.replace('Key', '').replace('Digit', '').toLowerCase() : event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const action = newest.current[event.altKey ? `alt+${key}` : key];
      if (action && action(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
