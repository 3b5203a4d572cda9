// What is changed of a group.
import type { Schemas } from '@/shared/api/client';
import type { Group } from '@/shared/teams/teams';

export type Busy = Schemas['BusyMode'];
export type Tier = Schemas['Tier'];
export type Escalation = Schemas['Escalation'];
export interface GroupEdits {
  name?: string;
  calendar?: Schemas['Calendar'];
  busy?: Busy;
  tier?: Tier;
  escalation?: Escalation;
}

export const busySets = ['off', 'on', 'automatic'] as const;
const within = (value: number | undefined, min: number, max: number) => value !== undefined && Number.isInteger(value) && value >= min && value <= max;

// Automatic busy mode begins with somebody in the queue.
export const withSet = (busy: Busy, set: Busy['set']): Busy => ({ ...busy, set, from_waiting: set === 'automatic' ? Math.max(1, busy.from_waiting ?? 0) : busy.from_waiting });
export const busyComplete = (busy: Busy) => within(busy.limit_percent, 100, 300) && within(busy.from_waiting, busy.set === 'automatic' ? 1 : 0, 100_000);
export const nameComplete = (name: string) => name.trim() !== '' && [...name.trim()].length <= 64;

export const tiers = ['ordinary', 'expert'] as const;
export const escalationKinds = ['waiting_minutes', 'assigned_minutes'] as const;
export const escalationMinutesMax = 10_080;
export const firstMinutes = { waiting_minutes: 10, assigned_minutes: 60 }; // proposed when it is switched on
export const escalationComplete = (escalation: Escalation) => escalationKinds.every((kind) => within(escalation[kind] ?? 0, 0, escalationMinutesMax));
// What of a group goes up by itself.
export const escalating = ({ tier, escalation }: Pick<Group, 'tier' | 'escalation'>) => (tier === 'expert' ? [] : escalationKinds.filter((kind) => (escalation[kind] ?? 0) > 0));

export const savable = (group: Group, edits: GroupEdits) => nameComplete(edits.name ?? group.name) && busyComplete(edits.busy ?? group.busy) && escalationComplete(edits.escalation ?? group.escalation);

// Whoever is in this group only because they are in none cannot be taken out of it.
export const removable = (agent: Pick<Schemas['TeamAgent'], 'groups'>, id: string) => agent.groups.some((one) => one.group_id === id);
