// What phones report, through the real binary: keys, quotas, each intake's captured requests, questions, restarts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { batchOf, drained, makeKey, postBatch } from '../harness/phones.mjs';
import { root, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let key;
let base;
const day = 86400000;

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}/telemetry`;
  key = await makeKey(product);
});
after(() => product?.stop());

const get = (path) => product.api.get(`${base}/${path}`);
const event = (name, more = {}) => ({ kind: 'event', name, t: Date.now(), ...more });
async function send(install, number, records, to = key) {
  const answer = await postBatch(to.batch_url, batchOf(install, number, records));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}
const counted = async (name) => (await get(`breakdown?kind=event&by=name&name=${name}`)).items[0]?.count ?? 0;

test('a batch is found seconds later, with what its context says', async () => {
  const answer = await send('install-a', 1, [event('PayOrder', { page: 'pages/pay/index', value: 1990, props: { amount: 19.9 } })]);
  assert.equal(answer.accepted, 1);
  assert.equal(answer.config.enabled, true);
  const record = await until(async () => (await get('records?kind=event&name=PayOrder')).items[0], 'the record');
  assert.equal(record.page, 'pages/pay/index');
  assert.equal(record.release, '1.4.2');
  assert.equal(record.device.model, 'ALN-AL00');
  assert.deepEqual(record.properties.amount, 19.9);
  assert.match(record.session, /^[0-9a-f]{32}$/);
  const same = await get(`records?kind=event&session=${record.session}`);
  assert.equal(same.items.length, 1);
});

test('a batch that is sent again is stored once, and the ledger says so', async () => {
  for (let i = 0; i < 3; i++) await send('install-b', 1, [event('Once'), event('Once')]);
  await until(async () => (await counted('Once')) === 2, 'the records');
  const { ledger } = await until(() => drained(product), 'the loader');
  assert.equal(ledger.find((entry) => entry.reason === 'batch_sent_again').count, 4);
});

test('sampled records count as many as they stand for', async () => {
  await send('install-c', 1, [event('Sampled', { weight: 10 }), event('Sampled')]);
  await until(async () => (await counted('Sampled')) === 11, 'the count');
});

test('people are counted once, over all their devices', async () => {
  const phone = (install, user, name) => ({ ...batchOf(install, 1, [event(name)]), context: { user } });
  for (const batch of [phone('people-1', { device_id: 'd1' }, 'People'), phone('people-2', { device_id: 'd2' }, 'People')]) await postBatch(key.batch_url, batch);
  const people = async () => (await get('series?kind=event&name=People&measure=people&interval=day')).items[0]?.value;
  await until(async () => (await people()) === 2, 'two people');
  await postBatch(key.batch_url, { ...phone('people-1', { device_id: 'd1', login_id: 'u1' }, 'Other'), batch: 2 });
  await postBatch(key.batch_url, { ...phone('people-2', { device_id: 'd2', login_id: 'u1' }, 'Other'), batch: 2 });
  await until(async () => (await people()) === 1, 'one person');
});

test('a revoked or wrong key is refused, and another mini program’s records are not seen', async () => {
  const own = await makeKey(product, { name: '临时' });
  await send('install-d', 1, [event('Before')], own);
  await product.api.delete(`${base}/keys/${own.id}`);
  const refused = await postBatch(own.batch_url, batchOf('install-d', 2, [event('After')]));
  assert.equal(refused.status, 401);
  assert.equal(refused.body.code, 'telemetry.unknown_key');
  assert.equal((await postBatch(`${product.url}/ingest/v1/batch`, batchOf('x'.repeat(9), 1, []))).status, 401);
  const sentry = await fetch(`${product.url}/api/999/envelope/?sentry_key=${key.key}`, { method: 'POST', body: '{}\n' });
  assert.equal(sentry.status, 403); // the key of another project
});

test('a key over its quota is refused with the time to wait; another key is not touched', async () => {
  const small = await makeKey(product, { name: '小', records_per_minute: 5 });
  await send('install-e', 1, [event('Quota'), event('Quota'), event('Quota'), event('Quota'), event('Quota')], small);
  const answer = await fetch(small.batch_url, { method: 'POST', body: JSON.stringify(batchOf('install-e', 2, [event('Quota')])) });
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  // A client that reads no status is answered, and what it loses is counted.
  const sensors = await fetch(small.sensors_url, { method: 'POST', body: 'data_list=W10%3D' });
  assert.equal(sensors.status, 200);
  await send('install-f', 1, [event('NotTouched')]);
  await until(async () => (await get('intake')).ledger.filter((entry) => entry.reason === 'over_quota').reduce((sum, entry) => sum + entry.count, 0) === 2, 'the ledger');
});

test('bad input is refused with a code, counted, and harms nobody', async () => {
  const post = (body, headers = {}) => fetch(key.batch_url, { method: 'POST', body, headers });
  const cases = [
    ['{', {}, 400],
    ['[]', {}, 400],
    ['{"v":2}', {}, 400],
    [JSON.stringify({ v: 1 }), {}, 400],
    [Buffer.from('no gzip'), { 'content-encoding': 'gzip' }, 400],
    [JSON.stringify(batchOf('install-z', 1, [])), { 'content-encoding': 'rot13' }, 400],
    [gzipSync(Buffer.alloc(40 << 20)), { 'content-encoding': 'gzip' }, 413],
  ];
  for (const [body, headers, status] of cases) {
    const answer = await post(body, headers);
    assert.equal(answer.status, status, `${String(body).slice(0, 40)}: ${await answer.text()}`);
  }
  await send('install-g', 1, [event('Good'), { kind: 'nonsense' }, 7, event('Good', { props: { deep: 1 } })]);
  await until(async () => (await counted('Good')) === 2, 'the good ones');
  assert.ok((await get('intake')).ledger.some((entry) => entry.fate === 'quarantined'));
});

test('a clock that is off by years is kept under the time of receipt', async () => {
  const batch = batchOf('install-h', 1, [event('Clock', { t: 1000000000000 })], 1000000000500);
  await postBatch(key.batch_url, batch);
  const record = await until(async () => (await get('records?kind=event&name=Clock')).items[0], 'the record');
  assert.ok(Math.abs(record.at - Date.now()) < 10 * 60000);
});

const samples = ['sentry-miniapp-0.11.0-store', 'sentry-miniapp-1.19-envelope', 'sensors-mp-1.22.7-batch', 'sensors-mp-1.22.7-single-get', 'sensors-mp-1.22.7-gzip', 'sensors-mp-1.22.7-aes', 'aegis-mp-1.39.4-plain', 'aegis-mp-1.39.4-gzip', 'posthog-node-5.70.0-batch'];
// What a client asks before it sends brings nothing.
const isQuestion = ({ target }) => /^\/(collect\/whitelist|rateConfig)/.test(target);
test('the captured requests of real clients are taken, and each is accounted for', async () => {
  const own = await makeKey(product, { name: '重放' });
  const figure = async () => {
    const { kinds, ledger } = await until(() => drained(product), 'the loader');
    return kinds.reduce((sum, kind) => sum + kind.rows, 0) + ledger.filter((entry) => entry.client !== 'miniops').reduce((sum, entry) => sum + entry.count, 0);
  };
  for (const sample of samples) {
    const before = await figure();
    const requests = readFileSync(join(root, 'tests/samples/ingest', `${sample}.jsonl`), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    for (const { method, target, headers, body, body_base64 } of requests) {
      const path = target.replace(/\/api\/\d+\//, `/api/${own.project}/`).replace(/sentry_key=[0-9a-f]+/, `sentry_key=${own.key}`).replace(/project=[^&]*/, `project=${own.key}`).replace(/([?&])id=[^&]*/, `$1id=${own.key}`).replaceAll(' ', '%20');
      const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !['host', 'content-length', 'connection', 'accept-encoding'].includes(name.toLowerCase())));
      let sent = body_base64 ? Buffer.from(body_base64, 'base64') : body?.replace('phc_test', own.key);
      // Captured as plain text, sent as it was: compressed.
      if (kept['content-encoding'] === 'gzip' && body !== undefined) sent = gzipSync(sent);
      const answer = await fetch(product.url + path, { method, headers: kept, body: method === 'GET' ? undefined : sent });
      assert.equal(answer.status, 200, `${sample} ${path}: ${await answer.text()}`);
    }
    await until(async () => (await figure()) >= before + requests.filter((request) => !isQuestion(request)).length, `${sample} to be accounted for`);
  }
});

test('what was taken is there after a restart, and the spool is not loaded twice', async () => {
  const before = await get(`breakdown?kind=event&by=name&from=${Date.now() - 40 * day}`);
  await product.server.stop();
  await product.restart();
  const after = await until(async () => (await drained(product)) && get(`breakdown?kind=event&by=name&from=${Date.now() - 40 * day}`), 'the loader');
  assert.deepEqual(after.items, before.items);
});

test('settings are kept, audited and told to the SDK', async () => {
  const changed = await product.api.put(`${base}/settings`, { level: 'warn', sample: { performance: 0.25 }, keep_days: { log: 7 } });
  assert.deepEqual([changed.level, changed.sample.performance, changed.sample.error, changed.keep_days.log], ['warn', 0.25, 1, 7]);
  const { config } = await send('install-i', 1, []);
  assert.equal(config.sample.performance, 0.25);
  await assert.rejects(product.api.put(`${base}/settings`, { sample: { performance: 2 } }), (error) => error.status === 400);
  const audit = await product.api.get(`/miniprograms/${product.appid}/audit?action=telemetry.settings.update`);
  assert.equal(audit.items.length, 1);
  await product.api.put(`${base}/settings`, { enabled: false });
  assert.equal((await send('install-j', 1, [event('Off')])).config.enabled, false);
  await product.api.put(`${base}/settings`, { enabled: true });
  await until(async () => (await get('intake')).ledger.some((entry) => entry.reason === 'disabled'), 'the ledger');
  assert.equal(await counted('Off'), 0);
});

test('questions that make no sense are refused with what is wrong', async () => {
  for (const query of ['series?measure=most', 'series?kind=nothing', 'series?interval=minute&from=0', 'breakdown?by=text', 'records?from=x', 'records?cursor=x', 'series?by=session', `records?text=${'x'.repeat(600)}`])
    await assert.rejects(get(query), (error) => error.status === 400, query);
});

test('who sees no personal data reads it masked', async () => {
  await send('install-k', 1, [{ kind: 'log', t: Date.now(), text: '用户 13812345678 登录', props: { phone: '13812345678' } }]);
  await until(async () => (await get('records?kind=log&text=登录')).items[0], 'the log');
  const developer = await product.login('developer');
  const { items } = await developer.get(`${base}/records?kind=log&text=登录`);
  assert.ok(!JSON.stringify(items).includes('13812345678'));
  assert.ok(JSON.stringify((await get('records?kind=log&text=登录')).items).includes('13812345678'));
});

test('web views may send from any origin', async () => {
  const answer = await fetch(key.batch_url, { method: 'OPTIONS', headers: { origin: 'https://h5.example.com', 'access-control-request-method': 'POST' } });
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
});

test("servers' lines come by OTLP, and what was sent again is stored once", async () => {
  const logs = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [{ scope: { name: 'orders' }, logRecords: [{ timeUnixNano: String(BigInt(Date.now()) * 1000000n), severityNumber: 17, body: { stringValue: 'otlp: 订单失败' }, traceId: '5b8efff798038103d269b633813fc60c' }, 7] }],
      },
    ],
  };
  const post = (headers, url = `${product.url}/v1/logs`) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(logs) });
  assert.equal((await post({})).status, 401);
  for (const again of [1, 2]) {
    const answer = await post({ authorization: `Bearer ${key.key}` });
    assert.equal(answer.status, 200, String(again));
    assert.equal((await answer.json()).partialSuccess.rejectedLogRecords, '1');
  }
  const [found] = await until(async () => {
    const { items } = await get('records?kind=log&text=otlp');
    return items.length > 0 && items;
  }, 'the log');
  await until(() => drained(product), 'the loader');
  assert.deepEqual([found.text, found.level, found.trace, found.properties['service.name']], ['otlp: 订单失败', 'error', '5b8efff798038103d269b633813fc60c', 'shop']);
  assert.equal((await get('records?kind=log&text=otlp')).items.length, 1);
  const loki = await fetch(`${product.url}/loki/api/v1/push`, { method: 'POST', body: '{}' });
  assert.equal(loki.status, 501);
  assert.match(await loki.text(), /v1\/logs/);
});

test('what asks before it sends is answered: aegis and PostHog', async () => {
  const ask = async (path, method = 'GET') => (await fetch(product.url + path, { method, body: method === 'POST' ? '{}' : undefined })).json();
  assert.equal((await ask('/collect/whitelist?id=x')).result.rate, 1);
  assert.ok((await ask('/rateConfig?id=x')).configs.every(({ sample_rate }) => sample_rate === 100));
  assert.deepEqual((await ask('/flags/?v=2', 'POST')).flags, {});
  // Nobody is told "forbidden": that text switches the SDK off for good.
  const unknown = await fetch(`${product.url}/collect?id=nobody`, { method: 'POST', body: '{"level":["2"],"msg":["x"]}' });
  assert.deepEqual([unknown.status, await unknown.json()], [200, { retcode: 0 }]);
  const posthog = await fetch(`${product.url}/batch/`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"api_key":"nobody","batch":[]}' });
  assert.equal(posthog.status, 401);
});
