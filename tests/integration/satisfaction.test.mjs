// Satisfaction through the real binary and the sandbox: a conversation ends, the customer is asked, and what they answer
// on the phone or on the rating page is a score and nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture } from '../harness/picture.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

const publicUrl = 'http://ops.example.cn';
let product;
let agent;
let base;
before(async () => {
  product = await startProduct({ serverArgs: ['--server-public-url', publicUrl] });
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
});
after(() => product?.stop());

const settings = (fields) => product.api.patch(`${base}/satisfaction/settings`, { enabled: true, ...fields });
const results = async () => (await agent.get(`${base}/satisfaction/results`)).items;
const day = (days) => new Date(Date.now() + (days * 24 + 8) * 3_600_000).toISOString().slice(0, 10);
const funnel = async () => (await agent.get(`${base}/satisfaction/funnel?from=${day(-1)}&to=${day(1)}`)).total;
const conversationsOf = async (openid) => (await agent.get(`${base}/conversations`)).items.filter((one) => one.openid === openid);
const messages = async (id) => (await agent.get(`/conversations/${id}/messages`)).items; // the newest first
const received = async (openid) => (await product.sandbox.phone(product.appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text.content);
const says = (openid, text) => product.sandbox.say(product.appid, openid, text);

// A new customer whom the agent gave so many answers, all of which arrived.
async function helped(answers = 1) {
  const { openid } = await product.sandbox.user(product.appid);
  await says(openid, '在吗');
  const [{ id }] = await until(async () => (await conversationsOf(openid)).length === 1 && conversationsOf(openid), 'the conversation');
  for (let i = 0; i < answers; ++i) await agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: `已为您处理 ${i}` } });
  await until(async () => (await messages(id)).filter((one) => one.direction === 'out' && one.state === 'sent').length === answers, 'the answers to be sent');
  return { openid, id };
}

async function asked(openid) {
  return until(async () => (await received(openid)).find((text) => text.includes('1–5')), 'the question on the phone');
}

test('a conversation ends, the customer is asked, replies 5, and it stays closed', async () => {
  await settings({ form: 'text' });
  const { openid, id } = await helped();
  await agent.post(`/conversations/${id}/close`, { reason: '已解决' });
  await asked(openid);
  await until(async () => (await funnel()).delivered === 1, 'the delivery to be noted');
  assert.equal((await agent.get(`/conversations/${id}`)).budget.remaining, 3);

  await says(openid, '５。');
  const [result] = await until(async () => (await results()).length === 1 && results(), 'the score');
  assert.deepEqual([result.conversation_id, result.score, result.comment, result.form], [id, 5, '', 'text']);
  const conversation = await agent.get(`/conversations/${id}`);
  assert.deepEqual([conversation.state, conversation.unread, conversation.waiting_since, conversation.reopened], ['closed', 0, null, 0]);
  assert.deepEqual((await messages(id)).slice(0, 2).map((one) => [one.direction, one.cause]), [['in', 'satisfaction'], ['out', 'satisfaction']]);

  await says(openid, '态度很好');
  await until(async () => (await results())[0].comment === '态度很好', 'the comment');
  assert.equal((await conversationsOf(openid)).length, 1);
  await says(openid, '什么时候发货？');
  await until(async () => (await conversationsOf(openid)).some((one) => one.state !== 'closed' && one.id !== id), 'a conversation of its own');
  const { closed, askable, answered, satisfaction } = await funnel();
  assert.deepEqual({ closed, askable, answered, satisfaction }, { closed: 1, askable: 1, answered: 1, satisfaction: 1 });
});

test('who has had three answers is not asked: the last two messages are the agent\'s', async () => {
  const before = await funnel();
  const { openid, id } = await helped(3);
  await agent.post(`/conversations/${id}/close`, { reason: '已解决' });
  const now = await funnel();
  assert.deepEqual([now.closed, now.askable, now.asked], [before.closed + 1, before.askable + 1, before.asked]);
  await says(openid, '5');
  await until(async () => (await agent.get(`/conversations/${id}`)).reopened === 1, 'a message as any other');
});

test('the rating page takes one score, from whoever has the link, and agents do not have it', async () => {
  await settings({ form: 'link' });
  const { openid, id } = await helped();
  await agent.post(`/conversations/${id}/close`, { reason: '已解决' });
  const question = await asked(openid);
  const [, token] = question.match(/\/rate\/([A-Za-z0-9]+)$/);
  assert.ok(question.includes(`${publicUrl}/rate/${token}`));
  assert.match((await messages(id))[0].text.content, /\/rate\/…$/);
  assert.ok(!JSON.stringify([await messages(id), await conversationsOf(openid)]).includes(token));

  const page = `${product.url}/rate/${token}`;
  const shown = await fetch(page, { headers: { 'accept-language': 'zh-CN' } });
  assert.equal(shown.status, 200);
  assert.match(shown.headers.get('content-security-policy'), /default-src 'none'/);
  assert.match(await shown.text(), /评价本次服务[\s\S]*<form method="post">/);
  const rate = (fields) => fetch(page, { method: 'POST', body: new URLSearchParams(fields) });
  assert.equal((await rate({ comment: '没有选' })).status, 400);
  assert.equal((await rate({ score: '2', comment: '等了太久，请打13812345678' })).status, 200);
  assert.equal((await rate({ score: '5' })).status, 410);
  assert.equal((await fetch(page)).status, 410);
  const again = await fetch(`${product.url}/api/v1/satisfaction/${token}`);
  assert.deepEqual([again.status, (await again.json()).code], [410, 'satisfaction.link_used']);
  assert.equal((await fetch(`${product.url}/rate/nobodys`)).status, 404);

  const [result] = await results();
  assert.deepEqual([result.conversation_id, result.score, result.comment], [id, 2, '等了太久，请打138****5678']);
  assert.deepEqual(await product.api.post(`${base}/satisfaction/results/${result.id}/reveal`), { value: '等了太久，请打13812345678' });
  await assert.rejects(agent.post(`${base}/satisfaction/results/${result.id}/reveal`), (error) => error.status === 403);
  const { items } = await agent.get(`${base}/satisfaction/follow-ups?state=open`);
  assert.deepEqual(items.map((one) => [one.result.conversation_id, one.owner_id]), [[id, result.agent_id]]);
});

test('erasing the person leaves the score to the figures', async () => {
  const before = await funnel();
  const [{ conversation_id: conversation }] = await results();
  const { openid } = await agent.get(`/conversations/${conversation}`);
  const { id } = await product.api.post(`${base}/telemetry/erasures`, { openid });
  await until(async () => (await product.api.get(`${base}/telemetry/erasures/${id}`)).state === 'done', 'the person to be erased');
  const [result] = await results();
  assert.deepEqual([result.conversation_id, result.profile_id, result.score, result.comment], [null, null, 2, '']);
  assert.deepEqual(await funnel(), before);
  assert.deepEqual((await agent.get(`${base}/satisfaction/follow-ups`)).items, []);
});

test('a card opens the page of the mini program, which rates with its token', async () => {
  const form = new FormData();
  form.append('file', new File([picture], 'p.png', { type: 'image/png' }));
  const { picture_id } = await product.api.post(`${base}/pictures`, form);
  await settings({ form: 'card', card: { page: 'miniops-rating/page', picture_id }, texts: [{ language: 'zh', text: '请为这次服务打分' }], language: 'zh' });
  const { openid, id } = await helped();
  await agent.post(`/conversations/${id}/close`, { reason: '已解决' });
  const card = await until(async () => (await product.sandbox.phone(product.appid, openid)).find((one) => one.msgtype === 'miniprogrampage'), 'the card on the phone');
  assert.equal(card.miniprogrampage.title, '请为这次服务打分');
  const [, token] = card.miniprogrampage.pagepath.match(/^miniops-rating\/page\?token=([A-Za-z0-9]+)$/);
  assert.ok(!JSON.stringify(await messages(id)).includes(token));
  const ask = (options) => fetch(`${product.url}/api/v1/satisfaction/${token}`, options);
  assert.deepEqual(await (await ask()).json(), { state: 'open' });
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ score: 4, comment: '' }) };
  assert.equal((await ask(sent)).status, 204);
  assert.equal((await ask(sent)).status, 410);
  const [result] = await results();
  assert.deepEqual([result.conversation_id, result.score, result.form], [id, 4, 'card']);
  const theirs = await agent.get(`${base}/satisfaction/results?profile=${result.profile_id}`);
  assert.deepEqual(theirs.items.map((one) => one.id), [result.id]);
});
