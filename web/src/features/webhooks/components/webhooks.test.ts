// The rules of the pages, without a page; and the code that they offer, run.
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import type { Kind, Webhook } from '../api/webhooks';
import { addressProblem } from '@/shared/ui/address';
import { changeOf, complete, draftOf } from './draft';
import { filtersOf, queryOf, withFilters } from './filters';
import { reasonText, shortAddress, standingOf, waitingText } from './health';
import { kindGroups, kinds, kindsText } from './kinds';
import { pollMs } from './polling';
import { samples, type CodeLanguage } from './samples';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('webhooks');
});

const health = { last_success_at: null, last_failure_at: null, failing_since: null, reason: null, detail: null, off_reason: null, off_at: null, waiting: 0 };
const webhook = { id: '7', version: 3, address: 'https://a.example/in', description: '订单', kinds: ['message.received', 'message.sent'] as Kind[], enabled: true, health } as Webhook;

describe('an address', () => {
  test.each([
    ['https://a.example/in?x=1', undefined],
    [' http://127.0.0.1:8080 ', undefined],
    ['https://a.example/in#part', 'fragment'],
    ['https://me:secret@a.example/', 'userinfo'],
    ['ftp://a.example/', 'form'],
    ['a.example/in', 'form'],
    ['https://', 'form'],
    ['https://a example/', 'form'],
  ])('%s', (address, problem) => expect(addressProblem(address)).toBe(problem));

  test('is shown without what may be a secret', () => {
    expect(shortAddress('https://a.example/in?token=x')).toBe('a.example/in?…');
    expect(shortAddress('http://a.example:8080/')).toBe('http://a.example:8080');
  });
});

describe('what is written', () => {
  test('is sent as far as it differs', () => {
    expect(changeOf(webhook, draftOf(webhook, {}))).toBeNull();
    expect(changeOf(webhook, draftOf(webhook, { address: ' https://a.example/in ', kinds: ['message.sent', 'message.received'] }))).toBeNull();
    expect(changeOf(webhook, draftOf(webhook, { description: '', kinds: ['message.sent'] }))).toEqual({ description: '', kinds: ['message.sent'] });
  });
  test('is complete with an address and an event', () => {
    expect(complete(draftOf(undefined, {}))).toBe(false);
    expect(complete(draftOf(undefined, { address: 'https://a.example' }))).toBe(false);
    expect(complete(draftOf(webhook, {}))).toBe(true);
    expect(complete(draftOf(webhook, { kinds: [] }))).toBe(false);
  });
});

test.each([
  ['unused', {}, true],
  ['ok', { last_success_at: 5 }, true],
  ['failing', { last_success_at: 5, failing_since: 6, reason: 'timeout' }, true],
  ['off', { last_success_at: 5, failing_since: 6 }, false],
  ['gone', { off_reason: 'gone' }, false],
  ['given_up', { off_reason: 'failing' }, false],
] as const)('%s', (standing, part, enabled) => expect(standingOf({ enabled, health: { ...health, ...part } })).toBe(standing));

test('words', () => {
  expect(reasonText('timeout')).toBe('10 秒内没有答复');
  expect(reasonText('of_tomorrow')).toBe('of_tomorrow');
  expect(reasonText(null)).toBe('');
  expect([waitingText(999), waitingText(1000)]).toEqual(['999', '1000+']);
  expect(kindsText(kinds)).toBe(`全部 ${kinds.length} 种`);
  expect(kindsText(['message.received', 'message.sent'])).toBe('客户来信、消息已发出');
  expect(kindsText(['message.received', 'message.sent', 'customer.changed'])).toBe('客户来信、消息已发出等 3 种');
  expect(kindGroups.flatMap((group) => group.kinds)).toEqual(kinds);
});

test('the address narrows the log, and what it does not know is nothing', () => {
  const search = new URLSearchParams('state=failed&kind=message.received&event=9');
  expect(filtersOf(search)).toEqual({ state: 'failed', kind: 'message.received' });
  expect(filtersOf(new URLSearchParams('state=lost&kind=nothing.new'))).toEqual({ state: '', kind: '' });
  expect(withFilters(search, { state: '' }).toString()).toBe('kind=message.received&event=9');
  expect(queryOf(filtersOf(search), { preset: '30d' }, 100)).toEqual({ state: 'failed', kind: 'message.received' });
  expect(queryOf({ state: '', kind: '' }, { preset: '1h' }, 3_600_100)).toEqual({ from: 100 });
  expect(queryOf({ state: '', kind: '' }, { from: 1, to: 2 }, 100)).toEqual({ from: 1, to: 2 });
});

test('what is on its way is looked for soon, a long list less often', () => {
  const pending = { state: 'pending' as const, next_at: 1500 };
  const delivered = { state: 'delivered' as const, next_at: null };
  expect(pollMs([{ items: [delivered, pending] }], 1000)).toBe(2000);
  expect(pollMs([{ items: [pending] }, { items: [delivered] }], 1000)).toBe(4000);
  expect(pollMs([{ items: [delivered] }], 1000)).toBe(10_000);
  expect(pollMs([{ items: [{ ...pending, next_at: 60_000 }] }], 1000)).toBe(10_000);
  expect(pollMs([], 1000)).toBe(10_000);
});

// The vector of docs/webhooks.md.
describe('the code that checks a signature', () => {
  const secret = 'whsec_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg';
  const body = '{"id":"7203685477580800000","kind":"ping","appid":"wx0123456789abcdef","at":1717430400000,"data":{"subscription_id":"42"}}';
  const v1 = '76635c85e42b30ab507bf9394e88c464ca315f9113f6b2deb66f43f8d2431ccb';
  const at = 1_717_430_400;
  const cases: [header: string, body: string, now: number, genuine: boolean][] = [
    [`t=${at},id=7203685477580800000,v1=${v1}`, body, at, true],
    [`t=${at},v1=${'0'.repeat(64)},v1=${v1}`, body, at + 299, true],
    [`t=${at},v1=${v1}`, `${body} `, at, false],
    [`t=${at},v1=${v1}`, body, at + 301, false],
    [`t=${at},v0=${v1}`, body, at, false],
    [`t=${at},v1`, body, at, false],
    [`t=${'9'.repeat(5000)},v1=${v1}`, body, at, false],
    ['', body, at, false],
  ];
  const quoted = JSON.stringify;
  const programs: Record<CodeLanguage, [command: string, args: string[]]> = {
    js: ['node', ['--input-type=module', '-e', `${samples.js}\nconsole.log(JSON.stringify([${cases.map(([header, text, now]) => `isGenuine(${quoted(header)}, Buffer.from(${quoted(text)}), ${quoted(secret)}, ${now * 1000})`).join(', ')}]));`]],
    python: ['python3', ['-c', `${samples.python}\nimport json\nprint(json.dumps([${cases.map(([header, text, now]) => `is_genuine(${quoted(header)}, ${quoted(text)}.encode(), ${quoted(secret)}, ${now})`).join(', ')}]))`]],
  };
  test.for(['js', 'python'] as const)('in %s', (language, { skip }) => {
    const [command, args] = programs[language];
    const done = spawnSync(command, args, { encoding: 'utf8' });
    skip(language === 'python' && done.error !== undefined, 'there is no Python here');
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toEqual(cases.map((one) => one[3]));
  });
});
