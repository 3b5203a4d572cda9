// Quick replies and macros through the real binary: from a text in a folder to the customer's phone, and a macro that is
// run once and taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let agent;
let base;
let openid;
let conversation;
let reply;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
  ({ openid } = await product.sandbox.user(product.appid));
  await product.sandbox.say(product.appid, openid, '想退款');
  conversation = await until(async () => (await agent.get(`${base}/conversations`)).items.find((one) => one.openid === openid && one.assignee), 'the conversation, with its agent');
  await agent.patch(`${base}/customers/${openid}`, { nickname: '小红' });
});
after(() => product?.stop());

const now = () => agent.get(`/conversations/${conversation.id}`);
const tags = async () => (await agent.get(`${base}/customers/${openid}`)).tags;
const uses = async () => (await agent.get(`${base}/quick-replies`)).items.find((one) => one.id === reply.id).uses;
const onPhone = async () => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text.content);
const run = (macro, headers) => agent.post(`${base}/macros/${macro.id}/run`, { conversation_id: conversation.id }, headers);
const greeting = /^您好小红，这里是示例小程序，我是.+。$/;

test('a quick reply is filled in, sent once and counted once', async () => {
  reply = await agent.post(`${base}/quick-replies`, {
    folder: '售后 / 退款', shortcut: 'hello', title: '退款说明', content: '您好{{customer.nickname|亲}}，这里是{{miniprogram.name}}，我是{{agent.name}}。',
  });
  assert.deepEqual((await agent.get(`${base}/quick-reply-folders`)).items, [{ path: '售后/退款', scope: 'personal', quick_replies: 1 }]);
  assert.deepEqual((await agent.get(`${base}/quick-replies?q=tksm`)).items.map((one) => one.id), [reply.id]);

  const filled = await agent.post(`${base}/quick-replies/${reply.id}/fill-in`, { conversation_id: conversation.id });
  assert.match(filled.text, greeting);
  const message = { msgtype: 'text', text: { content: filled.text }, client_id: 'first', quick_reply_id: reply.id };
  const sent = await agent.post(`/conversations/${conversation.id}/messages`, message);
  assert.equal((await agent.post(`/conversations/${conversation.id}/messages`, message)).id, sent.id);
  assert.equal(await uses(), 1);
  await until(async () => (await onPhone()).length === 1, 'the text on the phone');
  assert.match((await onPhone())[0], greeting);
});

test('a macro does several things once, and undoing takes back what was not said', async () => {
  const macro = await agent.post(`${base}/macros`, {
    name: '退款完结',
    actions: [{ kind: 'send_reply', quick_reply_id: reply.id }, { kind: 'add_tag', tag: '已退款' }, { kind: 'note', text: '核对过' }, { kind: 'close' }],
  });
  const once = { 'idempotency-key': 'macro-of-the-story' };
  const done = await run(macro, once);
  assert.equal((await run(macro, once)).id, done.id);
  assert.deepEqual(done.actions.map((one) => [one.kind, one.undoable]), [['send_text', false], ['add_tag', true], ['note', false], ['close', true]]);
  assert.equal((await now()).state, 'closed');
  assert.deepEqual(await tags(), ['已退款']);
  assert.equal(await uses(), 2);
  await until(async () => (await onPhone()).length === 2, 'the second text on the phone');

  const back = await agent.post(`${base}/macro-runs/${done.id}/undo`);
  assert.deepEqual(back.actions, ['reopen', 'remove_tag']);
  assert.deepEqual(back.kept, [{ kind: 'note', why: 'sent' }, { kind: 'send_text', why: 'sent' }]);
  const reopened = await now();
  assert.deepEqual([reopened.state, reopened.assignee], ['active', conversation.assignee]);
  assert.deepEqual(await tags(), []);
  assert.equal((await onPhone()).length, 2);
  await assert.rejects(agent.post(`${base}/macro-runs/${done.id}/undo`), (error) => error.status === 409 && error.code === 'quick_replies.undone');
});

test('a macro that may not say something does nothing', async () => {
  await product.api.post(`${base}/words`, { word: '加微信', action: 'block' });
  const macro = await agent.post(`${base}/macros`, {
    name: '不行',
    actions: [{ kind: 'add_tag', tag: '没有' }, { kind: 'send_text', text: '请稍等' }, { kind: 'send_text', text: '请加微信聊' }],
  });
  await assert.rejects(run(macro), (error) => error.status === 422 && error.code === 'desk.blocked_word');
  assert.deepEqual(await tags(), []);
  const { items } = await agent.get(`/conversations/${conversation.id}/messages`);
  assert.ok(!items.some((one) => one.text?.content === '请稍等'));
});
