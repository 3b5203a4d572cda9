// The content check through the real binary: WeChat as the sandbox plays it, and another program on loopback, which checks
// signatures with the code of docs/webhooks.md.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { root, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let checker;
let agent;
let base;
let isGenuine;

// Answers what it is told to: a body, or nothing at all (null).
async function startChecker() {
  const one = { requests: [], answer: { verdict: 'pass' }, status: 200, headers: {} };
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      one.requests.push({ headers: request.headers, body: Buffer.concat(parts) });
      if (one.answer !== null) response.writeHead(one.status, { 'content-type': 'application/json', ...one.headers }).end(JSON.stringify(one.answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  one.url = `http://127.0.0.1:${server.address().port}/check`;
  one.stop = () => (server.closeAllConnections(), server.close());
  return one;
}

before(async () => {
  const [, code] = readFileSync(join(root, 'docs/webhooks.md'), 'utf8').match(/```js\n([\s\S]+?)```/);
  ({ isGenuine } = await import(`data:text/javascript,${encodeURIComponent(code)}`));
  checker = await startChecker();
  product = await startProduct({ serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
  base = `/miniprograms/${product.appid}`;
  agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { risky_words: ['返现'], review_words: ['优惠'] });
});
after(async () => {
  await product?.stop();
  checker?.stop();
});
beforeEach(async () => {
  await product.sandbox.clearFaults(product.appid);
  Object.assign(checker, { requests: [], answer: { verdict: 'pass' }, status: 200, headers: {} });
});

const off = { enabled: false, action: 'block', unanswered: 'open', inactive: 'open' };
async function checks(settings) {
  const { version } = await product.api.get(`${base}/content-check`);
  return product.api.put(`${base}/content-check`, { version, words: 'block', wechat: off, leave_out: [], ...settings });
}
async function writes(text = '在吗') {
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, text);
  const { id } = await until(async () => (await product.api.get(`${base}/conversations?limit=100`)).items.find((one) => one.openid === openid), 'the conversation');
  return { id, openid };
}
const says = ({ id }, content, more = {}) => agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content }, ...more });
async function refusal(promise, code) {
  const error = await promise.then(() => assert.fail('it was sent'), (problem) => problem);
  assert.deepEqual([error.status, error.code], [422, code], error.message);
  return error.body;
}
const events = async ({ id }) => (await agent.get(`/conversations/${id}/events`)).items;

test('what WeChat finds risky is not sent, and a warning may be confirmed', async () => {
  const one = await writes();
  await checks({ wechat: { ...off, enabled: true } });
  await says(one, '您好');
  const body = await refusal(says(one, '下单有返现', { confirmed: true }), 'content_check.refused');
  assert.deepEqual(body.findings, [{ checker: 'wechat', name: '', verdict: 'risky', reason: '20006', words: ['返现'] }]);
  assert.equal(body.may_confirm, false);

  // What a person should look at, a person may confirm.
  assert.equal((await refusal(says(one, '有优惠'), 'content_check.refused')).may_confirm, true);
  await says(one, '有优惠', { confirmed: true });
  await checks({ wechat: { ...off, enabled: true, action: 'warn' } });
  assert.equal((await refusal(says(one, '下单有返现'), 'content_check.refused')).may_confirm, true);
  await says(one, '下单有返现', { confirmed: true });
  await until(async () => (await product.sandbox.phone(product.appid, one.openid)).filter((bubble) => bubble.direction === 'out').length === 3, 'three messages on the phone');
  assert.equal((await events(one)).filter((event) => event.kind === 'check_confirmed' && event.from === 'wechat').length, 2);
});

test('WeChat cannot say when the customer was not there for two hours', async () => {
  const one = await writes();
  await product.sandbox.advance(2 * 3600_000 + 60_000);
  await checks({ wechat: { ...off, enabled: true } });
  await says(one, '您好');
  await checks({ wechat: { ...off, enabled: true, inactive: 'closed' } });
  const body = await refusal(says(one, '您好呀'), 'content_check.unchecked');
  assert.equal(body.findings[0].verdict, 'inactive');
  const last = (await product.sandbox.calls(product.appid)).filter((call) => call.api === 'msg_sec_check').at(-1);
  assert.equal(last.errcode, 61010);
});

test('who does not answer within a second has not answered: open or closed', async () => {
  const one = await writes();
  await product.sandbox.fault(product.appid, { api: 'msg_sec_check', delay_ms: 4000, times: 2 });
  await checks({ wechat: { ...off, enabled: true, unanswered: 'closed' } });
  let started = Date.now();
  const body = await refusal(says(one, '您好'), 'content_check.unchecked');
  assert.deepEqual([body.findings[0].verdict, body.findings[0].reason], ['unanswered', 'timeout']);
  await checks({ wechat: { ...off, enabled: true } });
  await says(one, '您好');
  assert.ok(Date.now() - started < 3800, `a second each, not four: ${Date.now() - started} ms`);
  await product.sandbox.fault(product.appid, { api: 'msg_sec_check', errcode: -1, times: 1 });
  started = Date.now();
  await says(one, '在的');
  assert.ok(Date.now() - started < 900, 'an answer is not waited for after it came');
});

test('another program is asked by a signed request, which does not name the customer', async (context) => {
  const one = await writes();
  await checks({ leave_out: ['示例商城'] });
  const { checker: made, secret } = await product.api.post(`${base}/content-check/checkers`, { name: '风控', address: checker.url, action: 'warn', unanswered: 'closed' });
  context.after(() => product.api.delete(`${base}/content-check/checkers/${made.id}`));
  await says(one, '示例商城欢迎您');
  const [asked] = checker.requests;
  const question = JSON.parse(asked.body);
  assert.deepEqual([question.kind, question.appid, question.text], ['content.check', product.appid, ' 欢迎您']);
  assert.deepEqual([asked.headers['miniops-event-id'], asked.headers['miniops-event-kind']], [question.id, 'content.check']);
  assert.ok(isGenuine(asked.headers['miniops-signature'], asked.body, secret));
  assert.ok(!asked.body.includes(one.openid));

  checker.answer = { verdict: 'risky', reason: '提到竞品', words: ['甲店'] };
  const body = await refusal(says(one, '甲店没有这个'), 'content_check.refused');
  assert.deepEqual(body.findings, [{ checker: 'webhook', name: '风控', verdict: 'risky', reason: '提到竞品', words: ['甲店'] }]);
  await says(one, '甲店没有这个', { confirmed: true });

  Object.assign(checker, { status: 302, headers: { location: checker.url }, requests: [] });
  assert.equal((await refusal(says(one, '您好'), 'content_check.unchecked')).findings[0].reason, 'http_302');
  assert.equal(checker.requests.length, 1, 'no redirect is followed');
  Object.assign(checker, { status: 200, answer: null });
  assert.equal((await refusal(says(one, '您好'), 'content_check.unchecked')).findings[0].reason, 'timeout');
  checker.answer = { verdict: 'pass' };
  assert.equal((await product.api.post(`${base}/content-check/checkers/${made.id}/test`, { text: '试试' })).verdict, 'pass');
  await product.api.patch(`${base}/content-check/checkers/${made.id}`, { version: 1, enabled: false });
  checker.requests = [];
  await says(one, '不再问了');
  assert.equal(checker.requests.length, 0);
});

test('a request that is repeated is not asked about again; notes and macros', async (context) => {
  const one = await writes();
  await checks({ wechat: { ...off, enabled: true } });
  const first = await says(one, '您好', { client_id: 'c-1' });
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { risky_words: ['返现', '您好'] });
  context.after(() => product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { risky_words: ['返现'] }));
  assert.equal((await says(one, '您好', { client_id: 'c-1' })).id, first.id);
  await agent.post(`/conversations/${one.id}/messages`, { msgtype: 'note', note: { content: '说了您好' } });
  const macro = await agent.post(`${base}/macros`, { name: '问好', actions: [{ kind: 'send_text', text: '您好' }, { kind: 'add_tag', tag: '已问好' }] });
  const run = (more = {}) => agent.post(`${base}/macros/${macro.id}/run`, { conversation_id: one.id, ...more });
  await refusal(run(), 'content_check.refused');
  assert.deepEqual((await product.api.get(`${base}/customers/${one.openid}`)).tags ?? [], []);
  await checks({ wechat: { ...off, enabled: true, action: 'warn' } });
  assert.equal((await refusal(run(), 'content_check.refused')).may_confirm, true);
  await run({ confirmed: true });
});

test('the word list may only warn', async (context) => {
  const one = await writes();
  const word = await product.api.post(`${base}/words`, { word: '最低价', action: 'block' });
  context.after(() => product.api.delete(`${base}/words/${word.id}`));
  await checks({});
  assert.deepEqual(await refusal(says(one, '全网最低价', { confirmed: true }), 'desk.blocked_word').then(({ words, may_confirm }) => [words, may_confirm]), [['最低价'], false]);
  await checks({ words: 'warn' });
  assert.equal((await refusal(says(one, '全网最低价'), 'desk.blocked_word')).may_confirm, true);
  assert.equal((await says(one, '全网最低价', { confirmed: true })).text.content, '全网最低价');
  assert.ok((await events(one)).some((event) => event.kind === 'check_confirmed' && event.from === '最低价'));
});

test('what is counted and logged holds no texts; who may set it up', async () => {
  const metrics = await (await fetch(`${product.url}/metrics`)).text();
  assert.match(metrics, /miniops_content_checks_wechat_total\{verdict="risky"\} [1-9]/);
  assert.match(metrics, /miniops_content_checks_webhook_total\{verdict="unanswered"\} [1-9]/);
  const refused = (status, code) => (error) => error.status === status && error.code === code;
  await assert.rejects(agent.get(`${base}/content-check`), refused(403, 'identity.forbidden'));
  for (const address of ['http://10.0.0.1/x', 'http://[::1]/x', 'http://169.254.169.254/latest'])
    await assert.rejects(product.api.post(`${base}/content-check/checkers`, { name: 'x', address }), refused(422, 'content_check.address_not_allowed'), address);
  await assert.rejects(product.api.post(`${base}/content-check/checkers`, { name: 'x', address: 'ftp://a.example' }), refused(400, 'request.invalid'));
  const log = JSON.stringify(await product.api.get(`${base}/audit?limit=100`));
  assert.ok(!log.includes('返现') && !log.includes('chksec_'));
});
