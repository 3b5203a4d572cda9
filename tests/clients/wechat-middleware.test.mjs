// The `wechat` middleware on express, what a team's backend looks like today: it takes the sandbox's pushes as
// WeChat's, and behind our relay it gets them byte for byte, in order.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import express from 'express';
import wechat from 'wechat';
import { credentials, startProduct } from '../harness/product.mjs';
import { until } from '../harness/process.mjs';

const received = [];
let backend;
let backendUrl;
let product;

function startBackend() {
  const app = express();
  app.use((req, res, next) => {
    if (backend.failing) {
      backend.refused++;
      return res.status(502).end();
    }
    next();
  });
  app.use('/wechat', wechat({ token: credentials.token, appid: 'wx0123456789abcdef', encodingAESKey: credentials.encoding_aes_key }, (req, res) => {
    received.push({ message: req.weixin, url: req.originalUrl });
    res.reply('');
  }));
  return app.listen(0, '127.0.0.1');
}

before(async () => {
  backend = startBackend();
  await once(backend, 'listening');
  backendUrl = `http://127.0.0.1:${backend.address().port}/wechat`;
  product = await startProduct({ mode: 'safe', format: 'xml', serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
});
after(async () => {
  await product?.stop();
  backend?.close();
});

test('the middleware takes the sandbox for WeChat', async () => {
  const appid = 'wx0123456789abcdef';
  await product.sandbox.app({ appid, push_url: backendUrl, mode: 'safe', format: 'xml', ...credentials });
  const { openid } = await product.sandbox.user(appid);
  await product.sandbox.say(appid, openid, '你好，中间件');
  const got = await until(() => received.find((one) => one.message.Content === '你好，中间件'), 'the push at the middleware');
  assert.equal(got.message.FromUserName, openid);
  assert.match(got.message.MsgId, /^\d+$/);
  await product.connectSandbox();
});

test('behind the relay it gets every push, in order, also after it was down', async () => {
  await product.api.patch(`/miniprograms/${product.appid}`, { relay_url: backendUrl });
  const { openid } = await product.sandbox.user(product.appid);
  received.length = 0;
  const texts = Array.from({ length: 10 }, (_, i) => `第 ${i + 1} 句`);
  for (const text of texts.slice(0, 3)) await product.sandbox.say(product.appid, openid, text);
  await until(() => received.length >= 3, 'three pushes at the backend');
  backend.failing = true;
  backend.refused = 0;
  for (const text of texts.slice(3)) await product.sandbox.say(product.appid, openid, text);
  await until(() => backend.refused > 1, 'the relay to try again and again');
  assert.equal(received.length, 3);
  backend.failing = false;
  await until(() => received.filter((one) => one.message.FromUserName === openid).length >= 10, 'ten pushes at the backend', 60000);
  assert.deepEqual(received.filter((one) => one.message.FromUserName === openid).map((one) => one.message.Content), texts);
  assert.match(received.at(-1).url, /msg_signature=/);
});

test('a relay to the network that the server stands in is refused, unless the administrator allows it', async () => {
  const relayTo = (relay_url) => product.api.patch(`/miniprograms/${product.appid}`, { relay_url });
  for (const address of ['http://10.0.0.1/', 'http://[::1]/', 'http://169.254.169.254/latest/meta-data'])
    await assert.rejects(relayTo(address), (error) => error.status === 400 && error.body.errors[0].pointer === '/relay_url', address);
  await relayTo('http://0xa000001/push'); // 10.0.0.1 in other figures is found out when it is called
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, '内网');
  const relay = await until(async () => ((one) => one.last_error && one)((await product.api.get(`/miniprograms/${product.appid}/gateway`)).relay), 'the relay to be refused');
  assert.match(relay.last_error, /no address of the public internet/);
  await relayTo('');
});
