// What a person arranges on this device: widths and folds.
import { useCallback, useState } from 'react';

export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const key = `miniops.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = localStorage.getItem(key);
      return kept === null ? initial : (JSON.parse(kept) as T);
    } catch {
      return initial;
    }
  });
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
    [key],
  );
  return [value, keep];
}
