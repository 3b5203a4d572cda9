// What happened meanwhile: releases, alerts, incidents on the time axis. Those that would cover each other share a place.
import { partAt, type Buckets } from './places';

export interface Mark {
  at: number;
  until?: number;
  kind: 'release' | 'alert' | 'incident';
  level?: 'info' | 'warning' | 'critical';
  text: string;
  to?: string; // an address of the console
}

export interface MarkGroup {
  x: number;
  marks: Mark[];
}

const apart = 20;

export function groupsOf(marks: Mark[], buckets: Buckets, width: number): MarkGroup[] {
  const groups: MarkGroup[] = [];
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    const part = partAt(buckets, mark.at);
    if (part === undefined) continue;
    const group = groups.at(-1);
    if (group && part * width - group.x < apart) group.marks.push(mark);
    else groups.push({ x: part * width, marks: [mark] });
  }
  return groups;
}

// The gravest decides how a place looks.
export function gravest(marks: Mark[]): Mark {
  const weight = ({ kind, level }: Mark) => ({ release: 0, alert: 10, incident: 20 })[kind] + { info: 0, warning: 1, critical: 2 }[level ?? 'info'];
  return marks.reduce((worst, one) => (weight(one) > weight(worst) ? one : worst));
}
