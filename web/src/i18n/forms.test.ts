import i18next from 'i18next';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { knownForms } from './forms';
import { setLanguage, startI18n } from '.';

// Every string of the language, of the parts that pages bring along, too.
const files = import.meta.glob<Record<string, unknown>>('./en/*.ts', { eager: true });
const strings = (value: unknown): string[] => (typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(strings) : []);
const english = Object.values(files).flatMap(strings);

beforeAll(() => startI18n('zh'));
afterEach(() => setLanguage('zh'));

describe('English words that change with a number', () => {
  it.each([
    ['common.waiting_n', 1, '1 customer waiting'],
    ['common.waiting_n', '1', '1 customer waiting'],
    ['common.waiting_n', 0, '0 customers waiting'],
    ['common.waiting_n', '1,204', '1,204 customers waiting'],
    ['desk.hours.special.wrong', 1, '1 line cannot be read and is left out'],
    ['desk.hours.special.wrong', 2, '2 lines cannot be read and are left out'],
  ] as const)('%s of %s', async (key, n, wanted) => {
    await setLanguage('en');
    expect(i18next.t(key as never, { n } as never)).toBe(wanted);
  });

  it('names only forms that are known', () => {
    const used = english.flatMap((text) => [...text.matchAll(/\{\{\w+, *(\w+)\}\}/g)].map(([, form]) => form));
    expect(used.length).toBeGreaterThan(100);
    expect([...new Set(used)].filter((form) => !knownForms.includes(form!))).toEqual([]);
  });

  // A limit is never one.
  it('leaves no number with a word that does not follow it', () => {
    const plural = english.filter((text) => /(?<!(?:[Aa]t most|the first) )\{\{(n|m|of|max|total|days|fired)\}\} (more |new |different )?(lines|days|rows|issues|customers|conversations|messages|changes|events|places|files|agents|rules|minutes|are|were)\b/.test(text));
    expect(plural).toEqual([]);
  });
});
