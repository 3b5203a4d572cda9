// What is being written of the targets and is not saved: kept for this tab, over a look at a conversation or a reload.
import { useState } from 'react';
import type { Edits } from './targetDraft';

const keyOf = (appid: string) => `miniops.service_levels.edits.${appid}`;
function read(appid: string): Edits | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(appid)) ?? 'null') as Edits | null;
  } catch {
    return null;
  }
}

export function useEdits(appid: string) {
  const [edits, setEdits] = useState(() => read(appid));
  const put = (next: Edits | null) => {
    setEdits(next);
    if (next) sessionStorage.setItem(keyOf(appid), JSON.stringify(next));
    else sessionStorage.removeItem(keyOf(appid));
  };
  return [edits, put] as const;
}
