// Tiers 服务级别, through the real binary on a clock that the test moves: who waits for too long, or is worked on for too
// long, goes up by itself; agents hand up by hand; the simulator says where to.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiError } from '../harness/client.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { SimulatedClock } from '../harness/simulated_clock.mjs';

const minute = 60_000;

let clock;
let product;
let base;
let agent;
let expert;
let experts;
before(async () => {
  clock = new SimulatedClock('2026-11-24T10:00:00+08:00');
  product = await startProduct({ clock });
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
  await product.addMember('expert', 'agent', 'expert1');
  expert = await product.login('expert');
  experts = await product.api.post(`${base}/teams/groups`, { name: '专家组', tier: 'expert' });
  await product.api.post(`${base}/teams/groups/${experts.id}/agents`, { add: [expert.session.account.id] });
});
after(async () => {
  await product?.stop();
  clock?.remove();
});

const code = (promise) => promise.then(() => 'ok', (error) => (error instanceof ApiError ? error.code : Promise.reject(error)));
const now = (id) => product.api.get(`/conversations/${id}`);
const kinds = async (id) => (await product.api.get(`/conversations/${id}/events`)).items.map((one) => one.kind).reverse();
const online = (who) => who.put(`${base}/presence`, { presence: 'online' });
const offline = (who) => who.put(`${base}/presence`, { presence: 'offline' });
const inGroup = (id, group) => until(async () => ((one) => one.group_id === group && one)(await now(id)), `the conversation in the group ${group}`);

async function escalateDefault(escalation) {
  const { version } = await product.api.get(`${base}/teams/groups/1`);
  const changed = await product.api.patch(`${base}/teams/groups/1`, { version, escalation });
  assert.deepEqual(changed.escalation, { waiting_minutes: 0, assigned_minutes: 0, ...escalation });
}
async function asks(text) {
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, text);
  return until(async () => (await product.api.get(`${base}/conversations?limit=100`)).items.find((one) => one.openid === openid), 'the conversation');
}
async function assigned(text) {
  await online(agent);
  const { id } = await asks(text);
  return until(async () => ((one) => one.assignee?.id === agent.session.account.id && one)(await now(id)), 'its agent');
}

test('what is wrong about a tier is refused', async () => {
  assert.equal(experts.tier, 'expert');
  const patch = (change) => code(product.api.patch(`${base}/teams/groups/${experts.id}`, { version: experts.version, ...change }));
  assert.equal(await patch({ tier: 'automatic' }), 'request.invalid', 'it is before people');
  assert.equal(await patch({ escalation: { waiting_minutes: 10_081 } }), 'request.invalid');
  assert.equal(await patch({ escalation: { waiting_seconds: 5 } }), 'request.invalid');
});

test('who waits for too long goes up by itself, and keeps the waiting time', async () => {
  await escalateDefault({ waiting_minutes: 10 });
  const { id, waiting_since } = await asks('在吗');
  await clock.advance(9 * minute);
  assert.equal((await now(id)).group_id, '1');
  await clock.advance(2 * minute);
  const up = await inGroup(id, experts.id);
  assert.ok(up.escalated_at >= waiting_since + 10 * minute);
  assert.equal(up.waiting_since, waiting_since);
  assert.deepEqual(await kinds(id), ['opened', 'escalated']);
  const [note] = (await product.api.get(`/conversations/${id}/messages`)).items;
  assert.deepEqual([note.direction, note.system.event, note.system.reason, note.system.minutes, note.system.to], ['note', 'escalated', 'waiting', 10, experts.id]);
  assert.equal(await code(agent.get(`/conversations/${id}`)), 'desk.other_group');
  await online(expert);
  await until(async () => (await now(id)).assignee?.id === expert.session.account.id, 'the expert');
  await offline(expert);
});

test('what an agent does not close in time goes up, too', async () => {
  await escalateDefault({ assigned_minutes: 5 });
  const { id } = await assigned('怎么退货');
  await agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: '请稍等' } });
  await clock.advance(6 * minute);
  const up = await inGroup(id, experts.id);
  assert.equal(up.assignee, null);
  assert.equal((await kinds(id)).at(-1), 'escalated');
  await escalateDefault({});
});

test('a macro hands up and is taken back; an automation rule hands up', async () => {
  const actions = [{ kind: 'transfer_tier', tier: 'expert' }];
  const macro = await agent.post(`${base}/macros`, { scope: 'personal', name: '升级给专家', actions });
  assert.deepEqual(macro.actions, actions);
  const { id } = await assigned('请升级');
  const run = await agent.post(`${base}/macros/${macro.id}/run`, { conversation_id: id });
  assert.deepEqual(run.actions.map((one) => [one.kind, one.undoable]), [['to_tier', true]]);
  const up = await inGroup(id, experts.id);
  assert.equal(up.assignee, null);
  await agent.post(`${base}/macro-runs/${run.id}/undo`);
  const back = await now(id);
  assert.deepEqual([back.group_id, back.assignee?.id], ['1', agent.session.account.id]);
  await agent.post(`/conversations/${id}/close`, { outcome: 'resolved' });

  const rule = await product.api.post(`${base}/automation-rules`, { name: '投诉升级', when: { event: 'opened' }, condition: { field: 'text', op: 'has', value: ['投诉'] }, actions });
  await inGroup((await asks('我要投诉')).id, experts.id);
  assert.equal((await now((await asks('在吗')).id)).group_id, '1');
  await product.api.delete(`${base}/automation-rules/${rule.id}`);
});

test('an agent hands up with a note; the rules choose the group within the tier', async () => {
  const chiefs = await product.api.post(`${base}/teams/groups`, { name: '退款主管', tier: 'expert' });
  const rule = { name: '大额退款', condition: { field: 'text', op: 'has', value: ['大额'] }, target: { group: chiefs.id } };
  const { id } = await assigned('大额退款');
  const made = await product.api.post(`${base}/teams/routing-rules`, rule);
  const body = { account_id: expert.session.account.id, tier: 'expert' };
  assert.equal(await code(agent.post(`/conversations/${id}/transfer`, body)), 'request.invalid', 'to one of them');
  const up = await agent.post(`/conversations/${id}/transfer`, { tier: 'expert', note: '超过我的权限' });
  assert.deepEqual([up.group_id, up.stage, up.escalated_at], [chiefs.id, 'queued', null]);
  const [note] = (await product.api.get(`/conversations/${id}/messages`)).items;
  assert.equal(note.note.content, '超过我的权限');

  const answer = await product.api.post(`${base}/routing/try`, { tier: 'expert', texts: ['大额'] });
  assert.deepEqual([answer.queue.group, answer.queue.rule], [chiefs.id, made.id]);
  const other = await product.api.post(`${base}/routing/try`, { tier: 'expert', texts: ['小事'] });
  assert.deepEqual([other.queue.group, other.queue.rule], [experts.id, null]);
  // Who supervises asks as well, and changes nothing; other agents do not.
  assert.equal(await code(agent.post(`${base}/routing/try`, { texts: ['大额'] })), 'desk.not_supervisor');
  const permissions = `${base}/members/${expert.session.account.id}/permissions`;
  await product.api.patch(permissions, { group_grants: [{ permission: 'desk.supervise', group_id: experts.id }] });
  assert.equal((await expert.post(`${base}/routing/try`, { tier: 'expert', texts: ['大额'] })).queue.group, chiefs.id);
  assert.equal(await code(expert.post(`${base}/routing/try`, { conversation_id: id })), 'desk.other_group', 'it is the chiefs’');
  assert.equal(await code(expert.post(`${base}/routing/replay`, { days: 1 })), 'identity.forbidden');

  const down = await product.api.post(`/conversations/${id}/transfer`, { tier: 'ordinary' });
  assert.equal(down.group_id, '1');

  for (const group of [chiefs.id, experts.id]) {
    const { version } = await product.api.get(`${base}/teams/groups/${group}`);
    await product.api.patch(`${base}/teams/groups/${group}`, { version, tier: 'ordinary' });
  }
  assert.equal(await code(product.api.post(`/conversations/${id}/transfer`, { tier: 'expert' })), 'desk.empty_tier');
});
