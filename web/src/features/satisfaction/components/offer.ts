// What counts as an answer, as the server compares it: case, width, blanks around it and one mark after it make no
// difference. Here it only tells two words apart before they are saved. Pure.
import type { Settings } from '../api/satisfaction';
import { scores, type Score } from './filters';

type Word = Settings['words'][number];

export const wordChars = 20;
export const wordsMax = 30;

const blanks = /^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$/g;
export const canonical = (text: string) => text.normalize('NFKC').toLowerCase().replace(blanks, '').replace(/[.!,~。、]$/, '').replace(blanks, '');

// Always count, whatever else is offered: 1–5, also as Chinese numerals.
const digits = new Map<string, Score>([...scores.map((n) => [String(n), n] as const), ...[...'\u4e94\u56db\u4e09\u4e8c\u4e00'].map((word, index) => [word, scores[index]!] as const)]);

export type WordProblem = 'empty' | 'long' | { counts: number };

// Of those words of one score that cannot be saved: why. The first of several that are the same may stay.
export function wordProblems(words: Word[], score: Score): { word: string; problem: WordProblem }[] {
  const counted = new Map<string, number>(digits);
  return words.flatMap((one): { word: string; problem: WordProblem }[] => {
    const said = canonical(one.word);
    const before = counted.get(said);
    counted.set(said, before ?? one.score);
    if (one.score !== score) return [];
    if (said === '') return [{ word: one.word, problem: 'empty' }];
    if ([...one.word].length > wordChars) return [{ word: one.word, problem: 'long' }];
    return before === undefined ? [] : [{ word: one.word, problem: { counts: before } }];
  });
}

export const wordsOf = (words: Word[], score: Score) => words.filter((one) => one.score === score).map((one) => one.word);

// Those of one score anew, what was there before in its place.
export function withWords(words: Word[], score: Score, written: string[]): Word[] {
  const now = [...new Set(written.map((one) => one.trim()).filter(Boolean))];
  const kept = words.filter((one) => one.score !== score || now.includes(one.word));
  return [...kept, ...now.filter((word) => !kept.some((one) => one.score === score && one.word === word)).map((word) => ({ word, score }))];
}
