// Automation rules through the real binary: a rule writes to the customer's phone and marks the conversation, what it does
// begins no rule, and the log and the dry run say why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let base;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
});
after(() => product?.stop());

const rules = async () => (await product.api.get(`${base}/automation-rules`)).items;
const log = async (query = '') => (await product.api.get(`${base}/automation-log${query}`)).items;
const add = (rule) => product.api.post(`${base}/automation-rules`, rule);
const conversationOf = async (openid) => until(async () => (await product.api.get(`${base}/conversations`)).items.find((one) => one.openid === openid), 'the conversation');
const onPhone = async (openid) => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text.content);
const asksFor = (word) => ({ field: 'text', op: 'has', value: [word] });
async function customer(text) {
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, text);
  return openid;
}

let refunds;
let closed;

test('a rule acts on what happens, and what it does begins no rule', async () => {
  refunds = await add({
    name: '退款', when: { event: 'opened' }, condition: asksFor('退款'),
    actions: [{ kind: 'send_text', text: '您好{{customer.nickname|亲}}，退款请稍候' }, { kind: 'add_tag', tag: '退款' }, { kind: 'set_priority', priority: 30 }, { kind: 'close' }],
  });
  closed = await add({ name: '结束', when: { event: 'closed' }, actions: [{ kind: 'add_tag', tag: '结束' }] });
  assert.deepEqual([refunds.position, closed.position], [0, 1]);
  assert.deepEqual([refunds.warnings, closed.warnings.map((one) => one.kind)], [[], ['matches_everything']]);

  const openid = await customer('我要退款');
  await until(async () => (await onPhone(openid)).length === 1, 'the text on the phone');
  assert.deepEqual(await onPhone(openid), ['您好亲，退款请稍候']);
  const conversation = await conversationOf(openid);
  assert.deepEqual([conversation.state, conversation.priority], ['closed', 30]);
  assert.deepEqual((await product.api.get(`${base}/customers/${openid}`)).tags, ['退款']);

  const fired = await log('?outcome=fired');
  assert.deepEqual(fired.map((one) => [one.rule_id, one.conversation_id, one.event]), [[refunds.id, conversation.id, 'opened']]);
  assert.deepEqual(fired[0].actions.map((one) => [one.kind, one.result]), [['send_text', 'done'], ['add_tag', 'done'], ['set_priority', 'done'], ['close', 'done']]);
});

test('the log says why a rule did nothing', async () => {
  const openid = await customer('在吗');
  const conversation = await conversationOf(openid);
  const [entry] = await until(async () => {
    const found = await log(`?conversation_id=${conversation.id}`);
    return found.length > 0 && found;
  }, 'the entry');
  assert.deepEqual([entry.rule_id, entry.outcome], [refunds.id, 'not_matched']);
  assert.deepEqual(entry.compared, [{ index: 0, field: 'text', op: 'has', key: '', held: false }]);
  await product.api.post(`/conversations/${conversation.id}/close`, { reason: '' });
  assert.deepEqual((await product.api.get(`${base}/customers/${openid}`)).tags, ['结束']);
  await assert.rejects(log('?outcome=sneezed'), (error) => error.status === 400);
});

test('the dry run says what would have fired, and does nothing', async () => {
  const draft = { name: '试', when: { event: 'message_received' }, condition: asksFor('在吗'), actions: [{ kind: 'add_tag', tag: '试' }] };
  const run = await product.api.post(`${base}/automation-rules/dry-run`, draft);
  assert.deepEqual([run.conversations, run.fired, run.firings, run.warnings], [2, 1, 1, []]);
  assert.deepEqual(run.items.map((one) => one.firings).sort(), [0, 1]);
  assert.equal((await rules()).length, 2);
});

test('rules are moved, switched off and deleted by the version that was seen', async () => {
  await product.api.post(`${base}/automation-rules/${closed.id}/move`, { before: refunds.id });
  assert.deepEqual((await rules()).map((one) => one.id), [closed.id, refunds.id]);
  const off = await product.api.patch(`${base}/automation-rules/${refunds.id}`, { version: refunds.version, enabled: false });
  assert.deepEqual([off.enabled, off.version], [false, refunds.version + 1]);
  await assert.rejects(product.api.patch(`${base}/automation-rules/${refunds.id}`, { version: refunds.version, enabled: true }), (error) => error.status === 409 && error.code === 'automation.changed');
  await assert.rejects(add({ name: 'x', when: { event: 'opened' }, actions: [{ kind: 'transfer_group', group_id: '99' }] }), (error) => error.status === 422 && error.code === 'automation.no_such_target');
  await assert.rejects(add({ name: 'x', when: { event: 'closed' }, actions: [{ kind: 'send_text', text: 'x' }] }), (error) => error.status === 400 && error.code === 'request.invalid');
  const openid = await customer('还要退款');
  await conversationOf(openid);
  assert.deepEqual(await onPhone(openid), []);
  await product.api.delete(`${base}/automation-rules/${refunds.id}`);
  await product.api.delete(`${base}/automation-rules/${closed.id}`);
  assert.deepEqual(await rules(), []);
});
