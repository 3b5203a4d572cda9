// The peer of `make bench`: what a tutorial writes. Checks, decrypts, parses, answers; stores nothing. Prints its port.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../tests/package.json', import.meta.url));
const express = require('express');
const wechat = require('wechat');

const app = express();
app.use('/', wechat({ token: 'MiniOpsTestToken01', appid: 'wx0123456789abcdef', encodingAESKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', checkSignature: false }, (request, response) => {
  if (!request.weixin.Content) throw new Error('no content');
  response.reply('');
}));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
server.keepAliveTimeout = 60000;
