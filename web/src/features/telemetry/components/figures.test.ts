import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, setLanguage, startI18n } from '@/i18n';
import { dangersOf, differs, settingsOf, valuesOf } from './changes';
import { lossOf, reasonText, type Entry } from './losses';
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
  const stored = { enabled: true, level: 'info' as const, flush_ms: 5000, sample: { event: 1, performance: 0.07 }, keep_days: { event: 365, log: 30 }, masking: { phones: false, id_cards: false, bank_cards: false, emails: false, tokens: true } };
  test('rates are percent in the form, and come back as they were', () => {
    expect(valuesOf(stored).percent).toEqual({ event: 100, performance: 7 });
    expect(settingsOf(valuesOf(stored))).toEqual(stored);
  });

  test('dirty is what differs, whatever the order', () => {
    const form = valuesOf(stored);
    expect(differs(form, { ...form, keep_days: { log: 30, event: 365 } })).toBe(false);
    expect(differs(form, { ...form, percent: { ...form.percent, event: 99 } })).toBe(true);
  });

  test('what would be lost is named', () => {
    const form = valuesOf(stored);
    expect(dangersOf(form, form)).toEqual([]);
    expect(dangersOf(form, { ...form, enabled: false, keep_days: { event: 366, log: 7 }, percent: { event: 0, performance: 7 } })).toEqual([{ what: 'off' }, { what: 'zero', kind: 'event' }, { what: 'keep', kind: 'log', days: 7 }]);
  });
});
