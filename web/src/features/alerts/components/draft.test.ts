import { describe, expect, test } from 'vitest';
import type { Rule } from '../api/alerts';
import { businessOf, changeOf, complete, draftOf, fresh, inputOf, isEvent, isShare, kinds, percentOf, performanceOf, usual, type Draft } from './draft';

const of = (part: Partial<Draft>): Draft => ({ ...fresh(), name: ' 支付 ', ...part });
const kind = (value: Draft['kind']): Draft => of({ kind: value, ...usual(value) });

describe('a rule as the API takes it', () => {
  test('minutes become milliseconds, the name is trimmed', () => {
    expect(inputOf(of({ windowMinutes: 10, forMinutes: 2 }))).toMatchObject({ name: '支付', kind: 'error_rate', window_ms: 600_000, for_ms: 120_000, group_by: null });
  });
  test.each(kinds.filter(isEvent))('%s has neither condition nor window', (value) => {
    const input = inputOf(kind(value));
    for (const field of ['condition', 'window_ms', 'for_ms', 'group_by']) expect(input).not.toHaveProperty(field);
  });
  test('a change of type sends only what the type knows', () => {
    const written = { type: 'static' as const, direction: 'above' as const, threshold: 3, percent: 80, against: 'before' as const, sensitivity: 'high' as const, min_sample: 30 };
    const condition = (type: 'static' | 'change' | 'anomaly') => inputOf(of({ condition: { ...written, type } })).condition;
    expect(condition('static')).toEqual({ type: 'static', direction: 'above', threshold: 3, min_sample: 30 });
    expect(condition('change')).toEqual({ type: 'change', direction: 'above', against: 'before', percent: 80, min_sample: 30 });
    expect(condition('anomaly')).toEqual({ type: 'anomaly', direction: 'above', sensitivity: 'high', percent: 80, min_sample: 30 });
  });
  test('a rule that was read and saved again is the same', () => {
    const rule = { id: '1', name: '启动变慢', kind: 'performance', watch: { metric: 'appLaunch', statistic: 'p75', scope: { releases: ['1.4.2'] } }, condition: { type: 'change', direction: 'above', against: 'weeks', percent: 40, least: 200, min_sample: 50 }, window_ms: 600_000, for_ms: 60_000, severity: 'notice', priority: 'P3', group_by: 'region', receivers: ['值班'], advice: '' } as unknown as Rule;
    const { id: _id, kind: _kind, ...rest } = rule;
    expect(changeOf(draftOf(rule))).toEqual(rest);
  });
});

describe('what is missing', () => {
  test.each(kinds)('%s is complete as it begins, or names what it needs', (value) => {
    expect(complete(kind(value))).toBe(!['saved_query', 'health'].includes(value));
  });
  test.each([
    ['people', true],
    ['event_count', true],
    ['event_ratio', false],
  ] as const)('business %s', (figure, expected) => expect(complete(of({ kind: 'business', watch: businessOf(figure, {}) }))).toBe(expected));
  test('blanks are nothing', () => expect(complete(of({ kind: 'log_match', watch: { query: '  ' } }))).toBe(false));
});

test('each business figure takes its own fields, and keeps the event', () => {
  expect(businessOf('people', { event: 'Pay' })).toEqual({ of: 'people' });
  expect(businessOf('event_count', { event: 'Pay', per_event: 'Submit' })).toEqual({ of: 'event_count', event: 'Pay', statistic: 'count' });
  expect(businessOf('event_ratio', { event: 'Pay' })).toEqual({ of: 'event_ratio', event: 'Pay', per_event: '', statistic: 'count' });
});

test('a share of slow visits is no time: the threshold changes with the statistic', () => {
  const slow = of({ kind: 'performance', ...performanceOf(kind('performance'), 'slow') });
  expect(slow.condition.threshold).toBe(0.05);
  expect(isShare(slow)).toBe(true);
  const limited = { ...slow, watch: { ...slow.watch, slow_ms: 900 } };
  expect(performanceOf(limited, 'slow').watch).toEqual(limited.watch);
  const back = performanceOf(limited, 'p90');
  expect(back.watch).toEqual({ metric: 'appLaunch', statistic: 'p90' });
  expect(back.condition.threshold).toBe(3000);
  const own = { ...kind('performance'), condition: { type: 'static', direction: 'above', threshold: 800 } as const };
  expect(performanceOf(own, 'p99').condition.threshold).toBe(800);
});

test('shares are percentages, without the dust of binary fractions', () => {
  expect([0.07, 0.05, 1, 0.00015].map(percentOf)).toEqual([7, 5, 100, 0.015]);
  expect(isShare(kind('error_rate'))).toBe(true);
  expect(isShare(kind('business'))).toBe(false);
  expect(isShare(of({ kind: 'business', watch: businessOf('event_ratio', {}) }))).toBe(true);
});
