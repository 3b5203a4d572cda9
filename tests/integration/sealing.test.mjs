// Numbers of people through the real binary: masked wherever they are read, whole on the customer's phone, found by who
// types all of one, shown by an audited act; and the privacy notice that a greeting carries.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nextSecond, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let agent;
let base;
let openid;
let conversation;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
});
after(() => product?.stop());

const number = '13812345678';
const said = async (api = product.api) => (await api.get(`/conversations/${conversation.id}/messages`)).items.toReversed();
const textOn = async (phone) => (await product.sandbox.phone(product.appid, phone)).filter((one) => one.direction === 'out').map((one) => one.text.content);
const settings = (change) => product.api.put(`${base}/desk-settings`, change);
const reveal = (message, position = 0, api = product.api) => api.post(`/conversations/${conversation.id}/messages/${message.id}/reveal`, { position });
const refused = (promise, code) => assert.rejects(promise, (error) => error.code === code, code);

test('a number is masked for all, and shown to who may, which is noted', async () => {
  ({ openid } = await product.sandbox.user(product.appid));
  await product.sandbox.say(product.appid, openid, '😀 请打 138-1234-5678，证 11010519491231002X');
  conversation = await until(async () => (await product.api.get(`${base}/conversations`)).items.find((one) => one.openid === openid), 'the conversation');
  const [message] = await said();
  assert.equal(message.text.content, '😀 请打 138-****-5678，证 110105********002X');
  assert.deepEqual(message.hidden.map(({ kind, field, at, length }) => [kind, field, at, length]), [['phone', 'content', 5, 13], ['id_card', 'content', 21, 18]]);
  assert.match(conversation.last_message.summary, /138-\*{4}-5678/);
  assert.deepEqual(await reveal(message), { value: '138-1234-5678' });
  assert.deepEqual(await reveal(message, 1), { value: '11010519491231002X' });
  await refused(reveal(message, 2), 'desk.not_found');
  await refused(reveal(message, 0, agent), 'identity.forbidden');
  const audit = (await product.api.get(`${base}/audit?limit=100`)).items.filter((one) => one.action === 'desk.message.reveal');
  assert.equal(audit.length, 2);
  assert.ok(!JSON.stringify(audit).includes('1234-5678'));
});

test('an agent’s number reaches the phone whole, and is kept masked', async () => {
  const sent = await product.api.post(`/conversations/${conversation.id}/messages`, { msgtype: 'text', text: { content: `请打 ${number}` }, client_id: 'seal-1' });
  assert.equal(sent.text.content, '请打 138****5678');
  await until(async () => (await textOn(openid)).includes(`请打 ${number}`), 'the text on the phone');
  const again = { msgtype: 'text', text: { content: '请打 13887655678' }, client_id: 'seal-1' };
  await refused(product.api.post(`/conversations/${conversation.id}/messages`, again), 'desk.client_id_reused');
  assert.ok(!JSON.stringify(await said()).includes(number));
  assert.equal((await reveal((await said()).at(-1))).value, number);
});

test('who types the whole number finds it, and nobody by a part', async () => {
  const found = async (q, api = product.api) => (await api.get(`${base}/search?${new URLSearchParams({ q })}`)).items.length;
  const records = async (text) => (await product.api.get(`${base}/records?${new URLSearchParams({ text })}`)).items.length;
  await until(async () => (await found('请打')) === 2, 'both to be found by words');
  for (const typed of [number, '+86 138-1234-5678']) assert.deepEqual([await found(typed), await records(typed)], [2, 2], typed);
  assert.equal(await found('12345678'), 0);
  assert.equal(await found(number, agent), 0);
});

test('files hold whole numbers for who may see them', async () => {
  const one = await product.api.post(`${base}/records/exports`, { format: 'jsonl', text: '请打' });
  await until(async () => (await product.api.get(`${base}/records/exports/${one.id}`)).state === 'done', 'the export');
  const text = await (await product.api.call('GET', `${base}/records/exports/${one.id}/download?part=1`, { raw: true })).text();
  for (const whole of ['138-1234-5678', number, '11010519491231002X']) assert.ok(text.includes(whole), whole);
});

test('switched off, messages are stored as they are written', async () => {
  await settings({ seal_numbers: false });
  await product.sandbox.say(product.appid, openid, `还是 ${number}`);
  const plain = await until(async () => (await said()).find((one) => one.text?.content.startsWith('还是')), 'the message');
  assert.deepEqual([plain.text.content, plain.hidden], [`还是 ${number}`, undefined]);
  assert.ok(!JSON.stringify(await said(agent)).includes(number));
  await settings({ seal_numbers: true });
});

test('a greeting carries the privacy notice once for each version, and that is kept', async () => {
  const link = 'https://shop.example/privacy';
  await refused(settings({ privacy_link: link }), 'request.invalid');
  await settings({ privacy_link: link, privacy_version: '2026-11' });
  await product.api.post(`${base}/rules`, { name: '欢迎', kind: 'greeting', match: 'contains', patterns: [], replies: [{ msgtype: 'text', text: { content: '您好' } }], priority: 1, pause_s: 0, enabled: true });
  const guest = (await product.sandbox.user(product.appid)).openid;
  const enter = async () => {
    await nextSecond();
    await product.sandbox.say(product.appid, guest, { event: 'user_enter_tempsession', session_from: 'pages/a' });
  };
  const notices = async () => (await product.api.get(`${base}/customers/${guest}`)).privacy_notices;
  await enter();
  await until(async () => (await notices().catch(() => [])).some((one) => one.state === 'shown'), 'WeChat to accept the greeting');
  assert.deepEqual(await textOn(guest), [`您好\n隐私政策：${link}`]);
  const [kept] = await notices();
  assert.deepEqual([kept.version, kept.link], ['2026-11', link]);
  assert.ok(Math.abs(kept.at - Date.now()) < 60_000);
  await product.sandbox.say(product.appid, guest, '在吗');
  await enter();
  await until(async () => (await textOn(guest)).length === 2, 'the second greeting');
  assert.equal((await textOn(guest))[1], '您好');
});
