import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, setLanguage, startI18n } from '@/i18n';
import { csvOf } from './BarTable';
import { dangersOf, differs, settingsOf, valuesOf as formOf } from './changes';
import { lossOf, percentText, reasonText, type Entry } from './losses';
import { bytesText, niceTop } from './numbers';
import { intervalFor, startsOf, valuesOf, windowOf, zoneOffset } from './ranges';
import { codeOf, firstRecord, reachable } from './snippets';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('telemetry');
});

const entry = (fate: Entry['fate'], count: number, reason = ''): Entry => ({ fate, reason, category: '', client: 'miniops', count, example: '' });

describe('losses', () => {
  test('what is gone counts as sent; what was changed is among what is stored', () => {
    expect(lossOf([entry('client_dropped', 5), entry('quarantined', 2), entry('undecodable', 1), entry('refused', 2), entry('adjusted', 3)], 90)).toEqual({ lost: 10, changed: 3, affected: 13, total: 100 });
  });

  test('records sent twice or sampled on purpose are no loss', () => {
    expect(lossOf([entry('deduplicated', 50), entry('sampled', 900), entry('client_dropped', 9, 'sampled'), entry('client_dropped', 9, 'sample_rate')], 100).affected).toBe(0);
  });

  test('no more can be changed than there is', () => {
    expect(lossOf([entry('adjusted', 7), entry('folded', 7)], 10)).toEqual({ lost: 0, changed: 10, affected: 10, total: 10 });
  });

  test.each([
    [0, 100, '0'],
    [5, 0, '0'],
    [1, 4, '25'],
    [1, 3, '33.3'],
    [1, 1000, '0.1'],
    [1, 3000, '0.03'],
    [1, 1_000_000, '<0.01'],
    [999_999, 1_000_000, '>99.99'],
    [10, 10, '100'],
  ])('%i of %i is %s %%', (part, whole, text) => expect(percentText(part, whole)).toBe(text));

  test('reasons are sentences in both languages; a word that we do not know stays a word', async () => {
    expect(reasonText('queue_overflow')).toBe('手机上的队列满了');
    expect(reasonText('telemetry.malformed')).toMatch(/读不懂/);
    expect(reasonText('a_new_reason')).toBeUndefined();
    expect(reasonText('')).toBeUndefined();
    await setLanguage('en', false);
    expect(reasonText('queue_overflow')).toBe('The queue on the phone was full');
    await setLanguage('zh', false);
  });
});

describe('time', () => {
  const hour = 3_600_000;
  test('bars begin at the local hour and day', () => {
    expect(startsOf({ from: 2.5 * hour, to: 5 * hour }, hour, 0)).toEqual([2 * hour, 3 * hour, 4 * hour]);
    const days = startsOf({ from: Date.UTC(2026, 10, 20, 15), to: Date.UTC(2026, 10, 21, 17) }, 24 * hour, 480);
    expect(days.map((at) => new Date(at).toISOString())).toEqual(['2026-11-19T16:00:00.000Z', '2026-11-20T16:00:00.000Z', '2026-11-21T16:00:00.000Z']);
  });

  test('what has no point is zero', () => expect(valuesOf([0, hour, 2 * hour], [{ at: hour, count: 4 }])).toEqual([0, 4, 0]));

  test.each([
    [hour, 'minute'],
    [24 * hour, '15m'],
    [7 * 24 * hour, 'hour'],
    [30 * 24 * hour, 'day'],
    [3000 * 24 * hour, 'day'],
  ])('%i ms in bars of a %s', (span, interval) => expect(intervalFor(span)).toBe(interval));

  test('zones', () => {
    expect(zoneOffset('Asia/Shanghai', 0)).toBe(480);
    expect(zoneOffset('America/St_Johns', Date.UTC(2026, 0, 1))).toBe(-210);
    expect(zoneOffset('UTC', 0)).toBe(0);
    expect(zoneOffset('Mars/Olympus', 0)).toBe(0);
  });

  test('a preset looks back from now', () => expect(windowOf({ preset: '1h' }, 5 * hour)).toEqual({ from: 4 * hour, to: 5 * hour + 60_000 }));
});

test('numbers', () => {
  expect([0, 0.4, 1, 7, 115, 1450, 6001].map(niceTop)).toEqual([1, 1, 1, 8, 120, 1600, 8000]);
  expect([0, 1023, 1536, 70_000_000].map(bytesText)).toEqual(['0 B', '1023 B', '1.5 KB', '67 MB']);
});

test('a CSV cell that begins like a formula is text', () => {
  expect(csvOf('time', [0], [{ key: 'a', name: '=1+1', color: '', values: [2] }], 'UTC')).toMatch(/^"time","'=1\+1"\r\n"1970.*",2\r\n$/);
});

describe('snippets', () => {
  const key = { key: 'abc', batch_url: 'https://ops.example.com/ingest/v1/batch?key=abc', sentry_dsn: 'https://abc@ops.example.com/1', sensors_url: 'https://ops.example.com/sa?project=abc' };
  test('each client gets its own address', () => {
    expect(codeOf('sdk', key, 'first')).toContain("server: 'https://ops.example.com',\n  key: 'abc'");
    expect(codeOf('sentry', key, '')).toContain(key.sentry_dsn);
    expect(codeOf('sensors', key, '')).toContain(key.sensors_url);
  });

  test('phones reach public HTTPS only', () => {
    expect(reachable('https://ops.example.com')).toBe(true);
    for (const origin of ['http://ops.example.com', 'https://localhost:8080', 'https://192.168.1.4', 'https://127.0.0.1']) expect(reachable(origin)).toBe(false);
  });

  test('the first record: none, received but not loaded, loaded', () => {
    expect(firstRecord({ last_received_at: null, kinds: [] })).toEqual({ first: 0, last: 0 });
    expect(firstRecord({ last_received_at: 5, kinds: [] })).toEqual({ first: 5, last: 5 });
    expect(firstRecord({ last_received_at: null, kinds: [{ kind: 'event', rows: 2, oldest_at: 3, newest_at: 9 }] })).toEqual({ first: 3, last: 9 });
  });
});

describe('settings', () => {
  const stored = { enabled: true, level: 'info' as const, flush_ms: 5000, sample: { event: 1, performance: 0.07 }, keep_days: { event: 365, log: 30 } };
  test('rates are percent in the form, and come back as they were', () => {
    expect(formOf(stored).percent).toEqual({ event: 100, performance: 7 });
    expect(settingsOf(formOf(stored))).toEqual(stored);
  });

  test('dirty is what differs, whatever the order', () => {
    const form = formOf(stored);
    expect(differs(form, { ...form, keep_days: { log: 30, event: 365 } })).toBe(false);
    expect(differs(form, { ...form, percent: { ...form.percent, event: 99 } })).toBe(true);
  });

  test('what would be lost is named', () => {
    const form = formOf(stored);
    expect(dangersOf(form, form)).toEqual([]);
    expect(dangersOf(form, { ...form, enabled: false, keep_days: { event: 366, log: 7 }, percent: { event: 0, performance: 7 } })).toEqual([{ what: 'off' }, { what: 'zero', kind: 'event' }, { what: 'keep', kind: 'log', days: 7 }]);
  });
});
