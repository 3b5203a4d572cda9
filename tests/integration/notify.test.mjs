// Channels through the real binary: each kind sends to its real peer (an SMTP server, a webhook) or to the sandbox's
// vendors, and the test button tells what happened.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { root, temporaryFolder, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let mail;
let hook;
let base;

// The mail server of the module's own tests, with a certificate of its own.
async function startMail() {
  const folder = temporaryFolder('mail');
  const [certificate, key] = [join(folder.path, 'certificate.pem'), join(folder.path, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=MiniOps test',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const child = spawn('/usr/bin/python3', [join(root, 'src/notify/tests/mail_server.py'), certificate, key], { stdio: ['pipe', 'pipe', 'inherit'] });
  const mails = [];
  let ports;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line);
    if (said.ready) ports = said.ready;
    if (said.mail) mails.push(said.mail);
  });
  await until(() => ports, 'the mail server');
  return {
    ports,
    mails,
    ca: readFileSync(certificate, 'utf8'),
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      folder.remove();
    },
  };
}

async function startHook() {
  const requests = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, body });
      if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, requests, stop: () => server.close() };
}

before(async () => {
  [mail, hook] = [await startMail(), await startHook()];
  product = await startProduct({ serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
  base = `/miniprograms/${product.appid}/notify`;
});
after(async () => {
  await product?.stop();
  await mail?.stop();
  hook?.stop();
});

const add = (kind, settings, secrets = {}, more = {}) => product.api.post(`${base}/channels`, { name: `${kind} 渠道`, kind, settings, secrets, ...more });
const tryIt = ({ id }) => product.api.post(`${base}/channels/${id}/test`);
const channel = ({ id }) => product.api.get(`${base}/channels/${id}`);
const sandbox = (method, path, body) => product.sandbox.call(method, path, body);
const refused = (code) => (error) => error.code === code;

test('a WeCom group robot speaks in its group, and says so when its key is wrong', async () => {
  await sandbox('POST', '/sandbox/robots', { key: 'robot-1', name: '值班群' });
  const robot = await add('wecom_robot', {}, { key: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=robot-1' });
  assert.deepEqual(robot.secrets, { key: true });
  assert.ok(!JSON.stringify(robot).includes('robot-1'));
  const report = await tryIt(robot);
  assert.equal(report.sent, true, JSON.stringify(report));
  const { items } = await sandbox('GET', '/sandbox/robots/robot-1/messages');
  assert.match(items[0].markdown.content, /^### <font color="comment">提醒<\/font> 测试消息/);
  assert.equal((await channel(robot)).health.state, 'ok');

  await product.api.patch(`${base}/channels/${robot.id}`, { secrets: { key: 'no-such-robot' } });
  const wrong = await tryIt(robot);
  assert.deepEqual([wrong.state, wrong.reason], ['failed', 'wrong_credentials']);
  assert.match(wrong.detail, /93000/);
  assert.equal((await channel(robot)).health.state, 'broken');
});

test('a WeCom app fetches its token and sends; an ended token is renewed', async () => {
  await sandbox('POST', '/sandbox/wecom-apps', { corpid: 'ww1', secret: 'app-secret', agentid: 1000002, users: ['zhangsan'] });
  const app = await add('wecom_app', { corpid: 'ww1', agentid: 1000002, touser: ['zhangsan', 'lisi'] }, { secret: 'app-secret' });
  const report = await tryIt(app);
  assert.equal(report.sent, true, JSON.stringify(report));
  assert.deepEqual(report.steps.map((one) => one.step), ['token', 'request', 'answer']);
  assert.match(report.detail, /invaliduser: lisi/);
  await sandbox('POST', '/sandbox/wecom-apps/end-tokens', {});
  assert.deepEqual((await tryIt(app)).steps.map((one) => one.step), ['request', 'answer', 'token', 'request', 'answer']);
});

test('an SMS is signed as Tencent Cloud wants it', async () => {
  const account = { secret_id: 'AKIDtest', secret_key: 'SKtest', sdk_app_id: '1400000000', sign_name: '示例监控', template_id: '1234567' };
  await sandbox('POST', '/sandbox/sms', { ...account, variables: 2 });
  const { secret_key, ...settings } = account;
  const sms = await add('tencent_sms', { ...settings, phones: ['+8613800000000'], parameters: ['{title}', '{severity}'] }, { secret_key });
  const report = await tryIt(sms);
  assert.equal(report.sent, true, JSON.stringify(report));
  const { items } = await sandbox('GET', '/sandbox/sms');
  assert.deepEqual(items[0].parameters, ['测试消息', '提醒']);
  await product.api.patch(`${base}/channels/${sms.id}`, { secrets: { secret_key: 'wrong' } });
  assert.equal((await tryIt(sms)).reason, 'wrong_credentials');
  const analyst = await product.login('analyst');
  assert.ok(!JSON.stringify(await analyst.get(`${base}/channels`)).includes('13800000000'));
});

test('a mail goes out over STARTTLS and over TLS, and a real server reads it', async () => {
  const common = { host: '127.0.0.1', username: 'alerts@example.com', from: 'alerts@example.com', from_name: '监控中心', to: ['zhang@example.com'], ca_certificate: mail.ca };
  for (const security of ['starttls', 'tls']) {
    const account = await add('email', { ...common, security, port: mail.ports[security] }, { password: 's3cret-通行' });
    const report = await tryIt(account);
    assert.equal(report.sent, true, JSON.stringify(report));
    assert.ok(report.steps.every((step) => step.ok));
    const got = await until(() => mail.mails.shift(), 'the mail');
    assert.equal(got.headers.Subject, '[提醒] 测试消息');
    assert.equal(got.encrypted, true);
    assert.deepEqual(got.defects, []);
  }
  const account = await add('email', { ...common, security: 'starttls', port: mail.ports.starttls }, { password: 'wrong' });
  const report = await tryIt(account);
  assert.equal(report.reason, 'wrong_credentials');
  assert.equal(report.steps.at(-1).step, 'login');
});

test('a webhook is signed, and a redirect is not followed', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const webhook = await add('webhook', {}, { url: `${hook.url}/alerts`, signing_secret: secret });
  assert.equal(webhook.target, hook.url);
  assert.equal((await tryIt(webhook)).sent, true);
  const { headers, body } = hook.requests.at(-1);
  const signed = createHmac('sha256', Buffer.alloc(32, 7)).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  assert.equal(headers['webhook-signature'], `v1,${signed}`);
  assert.equal(JSON.parse(body).data.items[0].title, '测试消息');

  const manager = await add('webhook', { format: 'alertmanager' }, { url: `${hook.url}/alerts`, signing_secret: secret });
  await tryIt(manager);
  assert.equal(JSON.parse(hook.requests.at(-1).body).version, '4');

  const moved = await add('webhook', {}, { url: `${hook.url}/moved`, signing_secret: secret });
  const count = hook.requests.length;
  assert.equal((await tryIt(moved)).reason, 'redirected');
  assert.equal(hook.requests.length, count + 1);
});

test('a webhook into the own network is held back', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  for (const host of ['127.0.0.2', '[::1]', '10.0.0.1', '169.254.169.254'])
    assert.equal((await tryIt(await add('webhook', {}, { url: `http://${host}:9/`, signing_secret: secret }))).reason, 'address_not_allowed', host);
  await assert.rejects(add('webhook', {}, { url: 'file:///etc/passwd', signing_secret: secret }), refused('request.invalid'));
});

test('a subscribe message needs a consent, which the popup gives and the message spends', async () => {
  const { openid } = await product.sandbox.user(product.appid, { nickname: '值班' });
  const subscribe = await add('subscribe', { openid, template_id: 'TPL_ALERT', data: { thing1: '{title}', phrase2: '{severity}' } });
  const none = await tryIt(subscribe);
  assert.deepEqual([none.state, none.reason], ['failed', 'no_consent']);
  await sandbox('POST', `/sandbox/apps/${product.appid}/users/${openid}/messages`, { event: 'subscribe_msg_popup_event', template_id: 'TPL_ALERT', status: 'accept' });
  await until(async () => (await channel(subscribe)).remaining_consents === 1, 'the consent');
  assert.equal((await tryIt(subscribe)).sent, true);
  assert.equal((await channel(subscribe)).remaining_consents, 0);
  const { items } = await sandbox('GET', `/sandbox/apps/${product.appid}/users/${openid}/messages`);
  assert.equal(items.at(-1).subscribe.data.thing1.value, '测试消息');
  assert.equal((await product.api.get(`${base}/consents?openid=${openid}`)).items[0].spent, 1);
});

test('channels and their secrets are there after a restart', async () => {
  const before = await product.api.get(`${base}/channels`);
  await product.server.kill();
  await product.restart();
  const after = await product.api.get(`${base}/channels`);
  assert.deepEqual(after.items.map((one) => one.id), before.items.map((one) => one.id));
  const app = after.items.find((one) => one.kind === 'wecom_app');
  assert.equal((await tryIt(app)).sent, true);
});

test('only who may manage alerts changes channels, and it is audited', async () => {
  const analyst = await product.login('analyst');
  const agent = await product.login('agent');
  const { items } = await analyst.get(`${base}/channels`);
  await assert.rejects(analyst.post(`${base}/channels/${items[0].id}/test`), (error) => error.status === 403);
  await assert.rejects(agent.get(`${base}/channels`), (error) => error.status === 403);
  const audit = await product.api.get(`/miniprograms/${product.appid}/audit?action=notify.channel.add`);
  assert.ok(audit.items.length > 0);
  assert.ok(!JSON.stringify(audit).includes('app-secret'));
});
