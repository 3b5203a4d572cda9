// Rules that are being written and are not saved: kept for this tab, so that they can be tried, replayed, and left for a
// look at a conversation. They are laid over the stored rules.
import { useCallback, useState } from 'react';
import { conditionOf, fresh, rootOf, savable, type Group } from '@/shared/conditions/conditions';
import { defaultGroup } from '@/shared/teams/teams';
import type { NewRule, Rule } from '../api/routing';
import { changeOf } from './edits';
import { nameComplete } from './groupEdits';
import { freshTarget, targetComplete, targetOf, type Target } from './target';

export interface RuleEdits {
  seen: number; // version that was looked at; 0: a new rule
  name?: string;
  enabled?: boolean;
  condition?: Group | null;
  target?: Target;
  before?: string | null; // where a new one goes
}
export const newRule = 'new';
export type Drafts = Record<string, RuleEdits>; // by the rule's id, or `newRule`

// A rule as it is shown, stored or being written.
export interface Shown {
  id: string;
  name: string;
  enabled: boolean;
  condition: Group | null;
  target: Target;
}

export const shownOf = (rule: Rule): Shown => ({ id: rule.id, name: rule.name, enabled: rule.enabled, condition: rootOf(rule.condition), target: targetOf(rule.target) });

export function laidOver(base: Shown, { name, enabled, condition, target }: Omit<RuleEdits, 'seen'>): Shown {
  return { id: base.id, name: name ?? base.name, enabled: enabled ?? base.enabled, condition: condition === undefined ? base.condition : condition, target: target ?? base.target };
}

export const blank = (): Shown => ({ id: newRule, name: '', enabled: true, condition: { all: [fresh()] }, target: freshTarget(defaultGroup) });

// All rules with what is being written in them. One that is new stands where it is to go.
export function drafted(rules: Rule[], drafts: Drafts): Shown[] {
  const shown = rules.map((rule) => laidOver(shownOf(rule), drafts[rule.id] ?? {}));
  const added = drafts[newRule];
  if (!added) return shown;
  const at = added.before ? shown.findIndex((one) => one.id === added.before) : -1;
  return shown.toSpliced(at < 0 ? shown.length : at, 0, laidOver(blank(), added));
}

export const ready = (rule: Shown) => nameComplete(rule.name) && savable(rule.condition) && targetComplete(rule.target);

// As the simulator and the replay take rules.
export const bodyOf = ({ name, enabled, condition, target }: Shown): NewRule => ({ name: name.trim(), enabled, condition: conditionOf(condition), target });

// What differs from the stored rule; null: nothing does.
export function ruleChange(rule: Rule, { name, enabled, condition, target }: RuleEdits) {
  const stored = { ...shownOf(rule), version: rule.version };
  return changeOf(stored, { name: name?.trim(), enabled, condition: condition === undefined ? undefined : conditionOf(condition), target });
}

// Nothing is left of what was written, not even a space.
export const untouched = (rule: Rule, edits: RuleEdits) => ruleChange(rule, edits) === null && (edits.name ?? rule.name) === rule.name;

const keyOf = (appid: string) => `miniops.teams.drafts.${appid}`;
function read(appid: string): Drafts {
  try {
    return (JSON.parse(sessionStorage.getItem(keyOf(appid)) ?? '{}') ?? {}) as Drafts;
  } catch {
    return {};
  }
}

export interface DraftStore {
  drafts: Drafts;
  put(id: string, edits: RuleEdits | null): void;
}

export function useDrafts(appid: string): DraftStore {
  const [drafts, setDrafts] = useState(() => read(appid));
  const put = useCallback(
    (id: string, edits: RuleEdits | null) =>
      setDrafts((old) => {
        const { [id]: _, ...rest } = old;
        const next = edits ? { ...rest, [id]: edits } : rest;
        sessionStorage.setItem(keyOf(appid), JSON.stringify(next));
        return next;
      }),
    [appid],
  );
  return { drafts, put };
}
