// WeChat slow, silent, wrong or gone: nothing is lost, and each message says what became of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Postgres } from '../harness/postgres.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let postgres;
let serial = 0;
before(async () => {
  postgres = await Postgres.start();
  product = await startProduct({ database: postgres.create('miniops'), serverArgs: ['--wechat-api-timeout-ms', '1000'] });
});
after(async () => {
  await product?.stop();
  await postgres?.stop();
});

async function conversation() {
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, `你好 ${++serial}`);
  return until(async () => (await product.api.get(`/miniprograms/${product.appid}/conversations`)).items.find((one) => one.openid === openid), 'the conversation');
}
const reply = (id, content) => product.api.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content } });
async function message(id, messageId) {
  return (await product.api.get(`/conversations/${id}/messages`)).items.find((one) => one.id === messageId);
}
const settled = (id, messageId, timeoutMs = 60000) =>
  until(async () => {
    const one = await message(id, messageId);
    return ['sent', 'failed', 'held'].includes(one.state) && one;
  }, 'the message to be settled', timeoutMs);
const shown = async (openid, text) => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out' && one.text?.content === text).length;

const policies = [
  { name: 'system busy twice, then well', fault: { errcode: -1, times: 2 }, state: 'sent' },
  { name: 'token expired once', fault: { errcode: 42001, times: 1 }, state: 'sent' },
  { name: 'the window closed at WeChat', fault: { errcode: 45015, times: 1 }, state: 'held' },
  { name: 'the budget spent at WeChat', fault: { errcode: 45047, times: 1 }, state: 'held' },
  { name: 'no permission', fault: { errcode: 48001, times: 1 }, state: 'failed', errcode: 48001 },
  { name: 'blocked for a minor', fault: { errcode: 70000, times: 1 }, state: 'failed', errcode: 70000 },
];
for (const { name, fault, state, errcode } of policies) {
  test(`${name}: ${state}`, async () => {
    const { id, openid } = await conversation();
    await product.sandbox.fault(product.appid, { api: 'message/custom/send', ...fault });
    const text = `回复 ${++serial}`;
    const sent = await reply(id, text);
    const done = await settled(id, sent.id);
    assert.equal(done.state, state);
    if (errcode) assert.equal(done.errcode, errcode);
    if (state !== 'sent') assert.ok(done.explanation.length > 4, 'a sentence that a person understands');
    assert.equal(await shown(openid, text), state === 'sent' ? 1 : 0);
    await product.sandbox.clearFaults(product.appid);
  });
}

test('a held message goes out when the customer writes again', async () => {
  const { id, openid } = await conversation();
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', errcode: 45015, times: 1 });
  const sent = await reply(id, '等您再来信');
  assert.equal((await settled(id, sent.id)).state, 'held');
  await product.sandbox.say(product.appid, openid, '我又来了');
  await until(async () => (await message(id, sent.id)).state === 'sent', 'the held message to be sent');
  assert.equal(await shown(openid, '等您再来信'), 1);
});

test('an answer that was never read makes the message possibly repeated', async () => {
  const { id, openid } = await conversation();
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', disconnect: 'after', times: 1 });
  const sent = await reply(id, '也许两次');
  const done = await settled(id, sent.id);
  assert.equal(done.state, 'sent');
  assert.equal(done.possibly_repeated, true);
  const times = await shown(openid, '也许两次');
  assert.ok(times === 1 || times === 2, String(times));
  const { items } = await product.api.get(`/conversations/${id}/messages/${sent.id}/attempts`);
  assert.ok(items.some((one) => one.uncertain));
});

test('a slow answer past the time limit is uncertain, not lost', async () => {
  const { id } = await conversation();
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', delay_ms: 3000, times: 1 });
  const done = await settled(id, (await reply(id, '很慢的微信')).id);
  assert.equal(done.possibly_repeated, true);
});

test('a resend of a failed message is a new attempt with its history', async () => {
  const { id, openid } = await conversation();
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', errcode: 48001, times: 1 });
  const sent = await reply(id, '再发一次');
  assert.equal((await settled(id, sent.id)).state, 'failed');
  await product.api.post(`/conversations/${id}/messages/${sent.id}/resend`);
  await until(async () => (await message(id, sent.id)).state === 'sent', 'the message to be sent');
  assert.equal(await shown(openid, '再发一次'), 1);
  const { items } = await product.api.get(`/conversations/${id}/messages/${sent.id}/attempts`);
  assert.equal(items.length, 2);
});

test('WeChat is gone and comes back: the message waits and is sent once', async () => {
  const { id, openid } = await conversation();
  await product.sandboxProgram.kill();
  const sent = await reply(id, '等微信回来');
  const waiting = await until(async () => {
    const one = await message(id, sent.id);
    return one.reason === 'network' && one;
  }, 'an attempt that did not get through');
  assert.equal(waiting.state, 'sending');
  assert.ok(waiting.explanation.length > 4, 'the agent sees why it waits');
  await product.restartSandbox();
  await product.sandbox.user(product.appid, { openid });
  // It remembers nothing: the customer writes again, so that its window is open, and the old token is not known.
  await product.sandbox.say(product.appid, openid, '在吗');
  const done = await settled(id, sent.id);
  assert.equal(done.state, 'sent');
  assert.equal(done.possibly_repeated, false);
  assert.equal(await shown(openid, '等微信回来'), 1);
});
