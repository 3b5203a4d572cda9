// What the wallboard makes of what it is told. Pure.
import type { Agent, Board } from '../api/wallboard';

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
