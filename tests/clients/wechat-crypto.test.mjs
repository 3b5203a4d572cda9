// wechat-crypto, an implementation that is not ours, builds the pushes that the server takes and opens its replies.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import WXBizMsgCrypt from 'wechat-crypto';
import { credentials, startProduct } from '../harness/product.mjs';
import { until } from '../harness/process.mjs';

let product;
let crypt;
before(async () => {
  product = await startProduct({ mode: 'safe', format: 'xml' });
  crypt = new WXBizMsgCrypt(credentials.token, credentials.encoding_aes_key, product.appid);
});
after(() => product?.stop());

function textXml(openid, content, msgId) {
  return `<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName><CreateTime>1763701200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>${msgId}</MsgId></xml>`;
}

async function push(message, { spoil = (x) => x, appid = product.appid } = {}) {
  const encrypt = crypt.encrypt(message);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(randomInt(1e9));
  const signature = crypt.getSignature(timestamp, nonce, encrypt);
  const query = new URLSearchParams({ signature: 'unused', timestamp, nonce, encrypt_type: 'aes', msg_signature: spoil(signature) });
  return fetch(`${product.url}/wechat/push/${appid}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body: `<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
  });
}

const conversationOf = (openid) =>
  until(async () => (await product.api.all(`/miniprograms/${product.appid}/conversations`)).find((one) => one.openid === openid), `a conversation of ${openid}`);

test('a push built by wechat-crypto is acknowledged and reaches the desk', async () => {
  const answer = await push(textXml('oWITNESS0000000000000000001', '订单打不开', '24512345678901234'));
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), 'success');
  const conversation = await conversationOf('oWITNESS0000000000000000001');
  const { items } = await product.api.get(`/conversations/${conversation.id}/messages`);
  assert.equal(items[0].text.content, '订单打不开');
});

test('the same push again is acknowledged and has no second effect', async () => {
  const openid = 'oWITNESS0000000000000000002';
  for (let i = 0; i < 3; i++) assert.equal(await (await push(textXml(openid, '在吗', '777001'))).text(), 'success');
  const last = await push(textXml(openid, '还在吗', '777002'));
  assert.equal(await last.text(), 'success');
  const conversation = await conversationOf(openid);
  const messages = await until(async () => {
    const { items } = await product.api.get(`/conversations/${conversation.id}/messages`);
    return items.length >= 2 && items;
  }, 'two messages');
  assert.deepEqual(messages.map((one) => one.text.content), ['还在吗', '在吗']);
});

test('a wrong signature is refused without a reason', async () => {
  const answer = await push(textXml('oWITNESS0000000000000000003', 'x', '777003'), { spoil: (s) => s.replace(/^./, (c) => (c === '0' ? '1' : '0')) });
  assert.ok(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
  assert.doesNotMatch(await answer.text(), /signature|token|key/i);
});

test('another appid in the ciphertext is refused', async () => {
  const other = new WXBizMsgCrypt(credentials.token, credentials.encoding_aes_key, 'wxffffffffffffffff');
  const own = crypt;
  crypt = other;
  try {
    const answer = await push(textXml('oWITNESS0000000000000000004', 'x', '777004'));
    assert.ok(answer.status >= 400, `status ${answer.status}`);
  } finally {
    crypt = own;
  }
});

test('wechat-crypto opens the sealed hand-over to WeChat’s own agent tool', async () => {
  await product.api.patch(`/miniprograms/${product.appid}`, { transfer: 'always' });
  const text = await until(async () => {
    const answer = await (await push(textXml('oWITNESS0000000000000000005', '转人工', String(888000 + randomInt(1e6))))).text();
    return answer !== 'success' && answer;
  }, 'the switch to act');
  const encrypt = text.match(/<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/)[1];
  const signed = text.match(/<MsgSignature><!\[CDATA\[(.+?)\]\]>/)[1];
  const timestamp = text.match(/<TimeStamp>(\d+)</)[1];
  const nonce = text.match(/<Nonce><!\[CDATA\[(.+?)\]\]>/)[1];
  assert.equal(crypt.getSignature(timestamp, nonce, encrypt), signed);
  const { message, id } = crypt.decrypt(encrypt);
  assert.equal(id, product.appid);
  assert.match(message, /transfer_customer_service/);
  assert.match(message, /oWITNESS0000000000000000005/);
  await product.api.patch(`/miniprograms/${product.appid}`, { transfer: 'off' });
});
