// Events to other programs through the real binary: a receiver on loopback, which checks with the code of
// docs/webhooks.md, fails, holds its answers and lies about its address.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let receiver;
let base;
let isGenuine;

// Answers 204, or at a path what next() was given for it.
async function startReceiver() {
  const requests = [];
  const answers = new Map();
  const held = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      requests.push({ path: request.url, signature: request.headers['miniops-signature'], headers: request.headers, body, event: JSON.parse(body) });
      const answer = answers.get(request.url)?.shift() ?? ((to) => to.writeHead(204).end());
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    next: (path, ...given) => answers.set(path, given),
    hold: (response) => held.push(response),
    letGo: () => held.splice(0).forEach((response) => response.destroy()),
    at: (path) => requests.filter((one) => one.path === path),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
const status = (code, headers = {}) => (response) => response.writeHead(code, headers).end();

// As somebody would who copies it out of the page.
function codeOfTheDocumentation() {
  const [, code] = readFileSync(join(root, 'docs/webhooks.md'), 'utf8').match(/```js\n([\s\S]+?)```/);
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

before(async () => {
  ({ isGenuine } = await codeOfTheDocumentation());
  receiver = await startReceiver();
  product = await startProduct({ serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
  base = `/miniprograms/${product.appid}/webhooks`;
});
after(async () => {
  receiver?.letGo();
  await product?.stop();
  receiver?.stop();
});

// A webhook at a path of its own, for the time of one test.
async function webhook(context, path, kinds) {
  const { webhook: made, secret } = await product.api.post(base, { address: receiver.url + path, kinds });
  context.after(() => product.api.delete(`${base}/${made.id}`));
  return { path, secret, url: `${base}/${made.id}`, id: made.id };
}
const customer = async () => (await product.sandbox.user(product.appid)).openid;
const says = (openid, text) => product.sandbox.say(product.appid, openid, text);
const arrived = (path, count, timeoutMs) => until(() => receiver.at(path).length >= count && receiver.at(path), () => `${count} requests at ${path}; there are ${receiver.at(path).length}`, timeoutMs);
const deliveries = async ({ url }) => (await product.api.get(`${url}/deliveries`)).items;
const delivered = (hook) => until(async () => (await deliveries(hook)).every((one) => one.state === 'delivered') && deliveries(hook), 'all to be delivered');
function same(requests) {
  const [first, ...others] = requests;
  for (const other of others) {
    assert.equal(other.headers['miniops-event-id'], first.headers['miniops-event-id']);
    assert.ok(other.body.equals(first.body), 'the same bytes');
  }
}

test('what happens at the desk arrives: signed, once each, with personal data masked', async (context) => {
  const hook = await webhook(context, '/desk', ['conversation.opened', 'conversation.assigned', 'conversation.closed', 'message.received', 'message.sent', 'customer.changed']);
  const openid = await customer();
  await says(openid, '我的电话是 13812345678');
  await arrived('/desk', 2);
  const conversation = (await product.api.get(`/miniprograms/${product.appid}/conversations`)).items.find((one) => one.openid === openid);
  const agent = await product.login('agent');
  await agent.post(`/conversations/${conversation.id}/messages`, { msgtype: 'text', text: { content: '您好' } });
  await arrived('/desk', 4);
  await product.api.patch(`/miniprograms/${product.appid}/customers/${openid}`, { nickname: '林小满' });
  await agent.post(`/conversations/${conversation.id}/close`, { reason: '已解决' });
  const all = await arrived('/desk', 6);
  const log = await delivered(hook);

  const of = (kind) => all.filter((one) => one.event.kind === kind).map((one) => one.event.data);
  assert.deepEqual(all.map((one) => one.event.kind).sort(), ['conversation.assigned', 'conversation.closed', 'conversation.opened', 'customer.changed', 'message.received', 'message.sent']);
  assert.deepEqual(log.map((one) => one.event_id).sort(), all.map((one) => one.event.id).sort());
  assert.equal(of('conversation.opened')[0].conversation.id, conversation.id);
  assert.equal(of('conversation.closed')[0].event.note, '已解决');
  assert.equal(of('message.received')[0].openid, openid);
  assert.equal(of('message.sent')[0].message.text.content, '您好');
  assert.equal(of('customer.changed')[0].nickname, '林小满');
  for (const { signature, headers, body, event } of all) {
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual([headers['miniops-event-id'], headers['miniops-event-kind'], event.appid], [event.id, event.kind, product.appid]);
    assert.ok(isGenuine(signature, body, hook.secret), signature);
    assert.ok(!isGenuine(signature, body, `${hook.secret}x`), 'another secret');
    assert.ok(!isGenuine(signature, Buffer.concat([body, Buffer.from(' ')]), hook.secret), 'another body');
    assert.ok(!isGenuine(signature, body, hook.secret, Date.now() + 301_000), 'an old request');
    assert.ok(!body.includes('13812345678'), 'a phone number left the house');
  }
});

test('notes, wrap-ups, presences, rules, the blacklist and exports are told, too', async (context) => {
  const kinds = ['message.noted', 'conversation.changed', 'agent.presence_changed', 'automation.fired', 'customer.blocked', 'customer.unblocked', 'records.exported'];
  const hook = await webhook(context, '/around', kinds);
  const program = `/miniprograms/${product.appid}`;
  const rule = await product.api.post(`${program}/automation-rules`, { name: '退款标签', when: { event: 'opened' }, actions: [{ kind: 'add_tag', tag: '退款' }] });
  context.after(() => product.api.delete(`${program}/automation-rules/${rule.id}`));
  const openid = await customer();
  await says(openid, '我要退款');
  const conversation = await until(async () => (await product.api.get(`${program}/conversations`)).items.find((one) => one.openid === openid), 'the conversation');
  const agent = await product.login('agent');
  await agent.put(`${program}/presence`, { presence: 'busy' });
  context.after(() => agent.put(`${program}/presence`, { presence: 'offline' }));
  await agent.post(`/conversations/${conversation.id}/messages`, { msgtype: 'note', note: { content: '电话 13812345678' } });
  await agent.patch(`/conversations/${conversation.id}/wrap-up`, { tags: ['已核实'] });
  const [{ profile_id: person }] = (await product.api.post(`${program}/people/search`, { kind: 'openid', value: openid })).items;
  await product.api.put(`${program}/people/${person}/block`, { reason: '骚扰', ends_at: 0 });
  await product.api.delete(`${program}/people/${person}/block`);
  await product.api.post(`${program}/records/exports`, { format: 'jsonl' });
  const all = await until(() => kinds.every((kind) => receiver.at('/around').some((one) => one.event.kind === kind)) && receiver.at('/around'), () => `all kinds; there are ${receiver.at('/around').map((one) => one.event.kind)}`);
  const of = (kind) => all.find((one) => one.event.kind === kind).event.data;
  assert.equal(of('message.noted').message.direction, 'note');
  assert.equal(of('conversation.changed').conversation.id, conversation.id);
  assert.equal(of('agent.presence_changed').to, 'busy');
  assert.deepEqual([of('automation.fired').rule_id, of('automation.fired').conversation_id], [rule.id, conversation.id]);
  assert.deepEqual([of('customer.blocked').openid, of('customer.unblocked').profile_id], [openid, person]);
  assert.equal(of('records.exported').state, 'done');
  for (const { signature, body } of all) {
    assert.ok(isGenuine(signature, body, hook.secret), signature);
    assert.ok(!body.includes('13812345678'), 'a phone number left the house');
  }
});

test('while a secret is replaced both are right', async (context) => {
  const hook = await webhook(context, '/secrets', ['message.received']);
  const { secret } = await product.api.post(`${hook.url}/secret`, { previous_hours: 1 });
  assert.equal((await product.api.post(`${hook.url}/test`)).delivered, true);
  await product.api.post(`${hook.url}/secret`, { previous_hours: 0 });
  assert.equal((await product.api.post(`${hook.url}/test`)).delivered, true);
  const [both, neither] = receiver.at('/secrets');
  assert.deepEqual([hook.secret, secret].map((one) => isGenuine(both.signature, both.body, one)), [true, true]);
  assert.deepEqual([hook.secret, secret].map((one) => isGenuine(neither.signature, neither.body, one)), [false, false]);
});

test('what was not taken comes again with the same id and bytes, signed anew', async (context) => {
  const hook = await webhook(context, '/failing', ['message.received']);
  receiver.next('/failing', status(503), (response) => response.destroy());
  await says(await customer(), '在吗');
  await arrived('/failing', 1);
  const [waiting] = await until(async () => {
    const items = await deliveries(hook);
    return items[0]?.reason === 'server_error' && items;
  }, 'the failure in the log');
  assert.deepEqual([waiting.state, waiting.status], ['pending', 503]);
  const all = await arrived('/failing', 3, 40000);
  same(all);
  assert.notEqual(all[0].signature, all[2].signature);
  assert.ok(isGenuine(all[2].signature, all[2].body, hook.secret));
  const [done] = await delivered(hook);
  assert.deepEqual([done.attempts, done.status, done.reason], [3, 204, null]);
});

test('somebody sends it again by hand', async (context) => {
  const hook = await webhook(context, '/again', ['message.received']);
  await says(await customer(), '在吗');
  const [first] = await arrived('/again', 1);
  await delivered(hook);
  const again = await product.api.post(`${hook.url}/deliveries/${first.event.id}/redeliver`);
  assert.equal(again.state, 'pending');
  same(await arrived('/again', 2));
  await delivered(hook);
  assert.equal((await product.api.get(`${hook.url}/deliveries/${first.event.id}`)).body, first.body.toString());
});

test('kill -9 while the receiver holds its answer: the same event comes again', { timeout: 180000 }, async (context) => {
  const hook = await webhook(context, '/held', ['message.received']);
  receiver.next('/held', receiver.hold);
  await says(await customer(), '在吗');
  await arrived('/held', 1);
  await product.server.kill();
  receiver.letGo();
  await product.restart();
  const all = await arrived('/held', 2, 100000); // what a dead process had taken is free after a minute
  same(all);
  assert.ok(isGenuine(all[1].signature, all[1].body, hook.secret));
  const [done] = await delivered(hook);
  assert.equal(done.attempts, 2);
  assert.equal(receiver.at('/held').length, 2);
});

test('who answers 410 is told nothing more, until somebody switches it on', async (context) => {
  const hook = await webhook(context, '/gone', ['message.received']);
  const openid = await customer();
  receiver.next('/gone', status(410));
  await says(openid, '在吗');
  const off = await until(async () => {
    const now = await product.api.get(hook.url);
    return !now.enabled && now;
  }, 'the webhook to be off');
  assert.equal(off.health.off_reason, 'gone');
  const { items } = await product.api.get(`/miniprograms/${product.appid}/webhook-notices`);
  assert.deepEqual([items[0].webhook_id, items[0].reason], [hook.id, 'gone']);
  await assert.rejects(product.api.post(`${hook.url}/redeliver`, { from: 0, to: Date.now() + 1000 }), (error) => error.code === 'webhooks.switched_off');

  await product.api.patch(hook.url, { version: off.version, enabled: true });
  assert.deepEqual(await product.api.post(`${hook.url}/redeliver`, { from: 0, to: Date.now() + 1000 }), { queued: 1, more: false });
  same(await arrived('/gone', 2));
});

test('only the public internet is called, and what the administrator allows', async (context) => {
  const kinds = ['message.received'];
  for (const address of ['http://10.0.0.8/', 'http://127.0.0.2/', 'http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://[::ffff:10.0.0.8]/'])
    await assert.rejects(product.api.post(base, { address, kinds }), (error) => error.status === 422 && error.code === 'webhooks.address_not_allowed', address);
  // 127.0.0.2, written so that only who looks it up knows.
  const { webhook: made } = await product.api.post(base, { address: `http://2130706434:${new URL(receiver.url).port}/`, kinds });
  context.after(() => product.api.delete(`${base}/${made.id}`));
  const report = await product.api.post(`${base}/${made.id}/test`);
  assert.deepEqual([report.delivered, report.reason], [false, 'address_not_allowed']);
});

test('a receiver has so much time and so many bytes, and leads nowhere else', { timeout: 60000 }, async (context) => {
  const hook = await webhook(context, '/hostile', ['message.received']);
  receiver.next('/hostile', (response) => response.end(Buffer.alloc(1 << 20, 'x')), status(302, { location: `${receiver.url}/elsewhere` }), receiver.hold);
  const tried = () => product.api.post(`${hook.url}/test`);
  assert.equal((await tried()).reason, 'answer_too_large');
  assert.equal((await tried()).reason, 'redirected');
  const slow = await tried();
  receiver.letGo();
  assert.equal(slow.reason, 'timeout');
  assert.ok(slow.duration_ms >= 9_000 && slow.duration_ms < 15_000, `${slow.duration_ms} ms`);
  assert.equal(receiver.at('/elsewhere').length, 0);
  assert.equal((await product.api.get(hook.url)).health.reason, 'timeout');
});
