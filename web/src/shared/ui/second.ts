// One timer for all that counts down: what is shown is read again every second, and drawn again only where it differs.
import { useSyncExternalStore } from 'react';

const secondMs = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

// The same moment for all who ask within a second.
function moment(): number {
  const at = Date.now();
  if (at - now >= secondMs || at < now) now = at;
  return now;
}

function tick() {
  now = Date.now();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(tick, secondMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

// `read`: what is shown at a moment, as text, which is compared.
export const useSecond = (read: (now: number) => string): string => useSyncExternalStore(subscribe, () => read(moment()));
