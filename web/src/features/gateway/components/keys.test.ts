import { expect, test } from 'vitest';
import { aesKeyRule, randomLetters } from './AddMiniProgram';

test('made keys are of the form that WeChat wants', () => {
  const keys = Array.from({ length: 50 }, () => randomLetters(43));
  for (const key of keys) expect(key).toMatch(aesKeyRule);
  expect(new Set(keys).size).toBe(50);
});
