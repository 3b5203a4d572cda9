// Hostile input on the real server: refused cheaply with a stable code, counted, and harmless to everyone else.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { Pusher } from '../harness/pusher.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let agent;
before(async () => {
  product = await startProduct({ mode: 'safe', format: 'xml' });
  agent = await product.login('agent');
});
after(() => product?.stop());

// Bytes as they are, and what comes back until the connection ends.
function raw(bytes, { timeoutMs = 30000 } = {}) {
  const { hostname, port } = new URL(product.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let text = '';
    const over = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end after ${timeoutMs} ms; got ${text}`));
    }, timeoutMs);
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(over);
      resolve(text);
    });
    socket.write(bytes);
  });
}

async function post(path, body, headers = {}) {
  const answer = await fetch(product.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...agent.headers, ...headers } });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

const deep = '['.repeat(200) + ']'.repeat(200);
const badBodies = [
  ['not JSON', '{', 400],
  ['an array', '[]', 400],
  ['too deep', deep, 400],
  ['a NUL', '{"username":"a\\u0000b","password":"x"}', 400],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400],
  ['a huge number', '{"username":1e999,"password":"x"}', 400],
  ['a wrong type', '{"username":5,"password":[]}', 400],
  ['an unknown field', '{"username":"a","password":"b","x":1}', 400],
];
for (const [name, body, status] of badBodies) {
  test(`JSON with ${name}: ${status} with a stable code`, async () => {
    const answer = await post('/api/v1/session', body);
    assert.equal(answer.status, status);
    assert.match(answer.body.code, /^request\.[a-z_]+$/);
    assert.ok(answer.body.request_id);
  });
}

test('errors name the fields by JSON pointers', async () => {
  const answer = await post('/api/v1/session', '{"username":5}');
  const pointers = answer.body.errors.map((one) => one.pointer).sort();
  assert.deepEqual(pointers, ['/password', '/username']);
});

test('another content type is refused', async () => {
  const answer = await post('/api/v1/session', 'username=a', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.equal(answer.status, 415);
});

test('a wrong method names those that are allowed', async () => {
  const answer = await fetch(`${product.url}/api/v1/session`, { method: 'PUT' });
  assert.equal(answer.status, 405);
  assert.match(answer.headers.get('allow'), /POST/);
});

test('an unknown path is 404 with a code', async () => {
  const answer = await fetch(`${product.url}/api/v1/nothing`);
  assert.equal(answer.status, 404);
  assert.ok((await answer.json()).code);
});

const badPushes = [
  ['an unknown appid', '/wechat/push/wxnobody', '<xml/>'],
  ['no query', '/wechat/push/wx0123456789abcdef', '<xml/>'],
  ['an entity bomb', '/wechat/push/wx0123456789abcdef?signature=a&timestamp=1&nonce=2&msg_signature=b&encrypt_type=aes', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'],
  ['deep nesting', '/wechat/push/wx0123456789abcdef?signature=a&timestamp=1&nonce=2&msg_signature=b&encrypt_type=aes', '<a>'.repeat(20000)],
  ['a clear message in safe mode', '/wechat/push/wx0123456789abcdef?signature=a&timestamp=1&nonce=2', '{"MsgType":"text","FromUserName":"o","Content":"x","MsgId":1}'],
  ['garbage', '/wechat/push/wx0123456789abcdef?signature=a&timestamp=1&nonce=2', Buffer.from([0, 255, 1, 254])],
];
for (const [name, path, body] of badPushes) {
  test(`a push with ${name} is refused without detail`, async () => {
    const answer = await fetch(product.url + path, { method: 'POST', body });
    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    assert.doesNotMatch(await answer.text(), /signature|decrypt|token|aes|padding|appid/i);
  });
}

test('a push over 1 MiB is refused before it is read', async () => {
  const text = await raw(`POST /wechat/push/${product.appid}?signature=a&timestamp=1&nonce=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n`);
  assert.match(text, /^HTTP\/1\.1 413 /);
});

const rawCases = [
  ['no HTTP at all', 'hello\r\n\r\n', /^(HTTP\/1\.1 400 |$)/],
  ['a header of 100 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ['two lengths', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', /^HTTP\/1\.1 400 /],
  ['a negative length', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n', /^HTTP\/1\.1 400 /],
];
for (const [name, bytes, expected] of rawCases) test(`${name} is answered and closed`, async () => assert.match(await raw(bytes), expected));

test('refused pushes are counted and shown with a likely cause', async () => {
  await until(async () => {
    const { items } = await product.api.get(`/miniprograms/${product.appid}/push-failures`);
    return items.length > 0 && items.every((one) => one.reason);
  }, 'the failures to be shown');
});

test('none of this cost anyone else anything', async () => {
  const pusher = new Pusher(product.url, product.appid);
  const { openid } = await product.sandbox.user(product.appid);
  assert.equal(await pusher.push(pusher.text(openid, '一切正常', '990001')), true);
  await until(async () => (await agent.get(`/miniprograms/${product.appid}/conversations`)).items.some((one) => one.openid === openid), 'the conversation');
  pusher.close();
  assert.ok(product.server.running);
  assert.doesNotMatch(product.server.errors, /AddressSanitizer|一切正常/);
});

test('no secret and no message is in the log', () => {
  for (const secret of ['0123456789abcdef0123456789abcdef', 'MiniOpsTestToken01', 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', 'correct-horse', 'mok_'])
    assert.ok(!product.server.errors.includes(secret), secret);
});
