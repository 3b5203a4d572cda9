// A replay on its way: page after page, until all of the days are through or somebody stops it.
import { useCallback, useEffect, useRef, useState } from 'react';
import { replayPage, type NewRule } from '../api/routing';
import { added, nothing, type Sum } from './replaySum';

export interface Running {
  sum: Sum;
  over: boolean;
  stopped: boolean;
}

export function useReplaying(appid: string) {
  const [running, setRunning] = useState<Running | null>(null);
  const current = useRef<AbortController>(undefined);
  const stop = useCallback(() => current.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const run = useCallback(
    async (body: { days: number; rules?: NewRule[] }) => {
      current.current?.abort();
      const own = (current.current = new AbortController());
      let sum = nothing;
      setRunning({ sum, over: false, stopped: false });
      try {
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await replayPage(appid, { ...body, ...(cursor ? { cursor } : {}) }, own.signal);
          own.signal.throwIfAborted();
          sum = added(sum, page);
          cursor = page.next_cursor;
          setRunning({ sum, over: cursor === null, stopped: false });
        }
      } catch (problem) {
        // What was found until now is shown all the same.
        if (current.current === own) setRunning({ sum, over: true, stopped: true });
        if (!own.signal.aborted) throw problem;
      }
    },
    [appid],
  );
  return { running, run, stop };
}
