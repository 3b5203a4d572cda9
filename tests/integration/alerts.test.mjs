// From an error on a phone to a message in a WeCom group, and to the review note, through the real binary.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { batchOf, makeKey, postBatch } from '../harness/phones.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let key;
let base;
const robot = 'robot-alerts';
let batches = 0;

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}/alerts`;
  key = await makeKey(product);
  await sandbox('POST', '/sandbox/robots', { key: robot, name: '值班群' });
  const channel = await product.api.post(`/miniprograms/${product.appid}/notify/channels`, { name: '值班群', kind: 'wecom_robot', settings: {}, secrets: { key: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${robot}` } });
  const receivers = await until(() => get('/receivers'), 'the receivers');
  await product.api.put(`${base}/receivers`, { ...receivers, receivers: [{ name: '值班', channels: [channel.id] }], otherwise: ['值班'], group_wait_ms: 1000 });
});
after(() => product?.stop());

const get = (path = '') => product.api.get(`${base}${path}`);
const post = (path, body = {}) => product.api.post(`${base}${path}`, body);
const refused = (promise, status) => assert.rejects(promise, (error) => error.status === status, String(status));
async function report(records) {
  const answer = await postBatch(key.batch_url, batchOf(`alert-phone-${++batches}`, 1, records));
  assert.equal(answer.status, 200);
}
const thrown = (name, page) => ({ kind: 'error', name, t: Date.now(), level: 'error', page, text: `${name} happened`, props: { stack: `${name}: x\n    at pay (https://usr/${page}.js:3:1)`, handled: false } });
const messages = async () => JSON.stringify((await sandbox('GET', `/sandbox/robots/${robot}/messages`)).items);
const sandbox = (method, path, body) => product.sandbox.call(method, path, body);

test('a new mini program has the default rules', async () => {
  const rules = await until(async () => (await get('/rules')).items.find((rule) => rule.default_key === 'new_issue') && (await get('/rules')).items, 'the default rules');
  assert.ok(rules.some((rule) => rule.default_key === 'traffic_loss' && rule.group_by === null));
  assert.ok((await get('/figures')).items.some((figure) => figure.name === 'disk_used_share'));
});

test('a new error is told to the group within seconds, handled, and reviewed', async () => {
  await report([thrown('PayError', 'pages/pay/index')]);
  await until(async () => (await messages()).includes('PayError'), 'the message');
  const alert = (await get('?state=firing')).items.find((one) => one.error_name === 'PayError');
  assert.equal(alert.page, 'pages/pay/index');
  assert.equal((await post(`/${alert.id}/acknowledge`, { note: '在看' })).acknowledged_by, 'boss');
  await refused(post(`/${alert.id}/acknowledge`), 409);
  await post(`/${alert.id}/comments`, { text: '回滚 1.4.1' });
  await post(`/${alert.id}/resolve`);
  await until(async () => (await messages()).includes('已恢复'), 'the good news');
  assert.equal((await post(`/${alert.id}/close`, { note: '已回滚', verdict: 'useful' })).state, 'closed');
  const what = (await get(`/${alert.id}/timeline`)).items.map((entry) => entry.what);
  assert.deepEqual(what.filter((one) => one !== 'told'), ['fired', 'acknowledged', 'comment', 'resolved', 'closed']);
});

test('a rule of one’s own fires on what arrives, and a silence holds it back', async () => {
  const rule = await post('/rules', { name: '支付超时', kind: 'error_count', severity: 'warning', priority: 'P2', watch: { names: ['PayTimeout'] }, condition: { type: 'static', direction: 'above', threshold: 2 }, for_ms: 0 });
  const silence = await post('/silences', { rule_id: rule.id, reason: '演练', ends_at: Date.now() + 600000 });
  for (let i = 0; i < 4; i++) await report([thrown('PayTimeout', 'pages/pay/index')]);
  const alert = await until(async () => (await get(`?rule=${rule.id}`)).items[0], 'the alert', 45000);
  assert.ok(alert.value > 2);
  await until(async () => (await get(`/${alert.id}`)).hidden_by === `silence:${silence.id}`, 'that it is held back', 30000);
  assert.ok(!(await messages()).includes('支付超时'));
  await product.api.delete(`${base}/silences/${silence.id}`);
  await until(async () => (await messages()).includes('支付超时'), 'the message', 45000);
});

test('an incident is told as one story', async () => {
  const alerts = (await get('?state=all')).items;
  const incident = await post('/incidents', { title: '支付故障', priority: 'P1', alert_ids: [alerts[0].id] });
  await post(`/incidents/${incident.id}/entries`, { kind: 'action', text: '切换网关' });
  const review = await get(`/incidents/${incident.id}/review`);
  assert.equal(review.written, false);
  assert.match(review.markdown, /切换网关/);
});

test('bad input is refused', async () => {
  await refused(post('/rules', { name: 'x' }), 400);
  await refused(post('/rules', { name: 'x', kind: 'log_match', severity: 'notice', priority: 'P3', watch: { query: '(' }, condition: { type: 'static', direction: 'above', threshold: 1 } }), 422);
  await refused(post('/silences', { reason: 'x', ends_at: Date.now() + 1000 }), 400);
  await refused(get('/1'), 404);
  await refused(get('?state=nonsense'), 400);
});
