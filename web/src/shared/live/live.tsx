// One live connection for the whole console. Pages subscribe to what they care about.
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { LiveConnection, type Change, type Counts, type LiveStatus, type Typing } from './connection';
import { Refresh } from './refresh';

interface Listeners {
  change: Set<(change: Change) => void>;
  snapshot: Set<(appid: string) => void>;
  typing: Set<(typing: Typing) => void>;
  presence: Set<(presence: Record<string, unknown>) => void>;
  counts: Set<(counts: Counts) => void>;
  missed: Set<(missed: { appid: string; ids: string[] }) => void>;
}

interface Live {
  status: LiveStatus;
  listeners: Listeners;
  sendTyping(conversationId: string): void;
  watch(appid: string, ids: string[]): void;
}

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({ appids, children }: { appids: string[]; children: ReactNode }) {
  const client = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>({ state: 'connecting', since: Date.now() });
  const [listeners] = useState<Listeners>(() => ({ change: new Set(), snapshot: new Set(), typing: new Set(), presence: new Set(), counts: new Set(), missed: new Set() }));
  const connection = useRef<LiveConnection | null>(null);
  // A page says what it shows before there is a connection: the effects of what is inside come first.
  const watched = useRef<[appid: string, ids: string[]] | null>(null);
  const followed = appids.join(',');

  useEffect(() => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const live = new LiveConnection(
      { open: () => new WebSocket(`${scheme}://${location.host}/api/v1/live`), now: Date.now },
      {
        change: (change) => listeners.change.forEach((listener) => listener(change)),
        snapshot: (appid) => listeners.snapshot.forEach((listener) => listener(appid)),
        typing: (typing) => listeners.typing.forEach((listener) => listener(typing)),
        presence: (presence) => {
          void client.invalidateQueries({ queryKey: ['agents'] });
          listeners.presence.forEach((listener) => listener(presence));
        },
        counts: (counts) => listeners.counts.forEach((listener) => listener(counts)),
        missed: (appid, ids) => listeners.missed.forEach((listener) => listener({ appid, ids })),
        status: setStatus,
      },
    );
    connection.current = live;
    if (watched.current) live.watch(...watched.current);
    const nudge = () => live.nudge();
    window.addEventListener('online', nudge);
    document.addEventListener('visibilitychange', nudge);
    return () => {
      window.removeEventListener('online', nudge);
      document.removeEventListener('visibilitychange', nudge);
      live.close();
      connection.current = null;
    };
  }, [client, listeners]);

  useEffect(() => {
    if (followed) connection.current?.follow(followed.split(','));
  }, [followed]);

  const value = useMemo<Live>(
    () => ({
      status,
      listeners,
      sendTyping: (id) => connection.current?.sendTyping(id),
      watch: (appid, ids) => {
        watched.current = [appid, ids];
        connection.current?.watch(appid, ids);
      },
    }),
    [status, listeners],
  );
  return <LiveContext value={value}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('outside of LiveProvider');
  return live;
}

// `listener` may change at every render; it is called with the newest.
export function useLiveEvents<K extends keyof Listeners>(kind: K, listener: Listeners[K] extends Set<infer F> ? F : never) {
  const { listeners } = useLive();
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => {
    const set = listeners[kind] as Set<(value: unknown) => void>;
    const call = (value: unknown) => (newest.current as (value: unknown) => void)(value);
    set.add(call);
    return () => void set.delete(call);
  }, [kind, listeners]);
}

// Each change of this conversation is told while it is shown.
export function useWatching(appid: string, id: string) {
  const { watch } = useLive();
  useEffect(() => {
    watch(appid, [id]);
    return () => watch(appid, []);
  }, [appid, id]); // eslint-disable-line react-hooks/exhaustive-deps
}

// Reads lists again of which only counts are told (refresh.ts). `read` may change at every render.
export function useRefreshed(read: (appid: string) => void): (appid: string, countsChanged: boolean) => void {
  const newest = useRef(read);
  newest.current = read;
  const refresh = useRef<Refresh>(undefined);
  refresh.current ??= new Refresh((appid) => newest.current(appid));
  useEffect(() => {
    const mine = refresh.current!;
    const shown = () => !document.hidden && mine.shown();
    document.addEventListener('visibilitychange', shown);
    return () => {
      document.removeEventListener('visibilitychange', shown);
      mine.stop();
    };
  }, []);
  return (appid, countsChanged) => refresh.current!.told(appid, countsChanged);
}
