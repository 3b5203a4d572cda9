// Customers through the real binary: one place knows who they are, the desk shows it, the mini program's server can say
// more, and WeChat's events about authorizations clear it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { Pusher } from '../harness/pusher.mjs';

let product;
let base;
let pusher;
let messages = 7_000_000;
before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  pusher = new Pusher(product.url, product.appid);
});
after(async () => {
  pusher?.close();
  await product?.stop();
});

const says = async (openid, content) => assert.ok(await pusher.push(pusher.text(openid, content, String(++messages))), 'acknowledged');
const event = async (from, name, fields) => {
  const parts = Object.entries(fields).map(([key, value]) => `<${key}><![CDATA[${value}]]></${key}>`);
  const head = `<ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${++messages}</CreateTime>`;
  assert.ok(await pusher.push(`<xml>${head}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${parts.join('')}</xml>`), 'acknowledged');
};
const profile = async (openid) => (await product.api.post(`${base}/people/search`, { kind: 'openid', value: openid })).items[0];
const person = async (openid) => (await product.api.get(`${base}/people/${(await profile(openid)).profile_id}`)).profiles[0];
const conversations = async () => (await product.api.get(`${base}/conversations`)).items;
const of = async (openid) => (await conversations()).filter((one) => one.openid === openid);
const change = async (openid, fields) => {
  const { id, version } = await person(openid);
  return product.api.patch(`${base}/people/${id}`, { version, ...fields });
};

test('a name written at either place is shown at both', async () => {
  await says('oPeople01', '在吗');
  await until(() => profile('oPeople01'), 'the profile');
  await change('oPeople01', { nickname: '林小满', tags: ['老客户'] });
  assert.equal((await of('oPeople01'))[0].nickname, '林小满');
  await product.api.patch(`${base}/customers/oPeople01`, { nickname: '林大满', note: '爱喝茶' });
  const now = await person('oPeople01');
  assert.deepEqual([now.nickname, now.note, now.tags], ['林大满', '爱喝茶', ['老客户']]);
});

test('a number in a note is masked everywhere, found by who types all of it, and shown by an audited act', async () => {
  const phone = '13755552222';
  await says('oPeople09', '在吗');
  await until(() => profile('oPeople09'), 'the profile');
  const agent = await product.login('agent');
  const noted = await agent.patch(`${base}/customers/oPeople09`, { note: `家里 ${phone}` });
  assert.equal(noted.note, '家里 137****2222');
  const { id, hidden, note } = await person('oPeople09');
  assert.deepEqual([note, hidden.map(({ field, kind, at, length }) => [field, kind, at, length])], ['家里 137****2222', [['note', 'phone', 3, 11]]]);
  const sought = { kind: 'phone', value: '+86 137-5555-2222' };
  assert.deepEqual((await product.api.post(`${base}/people/search`, sought)).items.map((one) => one.openid), ['oPeople09']);
  await assert.rejects(agent.post(`${base}/people/search`, sought), (error) => error.code === 'people.needs_personal_data');
  const reveal = `${base}/people/${id}/numbers/${hidden[0].id}/reveal`;
  await assert.rejects(agent.post(reveal), (error) => error.status === 403);
  // Who sees it masked writes around it, and loses nothing.
  await agent.patch(`${base}/customers/oPeople09`, { note: '常客，家里 137****2222' });
  assert.deepEqual(await product.api.post(reveal), { value: phone });
  const audit = (await product.api.get(`${base}/audit?limit=100`)).items;
  assert.equal(audit.filter((one) => one.action === 'people.number.reveal').length, 1);
  assert.ok(!JSON.stringify(audit).includes(phone));
});

test('who is on the blacklist opens no conversation, and nothing they wrote is lost', async () => {
  await says('oPeople02', '第一次');
  await until(async () => (await of('oPeople02')).length === 1, 'the conversation');
  const [first] = await of('oPeople02');
  await product.api.post(`/conversations/${first.id}/close`, { reason: '骚扰' });
  const { id } = await person('oPeople02');
  await product.api.put(`${base}/people/${id}/block`, { reason: '骚扰', ends_at: 0 });
  const settings = await product.api.get(`${base}/desk-settings`);
  await product.api.put(`${base}/desk-settings`, { ...settings, reopen_minutes: 0 });
  await says('oPeople02', '被拉黑后');
  await says('oPeople03', '后来的人');
  await until(async () => (await of('oPeople03')).length === 1, 'whoever came later');
  assert.deepEqual((await of('oPeople02')).map((one) => one.state), ['closed']);
  await product.api.delete(`${base}/people/${id}/block`);
  await says('oPeople02', '对不起');
  const open = await until(async () => (await of('oPeople02')).find((one) => one.state === 'waiting'), 'a new conversation');
  const shown = (await product.api.get(`/conversations/${open.id}/messages`)).items.map((one) => one.text?.content);
  assert.deepEqual(shown.reverse(), ['被拉黑后', '对不起']);
});

// As a mini program's server would, in another language than ours.
function signed(key, parameters, openid) {
  const all = { ...parameters, _openid: openid, _ts: String(Math.floor(Date.now() / 1000)) };
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const canonical = Object.keys(all).sort().map((name) => `${encode(name)}=${encode(all[name])}`).join('&');
  return `${canonical}&_sig=${createHmac('sha256', key).update(canonical).digest('base64url')}`;
}

test("the level comes from a session-from that the mini program's server signed, and from no other", async () => {
  const { key } = await product.api.post(`${base}/session-from/key`, {});
  await event('oPeople04', 'user_enter_tempsession', { SessionFrom: 'level=9&page=pages%2Fhome' });
  await until(() => profile('oPeople04'), 'the profile');
  assert.equal((await person('oPeople04')).level, 0);
  const text = signed(key, { level: '3', login_id: 'u 77(王)' }, 'oPeople04');
  const checked = await product.api.post(`${base}/session-from/check`, { session_from: `${text}&page=pages%2Fpay`, openid: 'oPeople04' });
  assert.deepEqual(checked, { problem: 'none', trusted: { level: '3', login_id: 'u 77(王)' }, untrusted: { page: 'pages/pay' } });
  await event('oPeople04', 'user_enter_tempsession', { SessionFrom: `${text}&page=pages%2Fpay` });
  await until(async () => (await person('oPeople04')).level === 3, 'the level');
  assert.deepEqual((await person('oPeople04')).identities.map((one) => one.kind), ['login_id']);
  await event('oPeople05', 'user_enter_tempsession', { SessionFrom: text });
  await until(() => profile('oPeople05'), 'the other one');
  assert.equal((await person('oPeople05')).level, 0, 'signed for somebody else');
});

test('what a customer takes back is cleared, and whoever closes the account is gone', async () => {
  await says('oPeople06', '你好');
  await until(() => profile('oPeople06'), 'the profile');
  await change('oPeople06', { nickname: '阿明', level: 2 });
  await event('oSYS', 'user_info_modified', { OpenID: 'oPeople06', AppID: product.appid });
  await until(async () => (await person('oPeople06')).nickname === '', 'the name to be cleared');
  assert.equal((await of('oPeople06'))[0].nickname, '');
  assert.equal((await person('oPeople06')).level, 2);
  await event('oSYS', 'user_authorization_cancellation', { OpenID: 'oPeople06', AppID: product.appid });
  await until(async () => (await profile('oPeople06')) === undefined, 'the profile to be gone');
});
