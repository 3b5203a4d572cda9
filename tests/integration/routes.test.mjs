// All routes: documented, named, guarded. Each under /api/v1 is in api/openapi.yaml and each operation there is routed;
// routes × roles × (own, other mini program) answer as stated.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import yaml from 'js-yaml';
import { Live } from '../harness/live.mjs';
import { Api } from '../harness/client.mjs';
import { root, runBinary, until } from '../harness/process.mjs';
import { credentials, startProduct } from '../harness/product.mjs';

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
const otherAppid = 'wxffffffffffffffff';

let product;
let routes;
let contract;
const keys = {};
let roles;
let ownConversation;
let otherConversation;

before(async () => {
  product = await startProduct();
  const printed = await runBinary(['routes', '--data', product.data]);
  assert.equal(printed.status, 0, printed.stderr);
  routes = JSON.parse(printed.stdout);
  contract = yaml.load(readFileSync(join(root, 'api/openapi.yaml'), 'utf8'));
  for (const role of ['admin', 'operator', 'developer', 'analyst', 'agent']) {
    const made = await runBinary(['admin', 'create-api-key', '--user', `${role}1`, '--name', 'walk', '--data', product.data]);
    keys[role] = made.stdout.trim();
  }
  keys.instance = product.key;
  roles = (await product.api.get('/permissions')).roles;
  ownConversation = await conversationIn(product.appid);
  await product.sandbox.app({ appid: otherAppid, push_url: `${product.url}/wechat/push/${otherAppid}`, mode: 'safe', format: 'json', ...credentials });
  await product.api.post('/miniprograms', { appid: otherAppid, name: '别家', ...credentials, mode: 'safe', format: 'json' });
  otherConversation = await conversationIn(otherAppid);
});
after(() => product?.stop());

async function conversationIn(appid) {
  const { openid } = await product.sandbox.user(appid);
  await product.sandbox.say(appid, openid, '你好');
  return until(async () => (await product.api.get(`/miniprograms/${appid}/conversations`)).items[0]?.id, 'a conversation');
}

const name = (route) => `${route.method} ${route.pattern}`;
const consoleRoutes = () => routes.filter((one) => one.pattern.startsWith('/api/v1/') && !open.has(name(one)));

// The path of a route in one mini program; ids that name nothing are 1.
function pathOf(route, appid) {
  return route.pattern
    .replace('{appid}', appid)
    .replace('/conversations/{id}', `/conversations/${appid === otherAppid ? otherConversation : ownConversation}`)
    .replace(/\{[^}]+\}/g, '1')
    .replace('/api/v1', '');
}

async function ask(route, key, appid) {
  const api = new Api(product.url, { key });
  const body = ['POST', 'PUT', 'PATCH'].includes(route.method) ? { body: { not_a_field: 1 } } : {};
  const answer = await api.call(route.method, pathOf(route, appid), { ...body, raw: true });
  const text = await answer.text();
  let code;
  try {
    code = JSON.parse(text).code;
  } catch {
    code = undefined;
  }
  return { status: answer.status, code };
}

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

test('without a session every console route answers 401', async () => {
  for (const route of consoleRoutes().filter((one) => one.pattern !== '/api/v1/live')) {
    const { status } = await ask(route, 'mok_wrong', product.appid);
    assert.equal(status, 401, name(route));
  }
  await assert.rejects(Live.connect(product.url, new Api(product.url, { key: 'mok_wrong' }), { [product.appid]: null }), (error) => /401/.test(error.cause?.message ?? error.message));
});

describe('routes × roles', () => {
  for (const role of ['admin', 'operator', 'developer', 'analyst', 'agent']) {
    test(`${role}: own mini program`, async () => {
      for (const route of consoleRoutes()) {
        const allowed = route.permission === 'account.self' || roles[role].includes(route.permission);
        if (allowed && (route.method === 'DELETE' || route.permission === 'account.self')) continue; // would act
        const { status, code } = await ask(route, keys[role], product.appid);
        if (allowed) assert.ok(status !== 401 && status !== 403, `${name(route)}: ${status} ${code}`);
        else if (route.pattern === '/api/v1/miniprograms' || route.pattern === '/api/v1/live') continue; // answer with what is one's own
        else assert.equal(status, 403, `${name(route)}: ${status} ${code}`);
      }
    });
    test(`${role}: another mini program is not there`, async () => {
      for (const route of consoleRoutes().filter((one) => one.pattern.includes('{appid}') || one.pattern.startsWith('/api/v1/conversations/'))) {
        const { status } = await ask(route, keys[role], otherAppid);
        // Deleting a mini program is the instance administrator's alone, which may be said to anyone.
        if (route.permission === 'instance.manage') assert.ok([403, 404].includes(status), `${name(route)}: ${status}`);
        else assert.equal(status, 404, name(route));
      }
    });
  }
});

describe('routes × grants', () => {
  let analyst;
  const adjust = (body) => product.api.patch(`/miniprograms/${product.appid}/members/${analyst.account_id}/permissions`, body);
  const open = new Set(['/api/v1/miniprograms', '/api/v1/live']); // answer with what is one's own
  const guarded = () => consoleRoutes().filter((one) => !open.has(one.pattern) && !['account.self', 'instance.manage'].includes(one.permission));

  before(async () => {
    analyst = (await product.api.get(`/miniprograms/${product.appid}/members`)).items.find((one) => one.username === 'analyst1');
  });
  after(() => adjust({ grants: [], denials: [], group_grants: [] }));

  test('one permission, granted to somebody who has no other, opens its routes alone', async () => {
    for (const permission of roles.admin.filter((one) => one !== 'account.self')) {
      const { effective } = await adjust({ grants: roles.analyst.includes(permission) ? [] : [permission], denials: roles.analyst.filter((one) => one !== 'account.self' && one !== permission) });
      assert.deepEqual(effective, ['account.self', permission]);
      for (const route of guarded()) {
        // To unmask is to have read: this one opens nothing by itself. Webhooks tell of all conversations, and need that, too.
        const allowed = route.permission === permission && permission !== 'personal_data.read' && !route.pattern.includes('/{appid}/webhook');
        if (allowed && route.method === 'DELETE') continue; // would act
        const { status, code } = await ask(route, keys.analyst, product.appid);
        if (allowed) assert.ok(status !== 401 && status !== 403, `${permission}: ${name(route)}: ${status} ${code}`);
        else assert.equal(status, 403, `${permission}: ${name(route)}: ${status} ${code}`);
      }
    }
  });

  test('everything denied closes every route, and the mini program is still no secret', async () => {
    await adjust({ grants: [], denials: roles.admin.filter((one) => one !== 'account.self') });
    for (const route of guarded()) assert.equal((await ask(route, keys.analyst, product.appid)).status, 403, name(route));
  });

  test('a grant for a group opens no route of the whole mini program', async () => {
    const ofDesk = roles.admin.filter((one) => one.startsWith('desk.') || one === 'personal_data.read');
    await adjust({ grants: [], denials: [], group_grants: ofDesk.map((permission) => ({ permission, group_id: 'g1' })) });
    for (const route of guarded().filter((one) => ofDesk.includes(one.permission))) assert.equal((await ask(route, keys.analyst, product.appid)).status, 403, name(route));
  });
});

test('a key limited to a scope may do nothing else', async () => {
  const made = await runBinary(['admin', 'create-api-key', '--user', 'boss', '--name', 'narrow', '--scope', 'desk.read', '--data', product.data]);
  const narrow = new Api(product.url, { key: made.stdout.trim() });
  await narrow.get(`/miniprograms/${product.appid}/conversations`);
  await assert.rejects(narrow.post(`/conversations/${ownConversation}/messages`, { msgtype: 'text', text: { content: 'x' } }), (error) => error.status === 403);
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
