// Whom a note names.
export interface Naming {
  mentions: string[];
  consult: boolean;
}
export const nobody: Naming = { mentions: [], consult: false };
// Asked of what a browser kept, which may be anything.
export const isNaming = ({ mentions, consult }: { mentions?: unknown; consult?: unknown }) => Array.isArray(mentions) && mentions.every((id) => typeof id === 'string') && typeof consult === 'boolean';

// The text with the name at its end, in the place of the @ that asked for it.
export const withName = (text: string, name: string) => `${text.endsWith('@') ? text : text && !/\s$/.test(text) ? `${text} @` : `${text}@`}${name} `;
