import { beforeAll, expect, test } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import { valueTicks } from '@/shared/charts/ticks';
import { scaleFor } from './spans';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('reports');
});

test.each([100, 900, 5000, 110_000, 9_000_000, 90_000_000])('no two labels of an axis to %i ms are alike', (most) => {
  const { ms, unit } = scaleFor(most);
  const labels = valueTicks(most / ms, 4, unit.whole).map(unit.text);
  expect(new Set(labels).size).toBe(labels.length);
});
