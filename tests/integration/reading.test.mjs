// What somebody reads of others, through the real binary: customers, pictures and satisfaction go by the group as their
// conversations do, and what is read by a grant alone is in the audit log.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Api, ApiError } from '../harness/client.mjs';
import { Live } from '../harness/live.mjs';
import { runBinary, until } from '../harness/process.mjs';
import { password, startProduct } from '../harness/product.mjs';

let product;
let base;
let refunds; // an agent of that group
let other; // one of the default group
let conversation;
let openid;
let media;
const code = (promise) => promise.then(() => 'ok', (error) => (error instanceof ApiError ? error.code : Promise.reject(error)));
const audited = async (action) => (await product.api.get(`${base}/audit?action=${action}&limit=100`)).items;

async function agentOf(username, group) {
  const made = await runBinary(['admin', 'create-user', '--username', username, '--role', 'agent', '--miniprogram', product.appid, '--password-stdin', '--data', product.data], { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  const api = await Api.login(product.url, username, password);
  api.id = api.session.account.id;
  if (group) await product.api.post(`${base}/teams/groups/${group.id}/agents`, { add: [api.id] });
  return api;
}

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  const group = await product.api.post(`${base}/teams/groups`, { name: '退款组' });
  refunds = await agentOf('refunds1', group);
  other = await agentOf('other1');
  ({ openid } = await product.sandbox.user(product.appid, { nickname: '小明' }));
  const live = await Live.connect(product.url, product.api, { [product.appid]: null });
  await product.sandbox.say(product.appid, openid, '我要退款');
  conversation = await until(async () => (await product.api.get(`${base}/conversations`)).items[0], 'the conversation');
  await product.api.post(`/conversations/${conversation.id}/transfer`, { group_id: group.id });
  await product.sandbox.say(product.appid, openid, { msgtype: 'image' });
  media = (await live.wait((one) => one.topic === 'message' && one.data.msgtype === 'image', 'the picture')).data.image.media_id;
  live.close();
});
after(() => product?.stop());

test('a customer and their pictures are shown to whoever reads the conversation', async () => {
  const picture = (api) => api.get(`${base}/media/${encodeURIComponent(media)}`);
  await until(async () => (await code(picture(refunds))) === 'ok', 'the picture to be fetched');
  const person = (await product.api.post(`${base}/people/search`, { kind: 'openid', value: openid })).items[0].profile_id;
  const asked = {
    customer: (api) => api.get(`${base}/customers/${openid}`),
    signals: (api) => api.get(`${base}/customers/${openid}/signals`),
    person: (api) => api.get(`${base}/people/${person}`),
    links: (api) => api.get(`${base}/people/${person}/links`),
    picture,
  };
  for (const [what, call] of Object.entries(asked)) {
    assert.equal(await code(call(refunds)), 'ok', what);
    assert.ok(['desk.other_group', 'people.not_found'].includes(await code(call(other))), what);
  }
  assert.equal((await refunds.get(`${base}/people`)).items.length, 1);
  assert.equal((await other.get(`${base}/people`)).items.length, 0);
});

test('who reads it by a grant alone leaves one entry, and a search its words, masked', async () => {
  const read = (api) => api.get(`/conversations/${conversation.id}/messages?scope=thread`);
  await read(refunds);
  assert.deepEqual(await audited('desk.conversation.read'), []);
  assert.equal(await code(read(other)), 'desk.other_group');
  await product.api.patch(`${base}/members/${other.id}/permissions`, { grants: ['desk.records_all'], denials: [], group_grants: [] });
  await until(async () => (await code(read(other))) === 'ok', 'the grant to act');
  for (let i = 0; i < 3; i++) await read(other);
  await other.get(`/conversations/${conversation.id}/events`);
  const entries = await audited('desk.conversation.read');
  assert.deepEqual(entries.map((one) => [one.username, one.object]), [['other1', `conversation:${conversation.id}`]]);
  await other.get(`${base}/search?q=13812345678`);
  await refunds.get(`${base}/search?q=13812345678`);
  const searches = await audited('desk.conversation.search');
  assert.deepEqual(searches.map((one) => one.username), ['other1']);
  assert.ok(!JSON.stringify(searches).includes('13812345678'));
});
