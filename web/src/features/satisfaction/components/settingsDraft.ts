// Settings that are being written: what differs from the stored ones, and what is wrong with them. Pure.
import type { Settings, SettingsChange } from '../api/satisfaction';
import { wordProblems, wordsMax } from './offer';
import { scores } from './filters';

export type Edits = Partial<Settings>;
export const draftOf = (stored: Settings, edits: Edits | null): Settings => ({ ...stored, ...edits });

export const textMax = 300;
export const cardTitleMax = 64; // what a phone shows of it
export const languagesMax = 8;
export const dueHoursMax = 720;
// Offered by name; what else is stored stays.
export const commonLanguages = ['zh', 'en', 'zh-TW', 'zh-HK', 'ja', 'ko', 'fr', 'de', 'es', 'ru', 'th', 'vi', 'id', 'ar', 'pt'];

export const charsOf = (text: string) => [...text].length;
export const textMaxOf = ({ form }: Pick<Settings, 'form'>) => (form === 'card' ? cardTitleMax : textMax);

// In which order words stand makes no difference.
const plain = (name: keyof Settings, value: Settings[keyof Settings]) => JSON.stringify(name === 'words' ? (value as Settings['words']).map(({ word, score }) => `${score} ${word}`).sort() : value);

// null: nothing differs.
export function changeOf(stored: Settings, edits: Edits | null): SettingsChange | null {
  const differing = (Object.keys(edits ?? {}) as (keyof Settings)[]).filter((name) => plain(name, edits![name]!) !== plain(name, stored[name]));
  if (differing.length === 0) return null;
  const { follow_up, ...change } = Object.fromEntries(differing.map((name) => [name, edits![name]])) as Edits;
  if (!follow_up) return change;
  const { account_id, ...rule } = follow_up;
  return { ...change, follow_up: { ...rule, ...(rule.owner === 'account' && account_id ? { account_id } : {}) } };
}

export type Problem = 'texts' | 'words' | 'page' | 'cover' | 'account' | 'agent_anonymous';

// "pages/rate/rate", with a query or without.
export const isPage = (text: string) => /^[!$-;=?-[\]_a-z~]+$/.test(text) && !text.startsWith('/') && !text.includes('://');

export function problemsOf(draft: Settings): Problem[] {
  const { form, texts, words, card, anonymous, follow_up } = draft;
  const low = follow_up.score_max > 0;
  const found: [Problem, boolean][] = [
    ['texts', texts.some(({ text }) => text.trim() === '' || charsOf(text) > textMaxOf(draft))],
    ['words', words.length > wordsMax || scores.some((score) => wordProblems(words, score).length > 0)],
    ['page', (form === 'card' && card.page === '') || (card.page !== '' && !isPage(card.page))],
    ['cover', form === 'card' && card.picture_id === ''],
    ['account', follow_up.owner === 'account' && !follow_up.account_id],
    ['agent_anonymous', anonymous && low && follow_up.owner === 'agent'],
  ];
  return found.flatMap(([problem, there]) => (there ? [problem] : []));
}

// ---- texts, one for each language ----

export const languageName = (language: string, inLanguage: string) => new Intl.DisplayNames(inLanguage, { type: 'language' }).of(language) ?? language;

export const withText = (texts: Settings['texts'], language: string, text: string) => texts.map((one) => (one.language === language ? { language, text } : one));

// Whoever's own is not among them reads the default; when that goes, the first of the others is it.
export function withoutText({ texts, language }: Pick<Settings, 'texts' | 'language'>, gone: string): Pick<Settings, 'texts' | 'language'> {
  const left = texts.filter((one) => one.language !== gone);
  return { texts: left, language: language === gone ? left[0]!.language : language };
}
