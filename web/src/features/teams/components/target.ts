// Where a routing rule sends a conversation: group, skills, language, strategy, priority, overflow. Pure.
import type { Schemas } from '@/shared/api/client';
import type { Say } from '@/shared/conditions/conditionWords';

export interface Step {
  after_s: number;
  groups: string[];
  drop_skills: boolean;
  drop_language: boolean;
}
export interface Target {
  group: string;
  skills: { skill: string; level: number }[];
  match_language: boolean;
  strategy: 'least_busy' | 'round_robin';
  last_agent_first: boolean;
  priority: number;
  overflow: Step[];
}

export const strategies = ['least_busy', 'round_robin'] as const;
export const skillsMax = 8;
export const stepsMax = 5;
export const stepGroupsMax = 10;
export const priorityMax = 1000;
export const waitMax = 172_800;

export const targetOf = (stored: Schemas['RoutingTarget']): Target => ({
  group: stored.group,
  skills: stored.skills ?? [],
  match_language: stored.match_language ?? false,
  strategy: stored.strategy ?? 'least_busy',
  last_agent_first: stored.last_agent_first ?? true,
  priority: stored.priority ?? 0,
  overflow: (stored.overflow ?? []).map((step) => ({ after_s: step.after_s, groups: step.groups ?? [], drop_skills: step.drop_skills ?? false, drop_language: step.drop_language ?? false })),
});
export const freshTarget = (group: string): Target => targetOf({ group } as Schemas['RoutingTarget']);

// The next step comes a while after the one before.
export const freshStep = (steps: Step[]): Step => ({ after_s: Math.min(waitMax, (steps.at(-1)?.after_s ?? 0) + 60), groups: [], drop_skills: false, drop_language: false });

export type StepProblem = 'time' | 'order' | 'nothing';
const integer = (value: number, min: number, max: number) => Number.isInteger(value) && value >= min && value <= max;
export function problemOf(steps: Step[], index: number): StepProblem | undefined {
  const step = steps[index]!;
  if (!integer(step.after_s, 1, waitMax)) return 'time';
  if (index > 0 && step.after_s <= steps[index - 1]!.after_s) return 'order';
  return step.groups.length === 0 && !step.drop_skills && !step.drop_language ? 'nothing' : undefined;
}

// Whether the server takes it.
export const targetComplete = (target: Target) =>
  target.group !== '' &&
  target.skills.length <= skillsMax &&
  target.skills.every((one) => one.skill !== '' && integer(one.level, 1, 5)) &&
  new Set(target.skills.map((one) => one.skill)).size === target.skills.length &&
  integer(target.priority, 0, priorityMax) &&
  target.overflow.length <= stepsMax &&
  target.overflow.every((step, index) => step.groups.length <= stepGroupsMax && problemOf(target.overflow, index) === undefined);

export interface Names {
  group(id: string): string;
  skill(id: string): string;
  agent(id: string): string;
}

export function stepWords(step: Step, names: Names, t: Say): string {
  const what = [
    step.groups.length > 0 ? t('teams.target.step_groups', { groups: step.groups.map(names.group).join(t('teams.comma')) }) : '',
    step.drop_skills ? t('teams.target.step_skills') : '',
    step.drop_language ? t('teams.target.step_language') : '',
  ].filter(Boolean);
  return t('teams.target.step', { n: step.after_s, what: what.join(t('teams.comma')) });
}

// What is as usual goes without saying.
export function targetWords(target: Target, names: Names, t: Say): string {
  return [
    t('teams.target.to', { group: names.group(target.group) }),
    ...target.skills.map((one) => t('teams.target.needs', { skill: names.skill(one.skill), level: one.level })),
    target.match_language ? t('teams.target.language_words') : '',
    t(`teams.target.strategies.${target.strategy}`),
    target.last_agent_first ? t('teams.target.last_agent_words') : '',
    target.priority > 0 ? t('teams.target.priority_words', { n: target.priority }) : '',
    ...target.overflow.map((step) => stepWords(step, names, t)),
  ]
    .filter(Boolean)
    .join(' · ');
}
