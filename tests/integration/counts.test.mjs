// Who is told what of a conversation, through the real binary: whom it concerns each change, the others of its group how
// many there are; what is open is told, too, and after a break neither more nor less.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Api } from '../harness/client.mjs';
import { Live } from '../harness/live.mjs';
import { runBinary, until } from '../harness/process.mjs';
import { password, startProduct } from '../harness/product.mjs';

let product;
let agent;
let colleague;
let base;
let conversation;
let openid;
const open = [];

async function browser(api, last = null, watch = undefined) {
  const live = await Live.connect(product.url, api, { [product.appid]: last }, { full: false, watch });
  open.push(live);
  return live;
}
const said = (live) => live.changes.filter((one) => one.topic === 'message').map((one) => one.data.text?.content);
const newest = (live) => live.counts.at(-1)?.counts;

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
  const made = await runBinary(['admin', 'create-user', '--username', 'agent2', '--role', 'agent', '--miniprogram', product.appid, '--password-stdin', '--data', product.data], { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  colleague = await Api.login(product.url, 'agent2', password);
  await agent.put(`${base}/presence`, { presence: 'online' });
  ({ openid } = await product.sandbox.user(product.appid));
  await product.sandbox.say(product.appid, openid, '在吗');
  conversation = await until(async () => (await agent.get(`${base}/conversations`)).items.find((one) => one.assignee), 'the conversation, with its agent');
});
after(async () => {
  for (const live of open) live.close();
  await product?.stop();
});

test('whoever has it is told each change, a colleague how many there are', async () => {
  const [mine, theirs] = [await browser(agent), await browser(colleague)];
  await product.sandbox.say(product.appid, openid, '第一句');
  await mine.wait((one) => one.data.text?.content === '第一句', 'the message at its agent');
  const counts = await until(() => newest(theirs), 'counts at the colleague');
  assert.deepEqual(counts, { mine: 0, waiting: 0, active: 1 });
  assert.deepEqual(said(theirs), []);
  assert.deepEqual(theirs.changes.filter((one) => one.topic === 'conversation'), []);
});

test('a burst is told once a second', async () => {
  const theirs = await browser(colleague);
  const began = Date.now();
  for (let i = 0; i < 20; i++) await product.sandbox.say(product.appid, openid, `一串 ${i}`);
  await until(() => theirs.counts.length > 0, 'counts');
  assert.ok(theirs.counts.length <= Math.ceil((Date.now() - began) / 1000) + 1, `${theirs.counts.length} times`);
  assert.deepEqual(said(theirs), []);
});

test('what is open is told as it is, and what may have been missed is said', async () => {
  const theirs = await browser(colleague);
  const since = theirs.seq.get(product.appid);
  const mine = await browser(agent);
  await product.sandbox.say(product.appid, openid, '打开之前');
  await mine.wait((one) => one.data.text?.content === '打开之前', 'the message at its agent');
  await until(() => theirs.counts.length > 0, 'counts');
  theirs.say({ type: 'watch', appid: product.appid, ids: [conversation.id], since });
  const watching = await until(() => theirs.others.find((one) => one.type === 'watching'), 'the answer');
  assert.deepEqual(watching.missed, [conversation.id]);
  await product.sandbox.say(product.appid, openid, '打开之后');
  await theirs.wait((one) => one.data.text?.content === '打开之后', 'the message where it is open');
  assert.deepEqual(said(theirs), ['打开之后']);
  theirs.say({ type: 'watch', appid: product.appid, ids: [] });
  await until(() => theirs.others.filter((one) => one.type === 'watching').length === 2, 'the second answer');
  await product.sandbox.say(product.appid, openid, '关上之后');
  await mine.wait((one) => one.data.text?.content === '关上之后', 'the message at its agent');
  assert.deepEqual(said(theirs), ['打开之后']);
});

test('after a break the same comes as would have come', async () => {
  const first = await browser(colleague);
  const last = first.seq.get(product.appid);
  first.close();
  const mine = await browser(agent);
  await product.sandbox.say(product.appid, openid, '断线期间');
  await mine.wait((one) => one.data.text?.content === '断线期间', 'the message at its agent');
  const again = await browser(colleague, last);
  assert.ok(again.ready.get(product.appid).resumed);
  const counts = await until(() => again.counts[0], 'counts after the break');
  assert.ok(counts.seq > last);
  assert.deepEqual(said(again), []);
  const looking = await browser(colleague, last, { [product.appid]: [conversation.id] });
  await looking.wait((one) => one.data.text?.content === '断线期间', 'what was missed of what is open');
  assert.equal(looking.gaps, 0);
});

test('one that is given to somebody is told to them, and counts of whom it left are right', async () => {
  const [mine, theirs] = [await browser(agent), await browser(colleague)];
  await colleague.put(`${base}/presence`, { presence: 'online' });
  await agent.post(`/conversations/${conversation.id}/transfer`, { account_id: colleague.session.account.id, note: '' });
  await theirs.wait((one) => one.topic === 'conversation' && one.data.id === conversation.id && one.data.assignee?.id === colleague.session.account.id, 'the conversation at its new agent');
  await until(() => newest(theirs)?.mine === 1, 'its counts');
  await mine.wait((one) => one.topic === 'conversation_left' && one.data.id === conversation.id, 'that it left');
  await until(() => newest(mine)?.active === 1 && newest(mine).mine === 0, 'counts of whom it left');
});
