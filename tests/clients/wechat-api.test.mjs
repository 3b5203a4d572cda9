// wechat-api, a client of WeChat's API that is not ours, accepts the sandbox as WeChat.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import WechatApi from 'wechat-api';
import { Program, temporaryFolder } from '../harness/process.mjs';
import { SandboxClient } from '../harness/client.mjs';
import { credentials } from '../harness/product.mjs';
import { picture } from '../harness/picture.mjs';

const appid = 'wx0123456789abcdef';
let program;
let sandbox;
let api;
let openid;
let folder;

before(async () => {
  program = new Program(['sandbox', '--listen', '127.0.0.1:0']);
  const url = await program.start();
  sandbox = new SandboxClient(url);
  await sandbox.app({ appid, push_url: `${url}/nowhere`, mode: 'plain', format: 'json', ...credentials });
  ({ openid } = await sandbox.user(appid));
  folder = temporaryFolder('pictures');
  api = new WechatApi(appid, credentials.secret);
  api.endpoint = url;
});
after(async () => {
  await program?.stop();
  folder?.remove();
});

const call = (name, ...args) => promisify(api[name]).call(api, ...args);
const phone = () => sandbox.phone(appid, openid);
const open = () => sandbox.say(appid, openid, '有人吗', false);

test('it gets a token', async () => {
  const token = await call('getAccessToken');
  assert.ok(token.accessToken.length >= 100);
});

test('it sends text and a picture that it uploaded', async () => {
  await open();
  await call('sendText', openid, '您好，请讲。');
  const file = join(folder.path, 'a.png');
  writeFileSync(file, picture);
  const media = await call('uploadMedia', file, 'image');
  assert.equal(media.type, 'image');
  await call('sendImage', openid, media.media_id);
  const out = (await phone()).filter((one) => one.direction === 'out');
  assert.deepEqual(out.map((one) => one.msgtype), ['text', 'image']);
  const got = await call('getMedia', media.media_id);
  assert.ok(Buffer.from(got).equals(Buffer.from(picture)));
});

const refused = [
  ['sendVoice', 'MEDIA'],
  ['sendVideo', 'MEDIA', 'THUMB'],
  ['sendMusic', { title: 't', description: 'd', musicurl: 'u', hqmusicurl: 'h', thumb_media_id: 'm' }],
  ['sendNews', [{ title: 't', description: 'd', url: 'u', picurl: 'p' }]],
  ['sendMpNews', 'MEDIA'],
  ['sendCard', { card_id: 'CARD' }],
];
for (const [method, ...args] of refused) {
  test(`${method} is not for mini programs: 40008`, async () => {
    await open();
    await assert.rejects(call(method, openid, ...args), (error) => error.code === 40008);
  });
}

test('outside the window it is told 45015', async () => {
  const stranger = await sandbox.user(appid);
  await assert.rejects(call('sendText', stranger.openid, '在吗'), (error) => error.code === 45015);
});

test('the sixth message is told 45047', async () => {
  const talker = await sandbox.user(appid);
  await sandbox.say(appid, talker.openid, '你好', false);
  for (let i = 0; i < 5; i++) await call('sendText', talker.openid, `第 ${i + 1} 条`);
  await assert.rejects(call('sendText', talker.openid, '第六条'), (error) => error.code === 45047);
});

test('a wrong secret is told 40125', async () => {
  const wrong = new WechatApi(appid, 'f'.repeat(32));
  wrong.endpoint = api.endpoint;
  await assert.rejects(promisify(wrong.getAccessToken).call(wrong), (error) => [40001, 40125].includes(error.code));
});
