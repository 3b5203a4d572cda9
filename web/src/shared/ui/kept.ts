// What is being written, kept for this tab over a look at another page or a reload; null: nothing is.
import { useState } from 'react';

function read<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function useKept<T>(key: string) {
  const [kept, setKept] = useState(() => read<T>(key));
  const put = (next: T | null) => {
    setKept(next);
    if (next) sessionStorage.setItem(key, JSON.stringify(next));
    else sessionStorage.removeItem(key);
  };
  return [kept, put] as const;
}
