// What a customer who waits would read, with the texts as they stand in the form.
import type { Schemas } from '@/shared/api/client';

export type QueueTexts = Schemas['QueueSettings'];

// The variables that each text may have; the server refuses others.
export const variables = {
  position_text: ['position'],
  wait_text: ['position', 'wait'],
  busy_text: [],
  offer_text: [],
  closed_text: [],
  ask_text: [],
  left_text: ['due'],
} as const satisfies Partial<Record<keyof QueueTexts, readonly string[]>>;
export type TextName = keyof typeof variables;

const example: Record<string, string> = { position: '3', wait: '4–8', due: '11-24 10:00' };

export const filled = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => example[name] ?? whole);

// The first variable that the text does not have.
export const unknownVariable = (name: TextName, text: string) => [...text.matchAll(/\{([^}]*)\}/g)].find(([, one]) => !(variables[name] as readonly string[]).includes(one ?? ''))?.[0];

// Only an offer that says so is answered by a 1.
export const saysOne = (text: string) => /[1１]/.test(text);

export type Occasion = 'usual' | 'first' | 'busy' | 'waiting' | 'closed' | 'asked' | 'left';
export interface Said {
  occasion: Occasion;
  text: string;
}

// In the order in which it happens; in busy mode all of it is one message.
export function preview(texts: QueueTexts): Said[] {
  const { notices, leave } = texts;
  const busy = [texts.busy_text, notices && texts.wait_text, leave && texts.offer_text].filter(Boolean).join('\n');
  const said: (Said | false)[] = [
    notices && { occasion: 'usual', text: texts.wait_text },
    notices && { occasion: 'first', text: texts.position_text },
    (notices || leave) && { occasion: 'busy', text: busy },
    leave && texts.leave_after_minutes > 0 && { occasion: 'waiting', text: texts.offer_text },
    leave && { occasion: 'closed', text: texts.closed_text },
    leave && { occasion: 'asked', text: texts.ask_text },
    leave && { occasion: 'left', text: texts.left_text },
  ];
  return said.filter((one) => one !== false).map((one) => ({ ...one, text: filled(one.text) }));
}
