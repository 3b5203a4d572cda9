// Rules on trial, through the real binary: the last days are routed once more, page by page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiError } from '../harness/client.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let base;
let group;
let conversations;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  group = await product.api.post(`${base}/teams/groups`, { name: '退款组' });
  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
  conversations = [];
  for (const text of ['我要退款', '几点营业']) {
    const { openid } = await product.sandbox.user(product.appid);
    await product.sandbox.say(product.appid, openid, text);
    conversations.push(await until(async () => (await product.api.get(`${base}/conversations`)).items.find((one) => one.openid === openid && one.assignee), 'the conversation, with its agent'));
  }
});
after(() => product?.stop());

const code = (promise) => promise.then(() => 'ok', (error) => (error instanceof ApiError ? error.code : Promise.reject(error)));
const rule = () => ({ name: '退款', condition: { field: 'text', op: 'has', value: ['退款'] }, target: { group: group.id } });
const replay = (body) => product.api.post(`${base}/routing/replay`, body);

test('nothing differs by the rules that were there', async () => {
  const { conversations: n, total, moved, agents, changes, next_cursor } = await replay({ days: 1 });
  assert.deepEqual({ n, total, moved, agents, changes, next_cursor }, { n: 2, total: 2, moved: 0, agents: { had: 2, fit: 2 }, changes: [], next_cursor: null });
});

test('other rules move a conversation, and its agent could not have had it', async () => {
  const found = await replay({ days: 7, rules: [rule()] });
  assert.equal(found.moved, 1);
  assert.deepEqual(found.agents, { had: 2, fit: 1 });
  const [{ agent_id, ...change }] = found.changes;
  assert.deepEqual(change, { conversation_id: conversations[0].id, from_group: '1', to_group: group.id, rule_id: '1', agent_obstacle: 'other_group' });
  assert.equal(agent_id, conversations[0].assignee.id);
  assert.equal((await product.api.get(`/conversations/${conversations[0].id}`)).group_id, '1', 'nothing was changed');
});

test('a replay goes on where it was, and nowhere else', async () => {
  const since = Date.now() - 86_400_000;
  const at = ({ opened_at, id }) => `${since}.${opened_at}.${id}.1`;
  const rest = await replay({ days: 1, cursor: at(conversations[1]) });
  assert.deepEqual([rest.conversations, rest.total, rest.next_cursor], [1, undefined, null], 'the older of the two');
  for (const wrong of ['x', '1.2.3', `${at(conversations[1])}.5`, `${since}.-1.1.1`, `0.${conversations[1].opened_at}.1.1`, `${since}.1.1.0`]) assert.equal(await code(replay({ days: 1, cursor: wrong })), 'request.invalid_cursor', wrong);
});
