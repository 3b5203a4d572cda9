// What is changed of an agent: limit, skills with levels, languages, groups with own shifts.
import type { Agent, Calendar } from '../api/teams';

export interface AgentEdits {
  load_max?: number;
  skills?: Agent['skills'];
  languages?: string[];
  groups?: Agent['groups'];
}

export const loadMax = 200;
export const levels = [1, 2, 3, 4, 5];
export const languagesMax = 20;
export const groupsMax = 50;
export const skillsMax = 100;

// "zh", "zh_CN", "en-US".
export const isLanguage = (text: string) => /^[A-Za-z]{2}[A-Za-z0-9_-]*$/.test(text) && text.length <= 16;

// Without duplicates, and only what is a language; the first of several stays.
export const cleanLanguages = (written: string[]) => [...new Set(written.map((one) => one.trim()).filter(isLanguage))].slice(0, languagesMax);

export const withSkill = (skills: Agent['skills'], skill_id: string, level: number) =>
  skills.some((one) => one.skill_id === skill_id) ? skills.map((one) => (one.skill_id === skill_id ? { skill_id, level } : one)) : [...skills, { skill_id, level }];
export const withoutSkill = (skills: Agent['skills'], skill_id: string) => skills.filter((one) => one.skill_id !== skill_id);

export const withGroup = (groups: Agent['groups'], group_id: string, shift: Calendar | null = null) =>
  groups.some((one) => one.group_id === group_id) ? groups.map((one) => (one.group_id === group_id ? { group_id, shift } : one)) : [...groups, { group_id, shift }];
export const withoutGroup = (groups: Agent['groups'], group_id: string) => groups.filter((one) => one.group_id !== group_id);
