// What may be done with a follow-up, and what a person changes of it. Pure.
import { zoneOffset } from '@/shared/charts/ranges';
import type { FollowUp, FollowUpChange } from '../api/satisfaction';

export const noteMax = 1000;

export interface Edits {
  owner_id?: string;
  due_at?: number;
  note?: string;
}

// By its owner, by anybody while it has none, by whoever supervises.
export const mayChange = ({ owner_id }: Pick<FollowUp, 'owner_id'>, me: string, { reply, supervise }: { reply: boolean; supervise: boolean }) => reply && (supervise || owner_id === null || owner_id === me);

// Only what differs: without the right to see personal data the note is masked here, and must not be saved so.
export function changeOf(followUp: FollowUp, edits: Edits, state: FollowUp['state'] = followUp.state): FollowUpChange {
  const { version, owner_id, due_at, note } = followUp;
  return {
    version,
    ...(state === followUp.state ? {} : { state }),
    ...(edits.owner_id !== undefined && edits.owner_id !== owner_id ? { owner_id: edits.owner_id } : {}),
    ...(edits.due_at !== undefined && edits.due_at !== due_at ? { due_at: edits.due_at } : {}),
    ...(edits.note !== undefined && edits.note !== note ? { note: edits.note } : {}),
  };
}
export const changes = (change: FollowUpChange) => Object.keys(change).length > 1; // the version alone changes nothing

export type Pressure = 'over' | 'soon' | 'later' | 'done';
const soonMs = 4 * 3_600_000;
export function pressureOf({ state, due_at }: Pick<FollowUp, 'state' | 'due_at'>, now: number): Pressure {
  if (state === 'done') return 'done';
  if (due_at <= now) return 'over';
  return due_at - now < soonMs ? 'soon' : 'later';
}

// A picker shows the browser's clock; people mean the mini program's.
export const pickerShift = (zone: string, at: number) => (zoneOffset(zone, at) + new Date(at).getTimezoneOffset()) * 60_000;
