// A choice of the presence switch: a state, or a state and why. "online", "away:lunch".
import type { Schemas } from '@/shared/api/client';
import type { PresenceState } from '@/shared/teams/teams';

export const presenceKey = (state: PresenceState, reason: string) => (reason ? `${state}:${reason}` : state);

export function presenceOf(key: string): Schemas['PresenceInput'] {
  const colon = key.indexOf(':');
  if (colon < 0) return { presence: key as PresenceState };
  return { presence: key.slice(0, colon) as PresenceState, reason: key.slice(colon + 1) };
}
