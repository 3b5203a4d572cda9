// All routes: documented, named, guarded. Each under /api/v1 is in api/openapi.yaml and each operation there is routed.
// Who may call which is grants.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import yaml from 'js-yaml';
import { Live } from '../harness/live.mjs';
import { Api } from '../harness/client.mjs';
import { root, runBinary, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

// Routes that are not the console's: who may call them, and how that is checked.
const machineRoutes = {
  ...Object.fromEntries(['POST /wxapi/wxaapi/log/jserr_list', 'POST /wxapi/wxaapi/log/jserr_detail', 'POST /wxapi/wxaapi/log/get_performance', 'GET /wxapi/wxaapi/log/get_scene', 'GET /wxapi/wxaapi/log/get_client_version', 'GET /wxapi/wxaapi/userlog/userlog_search'].map((one) => [one, 'api_key'])),
  'GET /rate/{token}': 'none',
  'POST /rate/{token}': 'none',
  'GET /healthz': 'operations',
  'GET /readyz': 'operations',
  'GET /metrics': 'operations',
  'GET /wechat/push/{appid}': 'wechat_signature',
  'POST /wechat/push/{appid}': 'wechat_signature',
  'POST /ingest/v1/batch': 'project_key',
  'POST /api/{project}/store': 'project_key',
  'POST /api/{project}/store/': 'project_key',
  'POST /api/{project}/envelope': 'project_key',
  'POST /api/{project}/envelope/': 'project_key',
  'GET /sa': 'project_key',
  'POST /sa': 'project_key',
  'GET /sa.gif': 'project_key',
  'POST /sa.gif': 'project_key',
  'POST /collect': 'project_key',
  'POST /collect/events': 'project_key',
  'GET /collect/pv': 'project_key',
  'GET /collect/whitelist': 'none',
  'GET /rateConfig': 'none',
  'POST /speed': 'project_key',
  'POST /speed/custom': 'project_key',
  'GET /speed/miniProgramData': 'project_key',
  'POST /speed/miniProgramData': 'project_key',
  'GET /speed/performance': 'project_key',
  ...Object.fromEntries(['/batch', '/capture', '/e', '/i/v0/e'].flatMap((path) => [[`POST ${path}`, 'project_key'], [`POST ${path}/`, 'project_key'], [`OPTIONS ${path}/`, 'none']])),
  ...Object.fromEntries(['/flags', '/decide'].flatMap((path) => [[`POST ${path}`, 'none'], [`POST ${path}/`, 'none'], [`OPTIONS ${path}/`, 'none']])),
  'POST /v1/logs': 'project_key',
  'OPTIONS /v1/logs': 'none',
  'POST /loki/api/v1/push': 'none',
  'OPTIONS /ingest/v1/batch': 'none',
  'OPTIONS /api/{project}/store/': 'none',
  'OPTIONS /api/{project}/envelope/': 'none',
  'OPTIONS /sa': 'none',
  'OPTIONS /sa.gif': 'none',
};
const open = new Set(['POST /api/v1/session', 'GET /api/v1/openapi.json', 'GET /api/v1/satisfaction/{token}', 'POST /api/v1/satisfaction/{token}']);

let product;
let routes;
let contract;
let roles;
let conversation;

before(async () => {
  product = await startProduct();
  const printed = await runBinary(['routes', '--data', product.data]);
  assert.equal(printed.status, 0, printed.stderr);
  routes = JSON.parse(printed.stdout);
  contract = yaml.load(readFileSync(join(root, 'api/openapi.yaml'), 'utf8'));
  roles = (await product.api.get('/permissions')).roles;
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, '你好');
  conversation = await until(async () => (await product.api.get(`/miniprograms/${product.appid}/conversations`)).items[0]?.id, 'a conversation');
});
after(() => product?.stop());

const name = (route) => `${route.method} ${route.pattern}`;
const consoleRoutes = () => routes.filter((one) => one.pattern.startsWith('/api/v1/') && !open.has(name(one)));

test('every route under /api/v1 is in the contract, and every operation there is routed', () => {
  const documented = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => `${method.toUpperCase()} ${contract.servers?.[0]?.url?.includes('/api/v1') && !path.startsWith('/api/v1') ? '/api/v1' : ''}${path}`),
  );
  const shape = (text) => text.replace(/\{[^}]+\}/g, '{}');
  const routed = new Set(routes.filter((one) => one.pattern.startsWith('/api/v1')).map((one) => shape(name(one))));
  const known = new Set(documented.map(shape));
  assert.deepEqual([...routed].filter((one) => !known.has(one)).sort(), [], 'routed, not in api/openapi.yaml');
  assert.deepEqual([...known].filter((one) => !routed.has(one)).sort(), [], 'in api/openapi.yaml, not routed');
});

test('the contract names the same permission as the route', () => {
  const wrong = [];
  for (const route of consoleRoutes()) {
    const path = Object.keys(contract.paths).find((one) => (one.startsWith('/api/v1') ? one : `/api/v1${one}`).replace(/\{[^}]+\}/g, '{}') === route.pattern.replace(/\{[^}]+\}/g, '{}'));
    const stated = contract.paths[path]?.[route.method.toLowerCase()]?.['x-permission'];
    if (stated !== route.permission) wrong.push(`${name(route)}: routed ${route.permission}, stated ${stated}`);
  }
  assert.deepEqual(wrong, []);
});

test('push and operations routes stand in the table, with their authentication', () => {
  const found = Object.fromEntries(routes.filter((one) => !one.pattern.startsWith('/api/v1')).map((one) => [name(one), one.auth]));
  assert.deepEqual(found, machineRoutes);
});

test('each console route names its permission', () => {
  const known = new Set(['account.self', 'instance.manage', ...Object.values(roles).flat()]);
  assert.deepEqual(consoleRoutes().filter((one) => !known.has(one.permission)).map(name), []);
});

test('without a session there are no live changes', () =>
  assert.rejects(Live.connect(product.url, new Api(product.url, { key: 'mok_wrong' }), { [product.appid]: null }), (error) => /401/.test(error.cause?.message ?? error.message)));

test('a key limited to a scope may do nothing else', async () => {
  const made = await runBinary(['admin', 'create-api-key', '--user', 'boss', '--name', 'narrow', '--scope', 'desk.read', '--data', product.data]);
  const narrow = new Api(product.url, { key: made.stdout.trim() });
  await narrow.get(`/miniprograms/${product.appid}/conversations`);
  await assert.rejects(narrow.post(`/conversations/${conversation}/messages`, { msgtype: 'text', text: { content: 'x' } }), (error) => error.status === 403);
});

test('a session without the CSRF token may not write', async () => {
  const session = await product.login('agent');
  delete session.headers['x-csrf-token'];
  await session.get(`/miniprograms/${product.appid}/conversations`);
  await assert.rejects(session.put(`/miniprograms/${product.appid}/presence`, { presence: 'online' }), (error) => error.status === 403 && error.code === 'identity.csrf');
});

test('sign-in is throttled, and says nothing about who exists', async () => {
  const answers = [];
  for (const username of ['agent1', 'nobody-at-all'])
    for (let i = 0; i < 12; i++) {
      const error = await Api.login(product.url, username, 'wrong-password-x').catch((one) => one);
      answers.push(`${username} ${error.status} ${error.code}`);
    }
  assert.ok(answers.some((one) => one.endsWith('429 identity.too_many_attempts')), answers.join('\n'));
  assert.ok(answers.includes('agent1 401 identity.wrong_credentials') && answers.includes('nobody-at-all 401 identity.wrong_credentials'), answers.join('\n'));
});
