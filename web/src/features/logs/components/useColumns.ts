// The columns of the list: as the address says, else as this browser was left.
import { useState } from 'react';
import type { View } from './address';
import { defaultColumns } from './columns';

const storageKey = 'miniops.logs.columns';

function kept(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return Array.isArray(stored) && stored.every((one) => typeof one === 'string') ? stored : defaultColumns;
  } catch {
    return defaultColumns;
  }
}

export interface Columns {
  shown: string[];
  keep(columns: string[]): void;
}

export function useColumns(view: Pick<View, 'columns'>): Columns {
  const [own, setOwn] = useState(kept);
  return {
    shown: view.columns ?? own,
    keep(columns) {
      localStorage.setItem(storageKey, JSON.stringify(columns));
      setOwn(columns);
    },
  };
}
