// What the wallboard makes of what it is told. Pure.
import type { Listed, Span } from '../api/reports';
import type { Agent, Board } from '../api/wallboard';
import { withListed } from './address';

// An answer is due every few seconds: without one for so long, something is wrong, whatever it is.
const silentMs = 30_000;

interface Asked {
  error: unknown;
  isPaused: boolean; // the browser is offline
  dataUpdatedAt: number;
}
export const isLost = ({ error, isPaused, dataUpdatedAt }: Asked, now: number) => error !== null || isPaused || now - dataUpdatedAt > silentMs;

// Who waits goes on waiting between two answers, but not on a screen that knows nothing new.
export const waitNow = ({ longest_wait_ms, waiting }: Pick<Board, 'longest_wait_ms' | 'waiting'>, toldAt: number, now: number, lost: boolean) => (waiting === 0 ? 0 : longest_wait_ms + (lost ? 0 : Math.max(0, now - toldAt)));

const places = ['online', 'busy', 'away'];

// Those at work, the busiest first.
export const atWork = (agents: Agent[]) => agents.filter((one) => places.includes(one.presence)).sort((a, b) => places.indexOf(a.presence) - places.indexOf(b.presence) || b.load - a.load || a.display_name.localeCompare(b.display_name));

// Of those who take conversations; who is away takes none.
export function loadOf(agents: Agent[]): { n: number; max: number } {
  const taking = agents.filter((one) => one.presence === 'online' || one.presence === 'busy');
  return { n: taking.reduce((all, one) => all + one.load, 0), max: taking.reduce((all, one) => all + one.load_max, 0) };
}

const hourMs = 3_600_000;
const longAgo = 360 * 86_400_000; // who is answered today may have come long before

// Where the numbers lead. What is so now leads to those who supervise where they act, to others in their workbench.
export function waysOf(appid: string, supervises: boolean, today: Span, at: number) {
  const to = (path: string, asked: Record<string, string> = {}) => `/m/${appid}/${path}${Object.keys(asked).length > 0 ? `?${new URLSearchParams(asked)}` : ''}`;
  const within = ({ from, to: end }: Span) => ({ from: String(from), to: String(end) });
  const list = (listed: Listed, span: Span) => `/m/${appid}/reports/conversations?${withListed(new URLSearchParams(within(span)), listed)}`;
  const ofGroup = (group?: string): Record<string, string> => (group ? { group } : {});
  return {
    waiting: (group?: string) => (supervises ? to('desk/live', { show: 'nobody', ...ofGroup(group) }) : to('desk/workbench', { view: 'waiting', ...ofGroup(group) })),
    open: (group?: string) => to(supervises ? 'desk/live' : 'desk/workbench', ofGroup(group)),
    agent: (id: string, own: boolean) => (supervises ? to('desk/live', { agent: id }) : own ? to('desk/workbench', { view: 'mine' }) : undefined),
    today: (listed: Listed) => list(listed, today),
    ended: (listed: Listed, from: number) => list({ ...listed, ended_from: from }, { from: today.from - longAgo, to: today.to }),
    lastHour: at - hourMs,
    levels: to('service-levels', within(today)),
    breaches: to('service-levels/breaches', within(today)),
  };
}
export type Ways = ReturnType<typeof waysOf>;
