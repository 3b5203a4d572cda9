// Asks every second what came since, while the page is looked at.
import { useEffect, useRef, useState } from 'react';
import type { Question } from '../components/address';
import { beginTail, pause, resume, took, type Tail } from '../components/tail';
import { linesAfter, type LogLine } from './logs';

const everyMs = 1000;
const lateMs = 5000;

export interface TailState {
  tail: Tail<LogLine>;
  late: boolean; // the last answer is old: what is shown is not the newest
  error: unknown;
  pause(): void;
  resume(): void;
}

// `cursor`: from the first answer about lines; null while there is none. Another cursor begins anew.
export function useTail(appid: string, question: Question, cursor: string | null, active: boolean): TailState {
  const [tail, setTail] = useState<Tail<LogLine>>(() => beginTail(cursor ?? ''));
  const [error, setError] = useState<unknown>(null);
  const [late, setLate] = useState(false);
  const newest = useRef(tail);
  newest.current = tail;
  const [begun, setBegun] = useState(cursor);
  if (begun !== cursor) {
    setBegun(cursor);
    setTail(beginTail(cursor ?? ''));
  }
  useEffect(() => {
    if (!active || !cursor) return;
    const ended = new AbortController();
    let timer = 0;
    let heard = Date.now();
    const ask = async () => {
      if (!document.hidden) {
        try {
          const answer = await linesAfter(appid, question, newest.current.cursor, ended.signal);
          heard = Date.now();
          setError(null);
          setTail((before) => took(before, answer));
        } catch (problem) {
          if (!ended.signal.aborted) setError(problem);
        }
        setLate(Date.now() - heard > lateMs);
      }
      if (!ended.signal.aborted) timer = window.setTimeout(() => void ask(), everyMs);
    };
    timer = window.setTimeout(() => void ask(), everyMs);
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [appid, question, cursor, active]);
  return { tail, late, error, pause: () => setTail((before) => (before.paused ? before : pause(before))), resume: () => setTail(resume) };
}
