// Records through the real binary: found, read, exported, held, and a person's data deleted by the one way there is, with
// a receipt.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { Pusher } from '../harness/pusher.mjs';

let product;
let base;
let records;
let pusher;
let agent;
let messages = 9_000_000;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  records = `${base}/records`;
  pusher = new Pusher(product.url, product.appid);
  agent = await product.login('agent');
});
after(async () => {
  pusher?.close();
  await product?.stop();
});

const says = async (openid, content) => assert.ok(await pusher.push(pusher.text(openid, content, String(++messages))), 'acknowledged');
const found = async (query, api = product.api) => (await api.get(`${records}?${new URLSearchParams(query)}`)).items;
const openids = async (query, api) => (await found(query, api)).map((one) => one.conversation.openid);
const refused = (promise, code) => assert.rejects(promise, (error) => error.code === code, code);
const ended = (id, path = 'exports') => until(async () => ((one) => (['waiting', 'running', 'erasing'].includes(one.state) ? undefined : one))(await product.api.get(`${records}/${path}/${id}`)), `${path} to end`);
const file = async (id) => (await product.api.call('GET', `${records}/exports/${id}/download?part=1`, { raw: true })).text();
const audited = async () => (await product.api.get(`${base}/audit?limit=100`)).items.map((one) => one.action);

test('what was said is found by its words, read beside, masked for whoever may not see it, and that is noted', async () => {
  await says('oRec01', '我的订单打不开，手机 13812345678');
  await says('oRec02', '=1+1 发票抬头');
  await until(async () => (await found({ text: '订单' })).length === 1, 'the message to be found');
  await until(async () => (await found({ text: '发票' })).length === 1, 'the other one');
  const [hit] = await found({ text: '订单' });
  assert.equal(hit.conversation.openid, 'oRec01');
  const read = await product.api.get(`${records}/conversations/${hit.conversation.id}`);
  assert.deepEqual(read.items.map((one) => one.text), ['我的订单打不开，手机 138****5678']);
  assert.equal((await agent.get(`${records}/conversations/${hit.conversation.id}`)).items[0].text, '我的订单打不开，手机 138****5678');
  assert.deepEqual(await openids({ text: '13812345678' }), ['oRec01']);
  assert.deepEqual(await openids({ text: '13812345678' }, agent), []);
  assert.deepEqual((await openids({})).sort(), ['oRec01', 'oRec02']);
  assert.deepEqual(await openids({ customer: 'oRec02' }), ['oRec02']);
  assert.deepEqual(await openids({ score: '5' }), []);
  await product.api.patch(`/conversations/${hit.conversation.id}/wrap-up`, { tags: ['催办'] });
  assert.deepEqual(await openids({ tag: '催办' }), ['oRec01']);
  assert.deepEqual(await openids({ customer_tag: '催办' }), [], "the conversation's, not the customer's");
  const actions = await audited();
  for (const action of ['records.conversation.search', 'records.conversation.read']) assert.ok(actions.includes(action), action);
});

test('an export is made in the background, safe against formulas, and downloaded by who may', async () => {
  await refused(agent.post(`${records}/exports`, { format: 'csv' }), 'records.needs_export');
  const csv = await ended((await product.api.post(`${records}/exports`, { format: 'csv' })).id);
  assert.deepEqual([csv.state, csv.rows, csv.parts], ['done', 2, 1]);
  const text = await file(csv.id);
  assert.match(text, /"'=1\+1 发票抬头"/);
  const lines = await ended((await product.api.post(`${records}/exports`, { format: 'jsonl', text: '订单', tag: '催办' })).id);
  assert.deepEqual((await file(lines.id)).trim().split('\n').map((line) => JSON.parse(line).conversation.openid), ['oRec01']);
  await refused(product.api.post(`${records}/exports/${csv.id}/cancel`), 'records.export_ended');
  await product.api.delete(`${records}/exports/${csv.id}`);
  assert.equal((await product.api.get(`${records}/exports`)).items.length, 1);
});

test('a legal hold keeps a person; released, all of them goes, and the receipt says so', async () => {
  const hold = await product.api.post(`${records}/holds`, { kind: 'person', openid: 'oRec01', reason: '诉讼' });
  const wish = { openid: 'oRec01', reason: '本人要求' };
  await assert.rejects(product.api.post(`${records}/erasures`, wish), (error) => error.code === 'records.held' && error.body.holds[0] === hold.id);
  // Whoever asks elsewhere, or WeChat, waits.
  await product.api.post(`${base}/telemetry/erasures`, { openid: 'oRec01' });
  await says('oRec02', '还在吗');
  await until(async () => (await product.api.get(`${records}/conversations/${(await found({ customer: 'oRec02' }))[0].conversation.id}`)).items.length === 2, 'time to pass');
  assert.deepEqual(await openids({ text: '订单' }), ['oRec01']);

  const kept = (await product.api.get(`${records}/exports`)).items[0].id;
  await product.api.post(`${records}/holds/${hold.id}/release`, { reason: '结案' });
  const asked = await product.api.post(`${records}/erasures`, wish);
  assert.equal(asked.openid_hash.length, 6);
  const done = await ended(asked.id, 'erasures');
  assert.equal(done.state, 'done');
  assert.deepEqual(done.receipt.backups, { rule: 'expire_with_their_retention', made_before: done.finished_at });
  assert.ok(done.receipt.until.push_journal > Date.now());
  assert.deepEqual(await openids({}), ['oRec02']);
  assert.deepEqual(await openids({ text: '订单' }), []);
  assert.deepEqual(await openids({ tag: '催办' }), []);
  assert.equal((await product.api.post(`${base}/people/search`, { kind: 'openid', value: 'oRec01' })).items.length, 0);
  await refused(product.api.get(`${records}/exports/${kept}/download`), 'records.export_gone');
});

test('one person is exported whole, and retention is checked before it is kept', async () => {
  const one = await ended((await product.api.post(`${records}/person-exports`, { openid: 'oRec02' })).id);
  const kinds = (await file(one.id)).trim().split('\n').map((line) => JSON.parse(line).kind);
  assert.deepEqual([...new Set(kinds)].sort(), ['conversation', 'message', 'profile', 'thread']);
  const { version } = await product.api.get(`${records}/retention`);
  await refused(product.api.patch(`${records}/retention`, { version, messages_days: 30, media_days: 60 }), 'records.media_longer_than_messages');
  const kept = await product.api.patch(`${records}/retention`, { version, messages_days: 180, media_days: 90 });
  assert.deepEqual([kept.messages_days, kept.media_days, kept.updated_by], [180, 90, 'boss']);
  await refused(product.api.patch(`${records}/retention`, { version, messages_days: 0 }), 'records.changed');
});
