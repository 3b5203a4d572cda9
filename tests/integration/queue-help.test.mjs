// What customers who wait are told by themselves, through the real binary and the sandbox: on the phone, and in the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { SimulatedClock } from '../harness/simulated_clock.mjs';

let clock;
let product;
let agent;
let base;
before(async () => {
  clock = new SimulatedClock('2026-11-23T20:00:00+08:00'); // a Monday
  product = await startProduct({ clock, serverArgs: ['--server-session-idle-minutes', '20000'] });
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
});
after(async () => {
  await product?.stop();
  clock?.remove();
});

const settings = (change) => product.api.put(`${base}/queue-settings`, change);
const received = async (openid) => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text.content);
const says = (openid, text) => product.sandbox.say(product.appid, openid, text);
const conversationOf = (openid) => until(async () => (await product.api.get(`${base}/conversations?limit=100`)).items.find((one) => one.openid === openid), 'the conversation');
async function customer(text = '在吗') {
  const { openid } = await product.sandbox.user(product.appid);
  await says(openid, text);
  const { id } = await conversationOf(openid);
  return { openid, id };
}
const messages = async (id) => (await product.api.get(`/conversations/${id}/messages`)).items; // the newest first

test('settings: ours until they are changed, bad ones refused, each change audited', async () => {
  const first = await product.api.get(`${base}/queue-settings`);
  assert.equal(first.notices, false);
  assert.match(first.wait_text, /\{position\}.*\{wait\}/);
  const refused = (error) => error.status === 400 && error.code === 'request.invalid';
  await assert.rejects(settings({ position_text: '{wait}' }), refused);
  await assert.rejects(settings({ notice: true }), refused);
  await assert.rejects(agent.put(`${base}/queue-settings`, { notices: true }), (error) => error.status === 403);
  assert.equal((await settings({ position_text: '前面 {position}' })).position_text, '前面 {position}');
  assert.deepEqual(await settings({ position_text: '' }), first);
  const log = (await product.api.get(`${base}/audit?limit=20`)).items;
  assert.ok(log.some((one) => one.action === 'desk.queue_settings.update'));
});

test('a customer who waits hears their place on the phone, once', async () => {
  await settings({ notices: true, position_text: '第 {position} 位' });
  const one = await customer();
  await until(async () => (await received(one.openid)).length === 1, 'the notice');
  const two = await customer();
  await until(async () => (await received(two.openid)).length === 1, 'the other notice');
  assert.deepEqual([await received(one.openid), await received(two.openid)], [['第 1 位'], ['第 2 位']]);
  await says(two.openid, '还要多久');
  await until(async () => (await messages(two.id)).filter((message) => message.direction === 'in').length === 2, 'the second message');
  const [last, ...before] = await messages(two.id);
  assert.equal(last.direction, 'in', 'nothing new was said');
  assert.deepEqual([before[0].cause, before[0].sender_kind], ['queue', 'system']);

  await agent.post(`/conversations/${one.id}/close`, { reason: '' });
  await says(two.openid, '快点');
  await until(async () => (await received(two.openid)).length === 2, 'what has changed');
  assert.equal((await received(two.openid))[1], '第 1 位');
  assert.equal((await product.api.get(`/conversations/${two.id}`)).budget.remaining, 4);
});

const nineToSix = { time_zone: 'Asia/Shanghai', days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [{ from: '09:00', to: '18:00' }]])) };
async function changeGroup(change) {
  const { version } = await product.api.get(`${base}/teams/groups/1`);
  await product.api.patch(`${base}/teams/groups/1`, { version, ...change });
}
const shanghai = (at) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16);
const spoken = (openid, count) => until(async () => (await received(openid)).length === count && received(openid), `${count} messages on the phone`);

test('out of hours a customer leaves a message, which comes back in the morning', async () => {
  await changeGroup({ calendar: nineToSix });
  await settings({ notices: true, leave: true });
  const { openid, id } = await customer('有人吗');
  const [offer] = await spoken(openid, 1);
  assert.match(offer, /回复 1/);
  await says(openid, '１');
  await spoken(openid, 2);
  await says(openid, '发票抬头错了，请打 13800138000 找王女士');
  assert.match((await spoken(openid, 3))[2], /11-24 13:00/);

  const parked = await product.api.get(`/conversations/${id}`);
  assert.deepEqual([parked.stage, parked.state, parked.assignee, shanghai(parked.parked_until), shanghai(parked.left_due_at)], ['parked', 'waiting', null, '2026-11-24T09:00', '2026-11-24T13:00']);
  const left = await product.api.get(`/conversations/${id}/left-message`);
  assert.deepEqual([left.reason, left.subject, left.contact], ['closed', '发票抬头错了，请打 138****8000 找王女士', { text: '138****8000', position: 0 }]);
  const revealed = await product.api.post(`/conversations/${id}/messages/${left.message_id}/reveal`, { position: left.contact.position });
  assert.equal(revealed.value, '13800138000');
  assert.ok(!JSON.stringify([parked, left]).includes('13800138000'));

  await clock.advance(13 * 3_600_000 + 60_000);
  const back = await until(async () => {
    const one = await product.api.get(`/conversations/${id}`);
    return one.stage === 'queued' && one;
  }, 'it to be back');
  assert.equal(back.waiting_since, parked.waiting_since);
  assert.equal((await product.api.get(`/conversations/${id}/left-message`)).returns_at, null);
  await agent.post(`/conversations/${id}/take`);
  await agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: '已为您重开' } });
  await spoken(openid, 4);
});

test('in busy mode it is offered at once, with the notice; nothing was left, nothing is found', async () => {
  await changeGroup({ busy: { set: 'on' } });
  const { openid, id } = await customer();
  const [said] = await spoken(openid, 1);
  assert.match(said, /咨询的人较多[^]*第 \d+ 位[^]*回复 1/);
  await assert.rejects(product.api.get(`/conversations/${id}/left-message`), (error) => error.status === 404 && error.code === 'desk.not_found');
  await assert.rejects(settings({ offer_text: '请留言' }), (error) => error.status === 400);
  await changeGroup({ busy: { set: 'off' } });
});

test('who waits too long is offered it without writing', async () => {
  const { openid } = await customer();
  assert.equal((await spoken(openid, 1)).length, 1);
  await clock.advance(10 * 60_000 + 1000);
  assert.match((await spoken(openid, 2))[1], /回复 1/);
});
