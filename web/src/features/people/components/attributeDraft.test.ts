import { describe, expect, test } from 'vitest';
import type { Attribute } from '../api/settings';
import { changeOf, draftOf, fresh, inputOf, mistakesOf, type Draft } from './attributeDraft';

const of = (part: Partial<Draft>): Draft => ({ ...fresh(3), key: 'city', name: ' 城市 ', ...part });

describe('limits go with their type', () => {
  const written = { choices: ['杭州'], chars_max: 20, number_min: 0, number_max: 9 };
  const common = { key: 'city', name: '城市', revoke_code: 0, position: 3 };
  test.each<[Draft['type'], object]>([
    ['text', { chars_max: 20 }],
    ['number', { number_min: 0, number_max: 9 }],
    ['date', {}],
    ['choice', { choices: ['杭州'] }],
  ])('%s', (type, limits) => expect(inputOf(of({ ...written, type }))).toEqual({ ...common, type, ...limits }));
  test('a limit that was never set is not sent', () => expect(inputOf(of({ type: 'number', number_max: 9 }))).toEqual({ ...common, type: 'number', number_max: 9 }));
  test('key and type are not changed', () => {
    const stored: Attribute = { id: '1', key: 'city', name: '城市', type: 'choice', choices: ['杭州', '上海'], chars_max: null, number_min: null, number_max: null, revoke_code: 2, position: 0 };
    expect(changeOf(draftOf(stored))).toEqual({ name: '城市', choices: ['杭州', '上海'], revoke_code: 2, position: 0 });
  });
});

describe('what is wrong', () => {
  test.each<[string, Partial<Draft>, string[]]>([
    ['nothing', {}, []],
    ['a key in capitals', { key: 'City' }, ['key']],
    ['a key that is too long', { key: 'c'.repeat(33) }, ['key']],
    ['no name', { name: '  ' }, ['name']],
    ['no choices', { type: 'choice' }, ['choices']],
    ['limits the wrong way round', { type: 'number', number_min: 2, number_max: 1 }, ['limits']],
    ['equal limits are right', { type: 'number', number_min: 1, number_max: 1 }, []],
    ['limits of another type', { type: 'text', number_min: 2, number_max: 1 }, []],
  ])('%s', (_, part, expected) => expect(mistakesOf(of(part))).toEqual(expected));
});
