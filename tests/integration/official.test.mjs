// WeChat's own data through the real binaries: pulled from the sandbox, shown beside ours; and a script written for
// WeChat's API that works here, too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { batchOf, makeKey, postBatch } from '../harness/phones.mjs';
import { until } from '../harness/process.mjs';
import { credentials, startProduct } from '../harness/product.mjs';

const dayMs = 86_400_000;
const chinaMs = 8 * 3_600_000;
let product;
let base;

before(async () => {
  product = await startProduct({ official: true });
  base = `/miniprograms/${product.appid}/official`;
});
after(() => product?.stop());

const get = (path = '') => product.api.get(`${base}${path}`);
const sourceOf = async (name) => (await get()).sources.find(({ source }) => source === name);
// At forty calls a minute, a first run takes its time.
const patience = 120_000;
const succeeded = (name) => until(async () => {
  const source = await sourceOf(name);
  return source.last_success_at && source;
}, `a run of ${name}`, patience);
const refused = (promise, code) => assert.rejects(promise, (error) => error.body?.code === code || error.code === code, code);
const dateOf = (at) => new Date(at + chinaMs).toISOString().slice(0, 10);
const startOf = (at) => Math.floor((at + chinaMs) / dayMs) * dayMs - chinaMs;

// What somebody's script does with WeChat's operation centre. `day`: of the logs.
async function script(address, token, day) {
  const call = async (method, path, { query = {}, body } = {}) => {
    const url = `${address}${path}?${new URLSearchParams({ access_token: token, ...query })}`;
    const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    assert.equal(answer.status, 200);
    const json = await answer.json();
    assert.ok(!json.errcode, `${path}: ${JSON.stringify(json)}`);
    return json;
  };
  const span = { startTime: dateOf(Date.now() - dayMs), endTime: dateOf(Date.now()), openid: '', offset: 0, limit: 30, appVersion: '0' };
  const list = await call('POST', '/wxaapi/log/jserr_list', { body: { ...span, errType: '0', keyword: '', orderby: 'pv', desc: '1' } });
  const { errorMsgMd5, errorStackMd5 } = list.data[0];
  const detail = await call('POST', '/wxaapi/log/jserr_detail', { body: { ...span, errorMsgMd5, errorStackMd5, sdkVersion: '0', osName: '0', clientVersion: '0', desc: '1' } });
  const performance = await call('POST', '/wxaapi/log/get_performance', {
    body: { cost_time_type: 1, default_start_time: startOf(Date.now() - 7 * dayMs) / 1000, default_end_time: Math.floor(Date.now() / 1000), device: '@_all', is_download_code: '@_all', scene: '@_all', networktype: '@_all' },
  });
  const begin = startOf(day) / 1000;
  const logs = await call('GET', '/wxaapi/userlog/userlog_search', { query: { date: dateOf(day).replaceAll('-', ''), begintime: begin, endtime: begin + 86399, start: 0, limit: 20, level: 2 } });
  return {
    list,
    detail,
    performance: { ...performance, default_time_data: JSON.parse(performance.default_time_data) },
    scenes: await call('GET', '/wxaapi/log/get_scene'),
    versions: await call('GET', '/wxaapi/log/get_client_version'),
    logs,
  };
}

// The form of a value: names and types, of a list its first item's.
function formOf(value) {
  if (Array.isArray(value)) return value.length > 0 ? [formOf(value[0])] : [];
  if (value && typeof value === 'object') return Object.fromEntries(Object.keys(value).sort().map((key) => [key, formOf(value[key])]));
  return typeof value;
}

test('performance is pulled for each metric, and stands beside ours', async () => {
  const source = await succeeded('performance');
  assert.equal(source.error, null);
  const { items } = await get(`/performance?from=${Date.now() - 20 * dayMs}`);
  assert.ok(items.length >= 18, `${items.length} days`);
  assert.ok(items.every(({ source: who, mean, p50 }) => who === 'wechat' && mean > 0 && p50 === null));
  const slow = (await get('/performance?metric=download&network=2g')).items;
  const fast = (await get('/performance?metric=download&network=wifi')).items;
  assert.ok(slow.at(-1).mean > fast.at(-1).mean);
});

test('errors with events, feedback, scenes and versions', async () => {
  for (const name of ['feedback', 'scenes', 'versions']) await succeeded(name);
  // All days take some minutes, at forty calls a minute.
  await until(async () => (await sourceOf('js_errors')).rows > 100, 'the errors of two days', patience);
  const errors = await get('/js-errors?limit=10');
  assert.equal(errors.items.length, 10);
  assert.ok(errors.next_cursor);
  assert.ok(errors.items[0].events >= errors.items[9].events);
  const events = await get(`/js-errors/${errors.items[0].id}/events`);
  assert.ok(events.items.length > 0 && events.items[0].openid.startsWith('o'));
  assert.ok((await get('/feedback')).items.length > 0);
  assert.equal((await get('/scenes')).items[0].value, '@_all');
  assert.deepEqual([...new Set((await get('/versions')).items.map(({ type }) => type))], ['client', 'service_direct']);
});

test('log lines arrive, each once, and are searched', async () => {
  await until(async () => (await sourceOf('logs')).rows > 300, 'some hundred lines', patience);
  const { items } = await get('/logs?level=error&limit=100');
  assert.ok(items.length > 0 && items.every(({ level }) => level === 'error'));
  assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
  const found = await get(`/logs?${new URLSearchParams({ text: '优惠券', limit: '5' })}`);
  assert.ok(found.items.every(({ messages }) => messages.some(({ text }) => text.includes('优惠券'))));
  const developer = await product.login('developer');
  assert.equal((await developer.get(`${base}/logs?limit=1`)).items[0].openid, null);
});

test('what WeChat does not permit is said with its code, and stops no other', async () => {
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { unauthorized_apis: ['log/get_scene'] });
  await product.api.post(`${base}/run`, { source: 'scenes' });
  const scenes = await until(async () => {
    const now = await sourceOf('scenes');
    return now.error && now;
  }, 'the error');
  assert.equal(scenes.error.errcode, 48001);
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { unauthorized_apis: [] });
  await product.api.post(`${base}/run`, { source: 'scenes' });
  await until(async () => (await sourceOf('scenes')).error === null, 'it works again');
});

test('a source is switched off and on again', async () => {
  const off = await product.api.put(base, { sources: { feedback: false } });
  assert.equal(off.sources.find(({ source }) => source === 'feedback').enabled, false);
  await refused(product.api.post(`${base}/run`, { source: 'feedback' }), 'official.source_off');
  await product.api.put(base, { sources: { feedback: true } });
  const audit = await product.api.get(`/miniprograms/${product.appid}/audit?action=official.sources.change`);
  assert.equal(audit.items.length, 2);
});

test("a script for WeChat's API works here with one of our keys", async () => {
  const token = await product.sandbox.call('POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: product.appid, secret: credentials.secret });
  const theirs = await script(product.sandboxUrl, token.access_token, Date.now() - dayMs);

  const key = await makeKey(product);
  const batch = batchOf('official-phone', 1, [
    { kind: 'session', name: 'start', t: Date.now() },
    { kind: 'error', name: 'TypeError', t: Date.now(), level: 'error', text: 'price of undefined', page: 'pages/cart/cart', props: { stack: 'TypeError: x\n    at buy (pages/cart/cart.js:12:9)' } },
    { kind: 'performance', name: 'appLaunch', t: Date.now(), value: 812 },
    { kind: 'log', t: Date.now(), level: 'warn', text: '支付失败', trace: '4bf92f35', page: 'pages/cart/cart' },
  ]);
  batch.context.device = { brand: 'HUAWEI', model: 'ALN-AL00', os: 'Android', wechat: '8.0.50', base_library: '3.6.0' };
  assert.equal((await postBatch(key.batch_url, batch)).status, 200);
  await until(async () => (await product.api.get(`/miniprograms/${product.appid}/issues`)).items.length > 0, 'the error');

  const developer = await product.login('developer');
  const made = await developer.post('/account/api-keys', { name: 'script', scopes: ['telemetry.read'], appid: product.appid });
  const ours = await until(async () => {
    const got = await script(`${product.url}/wxapi`, made.key, Date.now()).catch(() => undefined);
    return got?.logs.data.list.length > 0 && got;
  }, 'the records');
  for (const name of ['list', 'detail', 'scenes', 'performance', 'logs']) assert.deepEqual(formOf(ours[name]), formOf(theirs[name]), name);
  assert.equal(ours.list.data[0].pv, 1);
  assert.match(ours.list.data[0].errorMsg, /price of undefined/);
  assert.match(ours.detail.data[0].errorStack, /pages\/cart\/cart/);
  assert.equal(ours.performance.default_time_data.list.at(-1).cost_time, 812);
  assert.deepEqual(ours.versions.cvlist, [{ type: 1, client_version_list: ['8.0.50'] }]);
  assert.equal(ours.logs.data.list[0].msg[0].msg[0], '支付失败');

  const wrong = await (await fetch(`${product.url}/wxapi/wxaapi/log/get_scene?access_token=${'x'.repeat(44)}`)).json();
  assert.equal(wrong.errcode, 40001);
  const points = (await get('/performance')).items.filter(({ source }) => source === 'miniops');
  assert.equal(points.at(-1).mean, 812);
});
