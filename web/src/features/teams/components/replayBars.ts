// How many conversations each group got, and would have got: the widest bar is 100 %. Pure.
import type { Replay } from '../api/routing';

const signed = (n: number) => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : '0');

// Who would get most comes first.
export function barsOf(groups: Replay['groups']) {
  const most = Math.max(1, ...groups.flatMap((one) => [one.before, one.after]));
  const percent = (n: number) => (n / most) * 100;
  return groups
    .map((one) => ({ ...one, difference: signed(one.after - one.before), percent: { before: percent(one.before), after: percent(one.after) } }))
    .sort((a, b) => b.after - a.after || b.before - a.before || a.group_id.localeCompare(b.group_id));
}
