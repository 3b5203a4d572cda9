// Colleagues and supervisors in one conversation, through the real binary: a consult, a transfer that is accepted, a
// whisper that one agent of the group sees and the other does not, taking over, and what the audit log says of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Api, ApiError } from '../harness/client.mjs';
import { Live } from '../harness/live.mjs';
import { runBinary, until } from '../harness/process.mjs';
import { password, startProduct } from '../harness/product.mjs';

let product;
let boss;
let first;
let second;
let base;
let conversation;
let openid;
let live;
const messages = (api) => api.get(`/conversations/${conversation.id}/messages`);
const texts = async (api) => (await messages(api)).items.map((one) => one.note?.content ?? one.text?.content).reverse();
const now = (api) => api.get(`/conversations/${conversation.id}`);
const code = (promise) => promise.then(() => 'ok', (error) => (error instanceof ApiError ? error.code : Promise.reject(error)));

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  boss = await product.login('operator');
  first = await product.login('agent');
  // A second agent, of another group.
  const made = await runBinary(['admin', 'create-user', '--username', 'agent2', '--role', 'agent', '--miniprogram', product.appid, '--password-stdin', '--data', product.data], { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  second = await Api.login(product.url, 'agent2', password);
  second.id = second.session.account.id;
  const group = await product.api.post(`${base}/teams/groups`, { name: '退款组' });
  await product.api.post(`${base}/teams/groups/${group.id}/agents`, { add: [second.id] });
  await first.put(`${base}/presence`, { presence: 'online' });
  ({ openid } = await product.sandbox.user(product.appid));
  await product.sandbox.say(product.appid, openid, '订单有问题');
  conversation = await until(async () => (await first.get(`${base}/conversations`)).items.find((one) => one.assignee), 'the conversation, with its agent');
  await second.put(`${base}/presence`, { presence: 'online' });
  live = await Live.connect(product.url, second, { [product.appid]: null });
});
after(async () => {
  live?.close();
  await product?.stop();
});

test('a consult: whoever is asked is told, reads along, and answers with a note', async () => {
  assert.equal(await code(now(second)), 'desk.other_group');
  await first.post(`/conversations/${conversation.id}/messages`, { msgtype: 'note', note: { content: '@小李 能退吗', mentions: [second.id], consult: true } });
  const told = await live.wait((one) => one.topic === 'mention', 'the mention');
  assert.deepEqual(told.data.account_ids, [second.id]);
  const inbox = await second.get(`${base}/mentions?unread=true`);
  assert.equal(inbox.unread, 1);
  assert.deepEqual([inbox.items[0].kind, inbox.items[0].summary, inbox.items[0].answered_at], ['consult', '@小李 能退吗', null]);
  assert.equal((await second.get(`${base}/conversations`)).items.length, 1);
  assert.equal(await code(second.post(`/conversations/${conversation.id}/messages`, { msgtype: 'text', text: { content: '您好' } })), 'desk.other_group');
  await second.post(`/conversations/${conversation.id}/messages`, { msgtype: 'note', note: { content: '能退' } });
  assert.equal((await second.get(`${base}/mentions`)).unread, 0);
  const back = await first.get(`${base}/mentions?unread=true`);
  assert.deepEqual(back.items.map((one) => [one.kind, one.summary]), [['answer', '能退']]);
  assert.deepEqual(await first.post(`${base}/mentions/read`, { ids: [back.items[0].id] }), { unread: 0 });
  assert.ok((await first.get(`/conversations/${conversation.id}/mentions`)).items[0].answered_at);
});

test('a mention that is withdrawn takes the reading with it', async () => {
  const [mention] = (await first.get(`/conversations/${conversation.id}/mentions`)).items;
  await first.delete(`/conversations/${conversation.id}/mentions/${mention.id}`);
  assert.equal(await code(now(second)), 'desk.other_group');
  await live.wait((one) => one.topic === 'conversation_left' && one.data.id === conversation.id, 'that it is not theirs any more');
});

test('a transfer is offered, declined, ends by itself, and is accepted', async () => {
  await product.api.put(`${base}/desk-settings`, { transfer_accept_seconds: 2 });
  const offer = () => first.post(`/conversations/${conversation.id}/transfer`, { account_id: second.id, note: '请接' });
  const offered = await offer();
  assert.equal(offered.offer.to.id, second.id);
  assert.notEqual(offered.assignee.id, second.id);
  assert.equal((await second.post(`/conversations/${conversation.id}/transfer/decline`, { note: '在忙' })).offer, null);
  await offer();
  await until(async () => (await now(first)).offer === null, 'the end of the offer');
  assert.equal(await code(second.post(`/conversations/${conversation.id}/transfer/accept`)), 'desk.other_group');
  await product.api.put(`${base}/desk-settings`, { transfer_accept_seconds: 600 });
  await offer();
  await second.put(`${base}/presence`, { presence: 'offline' });
  assert.equal((await now(first)).offer, null, 'who went offline is not asked any more');
  assert.equal(await code(offer()), 'desk.agent_offline');
  await second.put(`${base}/presence`, { presence: 'online' });
  await offer();
  assert.equal(await code(second.post(`/conversations/${conversation.id}/typing`, { state: 'start' })), 'desk.other_group');
  // In two windows at once: one of them takes it.
  const accept = () => code(second.post(`/conversations/${conversation.id}/transfer/accept`));
  assert.deepEqual((await Promise.all([accept(), accept()])).sort(), ['desk.no_offer', 'ok']);
  const taken = await now(second);
  assert.deepEqual([taken.assignee.id, taken.offer], [second.id, null]);
  assert.equal(taken.waiting_since, offered.waiting_since, 'the customer has waited since then');
  const outcomes = live.changes.filter((one) => one.topic === 'transfer').map((one) => one.data.outcome);
  assert.deepEqual(outcomes.slice(0, 4), ['asked', 'declined', 'asked', 'expired']);
});

test('a supervisor watches, whispers and takes over; the others of the group hear nothing', async () => {
  assert.equal(await code(first.post(`/conversations/${conversation.id}/watch`)), 'desk.not_supervisor');
  await boss.post(`/conversations/${conversation.id}/watch`);
  const whisper = await boss.post(`/conversations/${conversation.id}/whispers`, { content: '先道歉', client_id: 'w1' });
  assert.equal(whisper.whispered_to, second.id);
  const told = await live.wait((one) => one.topic === 'whisper', 'that there is a whisper');
  assert.ok(!JSON.stringify(told).includes('道歉'));
  assert.ok((await texts(second)).includes('先道歉'));
  assert.ok((await texts(boss)).includes('先道歉'));
  assert.ok(!(await texts(first)).includes('先道歉'), 'of the same group');

  const own = await boss.post(`/conversations/${conversation.id}/take-over`);
  assert.notEqual(own.assignee.id, second.id);
  await live.wait((one) => one.topic === 'transfer' && one.data.outcome === 'taken_over', 'that it was taken over');
});

test("a supervisor sets an agent's presence, and the agent is told by whom", async () => {
  const path = `${base}/agents/${second.id}/presence`;
  assert.equal(await code(first.put(path, { presence: 'busy' })), 'desk.not_supervisor');
  const set = await boss.put(path, { presence: 'busy', reason: 'meeting' });
  assert.deepEqual([set.presence, set.reason], ['busy', 'meeting']);
  const told = await until(() => live.others.find((one) => one.type === 'presence' && one.by), 'the presence');
  assert.equal(told.account_id, second.id);
});

test('the customer received the answer and nothing else', async () => {
  await boss.post(`/conversations/${conversation.id}/messages`, { msgtype: 'text', text: { content: '抱歉，马上处理' } });
  const received = async () => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text?.content ?? one.msgtype);
  await until(async () => (await received()).includes('抱歉，马上处理'), 'the answer on the phone');
  assert.deepEqual(await received(), ['抱歉，马上处理']);
});

test('all of it is in the audit log', async () => {
  const { items } = await product.api.get(`${base}/audit?action=desk.&limit=100`);
  const actions = items.map((one) => one.action).filter((one) => /^desk\.(conversation|agent)\./.test(one)).sort();
  assert.deepEqual(actions, ['desk.agent.presence', 'desk.conversation.take_over', 'desk.conversation.watch', 'desk.conversation.whisper']);
  assert.ok(!JSON.stringify(items).includes('道歉'), 'but not what was whispered');
});
