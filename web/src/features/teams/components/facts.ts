// What the simulator is told of a customer who does not exist, or which conversation it is asked about. Pure.
import type { NewRule, Question } from '../api/routing';

export interface Parameter {
  name: string;
  value: string;
  signed: boolean;
}
export interface Facts {
  page: string;
  texts: string; // a message a line
  tags: string[];
  level: number;
  language: string;
  msgtype: string;
  parameters: Parameter[];
  waiting_s: number;
  priority: number;
}

export const nobody = (): Facts => ({ page: '', texts: '', tags: [], level: 0, language: '', msgtype: 'text', parameters: [], waiting_s: 0, priority: 0 });

const textsMax = 5;
export const linesOf = (texts: string) =>
  texts
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, textsMax);

export const isId = (text: string) => /^\d{1,20}$/.test(text);

// Only what is said.
export function questionOf(facts: Facts, rules?: NewRule[]): Question {
  const texts = linesOf(facts.texts);
  const parameters = facts.parameters.map((one) => ({ ...one, name: one.name.trim() })).filter((one) => one.name !== '');
  return {
    level: facts.level,
    msgtype: facts.msgtype.trim() || 'text',
    priority: facts.priority,
    ...(facts.page.trim() ? { page: facts.page.trim() } : {}),
    ...(texts.length > 0 ? { texts } : {}),
    ...(facts.tags.length > 0 ? { tags: facts.tags } : {}),
    ...(facts.language.trim() ? { language: facts.language.trim() } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(facts.waiting_s > 0 ? { waiting_s: facts.waiting_s } : {}),
    ...(rules ? { rules } : {}),
  };
}

export type Tier = NonNullable<Question['tier']>;
export const questionAbout = (conversation_id: string, rules?: NewRule[]) => ({ conversation_id, ...(rules ? { rules } : {}) }) as Question;
