// Whom a note names.
export interface Naming {
  mentions: string[];
  consult: boolean;
}
export const nobody: Naming = { mentions: [], consult: false };

// The text with the name at its end, in the place of the @ that asked for it.
export const withName = (text: string, name: string) => `${text.endsWith('@') ? text : text && !/\s$/.test(text) ? `${text} @` : `${text}@`}${name} `;
