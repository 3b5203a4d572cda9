// node-easywechat, a second client that is not ours: stable tokens and every message type a mini program may send.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import easywechat from 'node-easywechat';
import { Program } from '../harness/process.mjs';
import { SandboxClient } from '../harness/client.mjs';
import { credentials } from '../harness/product.mjs';
import { picture } from '../harness/picture.mjs';

const { MiniApp, CacheInterface } = easywechat;
const appid = 'wx0123456789abcdef';
let program;
let sandbox;
let app;

// Nothing is remembered between calls, so that each token comes from the sandbox.
class NoCache extends (CacheInterface ?? Object) {
  async has() { return false; }
  async get() { return null; }
  async set() { return true; }
  async delete() { return true; }
}

before(async () => {
  program = new Program(['sandbox', '--listen', '127.0.0.1:0']);
  const url = await program.start();
  sandbox = new SandboxClient(url);
  await sandbox.app({ appid, push_url: `${url}/nowhere`, mode: 'plain', format: 'json', ...credentials });
  app = new MiniApp({ app_id: appid, secret: credentials.secret, token: credentials.token, aes_key: credentials.encoding_aes_key, use_stable_access_token: true, http: { baseURL: `${url}/`, throw: false } });
  app.setCache(new NoCache());
});
after(() => program?.stop());

async function send(message) {
  const response = await app.getClient().postJson('/cgi-bin/message/custom/send', message);
  return response.toObject();
}

async function customer() {
  const { openid } = await sandbox.user(appid);
  await sandbox.say(appid, openid, '有人吗', false);
  return openid;
}

test('the stable token stays the same while it lives', async () => {
  const first = await app.getAccessToken().getToken();
  assert.equal(await app.getAccessToken().getToken(), first);
});

test('it sends text, link, card and picture', async () => {
  const openid = await customer();
  const form = new FormData();
  form.append('media', new Blob([picture], { type: 'image/png' }), 'a.png');
  const token = await app.getAccessToken().getToken();
  const uploaded = await (await fetch(`${program.url}/cgi-bin/media/upload?access_token=${token}&type=image`, { method: 'POST', body: form })).json();
  const messages = [
    { msgtype: 'text', text: { content: '您好' } },
    { msgtype: 'link', link: { title: '说明', description: '怎么退款', url: 'https://example.com/help', thumb_url: 'https://example.com/t.png' } },
    { msgtype: 'miniprogrampage', miniprogrampage: { title: '订单', pagepath: 'pages/order/order?id=9', thumb_media_id: uploaded.media_id } },
    { msgtype: 'image', image: { media_id: uploaded.media_id } },
  ];
  for (const message of messages) assert.equal((await send({ touser: openid, ...message })).errcode ?? 0, 0, message.msgtype);
  const out = (await sandbox.phone(appid, openid)).filter((one) => one.direction === 'out');
  assert.deepEqual(out.map((one) => one.msgtype), messages.map((one) => one.msgtype));
});

for (const msgtype of ['voice', 'video', 'music', 'news', 'mpnews', 'mpnewsarticle', 'msgmenu', 'wxcard']) {
  test(`${msgtype} is refused with 40008`, async () => {
    const openid = await customer();
    assert.equal((await send({ touser: openid, msgtype, [msgtype]: { media_id: 'x' } })).errcode, 40008);
  });
}

test('typing is shown once at a time', async () => {
  const openid = await customer();
  const typing = async () => (await app.getClient().postJson('/cgi-bin/message/custom/typing', { touser: openid, command: 'Typing' })).toObject();
  assert.equal((await typing()).errcode ?? 0, 0);
  assert.equal((await typing()).errcode, 45081);
});
