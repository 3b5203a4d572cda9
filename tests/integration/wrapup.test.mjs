// Wrap-up through the real binary: a list of reasons, what an agent says at closing, what can be found and counted by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let agent;
let base;
let refund;
let exchange;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
});
after(() => product?.stop());

const refused = (status, code) => (error) => error.status === status && error.code === code;
const now = (id) => agent.get(`/conversations/${id}`);
async function writes(text) {
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, text);
  return until(async () => (await agent.get(`${base}/conversations`)).items.find((one) => one.openid === openid && one.assignee), 'the conversation, with its agent');
}

test('reasons and fields are set up by who configures the desk', async () => {
  const above = await product.api.post(`${base}/contact-reasons`, { name: '售后' });
  refund = await product.api.post(`${base}/contact-reasons`, { name: '退款', parent_id: above.id });
  exchange = await product.api.post(`${base}/contact-reasons`, { name: '换货', parent_id: above.id, tags: ['尺码'] });
  assert.deepEqual([exchange.parent_id, exchange.choosable, exchange.used], [above.id, true, false]);
  await product.api.put(`${base}/contact-reasons/order`, { parent_id: above.id, ids: [exchange.id, refund.id] });
  const { items } = await agent.get(`${base}/contact-reasons`);
  assert.deepEqual(items.filter((one) => one.parent_id).map((one) => one.name), ['换货', '退款']);
  assert.equal(items.find((one) => one.id === above.id).choosable, false);
  await product.api.post(`${base}/conversation-fields`, { key: 'order_no', name: '订单号', type: 'text', chars_max: 20 });
  await assert.rejects(agent.post(`${base}/contact-reasons`, { name: '不行' }), refused(403, 'identity.forbidden'));
  await assert.rejects(product.api.post(`${base}/contact-reasons`, { name: '三级', parent_id: refund.id }), refused(422, 'wrapup.too_deep'));
});

test('an agent confirms at closing what was suggested, and changes it afterwards', async () => {
  const { id } = await writes('想换大一号');
  await agent.patch(`/conversations/${id}/wrap-up`, { tags: ['尺码'], fields: { order_no: 'A1' } });
  const asked = await agent.get(`/conversations/${id}/wrap-up`);
  assert.deepEqual([asked.suggested_reason_id, asked.reason_required, asked.tags, asked.fields], [exchange.id, false, ['尺码'], { order_no: 'A1' }]);
  const closed = await agent.post(`/conversations/${id}/close`, { reason_id: exchange.id });
  assert.deepEqual([closed.state, closed.reason, closed.tags], ['closed', { id: exchange.id, name: '售后 / 换货' }, ['尺码']]);

  await agent.patch(`/conversations/${id}/wrap-up`, { reason_id: refund.id, fields: { order_no: null } });
  assert.deepEqual([(await now(id)).reason.name, (await now(id)).fields], ['售后 / 退款', {}]);
  const { items } = await agent.get(`/conversations/${id}/events`);
  assert.deepEqual(items.filter((one) => one.kind === 'reason_set').map((one) => one.note), ['售后 / 退款', '售后 / 换货']);
  const audit = (await product.api.get(`${base}/audit`)).items.find((one) => one.action === 'desk.wrap_up.update');
  assert.equal(audit.object, `conversation:${id}`);
  assert.ok(!JSON.stringify(audit).includes('A1'));

  const found = async (query) => (await agent.get(`${base}/conversations?${query}`)).items.map((one) => one.id);
  assert.deepEqual(await found(`reason_id=${refund.parent_id}`), [id]);
  assert.deepEqual(await found(`reason_id=${exchange.id}`), []);
  assert.deepEqual(await found(`tag=${encodeURIComponent('尺码')}`), [id]);
  assert.deepEqual((await agent.get(`${base}/conversation-tags`)).items.map((one) => one.tag), ['尺码']);
  await assert.rejects(product.api.delete(`${base}/contact-reasons/${refund.id}`), refused(409, 'wrapup.used'));
});

test('a required reason is asked for, and reports count by it', async () => {
  await product.api.put(`${base}/wrap-up-settings`, { reason_required: true });
  const from = Date.now() - 3_600_000;
  const { id } = await writes('退款到哪了');
  await assert.rejects(agent.post(`/conversations/${id}/close`), refused(422, 'desk.reason_required'));
  assert.notEqual((await now(id)).state, 'closed');
  await agent.post(`/conversations/${id}/close`, { reason_id: refund.id, outcome: 'unresolved' });
  const figures = (by) => product.api.get(`${base}/desk/reports/figures?from=${from}&to=${Date.now() + 1000}&by=${by}`);
  await until(async () => (await figures('reason')).rows.some((row) => row.reason_id === refund.id && row.figures.conversations.count === 2), 'both in the report');
  assert.equal((await figures('reason')).rows.find((row) => row.reason_id === refund.id).name, '售后 / 退款');
  const tags = await figures('tag');
  assert.equal(tags.rows.find((row) => row.tag === '尺码').figures.conversations.count, 1);
  assert.equal(tags.totals.conversations.count, tags.rows.reduce((sum, row) => sum + row.figures.conversations.count, 0));
  await product.api.put(`${base}/wrap-up-settings`, { reason_required: false });
});
