// Routes × who calls: every operation of api/openapi.yaml, asked by every role, every single permission (granted alone,
// denied alone, granted for a group), every scope of a key, strangers and nobody. What is expected is worked out from
// x-permission and x-permission-besides; that these are what the program asks, routes.test.mjs compares.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import yaml from 'js-yaml';
import { Api } from '../harness/client.mjs';
import { printTable } from '../harness/ledger.mjs';
import { root, runBinary, until } from '../harness/process.mjs';
import { credentials, startProduct } from '../harness/product.mjs';

const roles = ['admin', 'operator', 'developer', 'analyst', 'agent'];
const otherAppid = 'wxffffffffffffffff';
const lanes = 12;
// They answer with what is one's own, whoever asks; the second one is no request.
const forEverybody = new Set(['GET /api/v1/miniprograms', 'GET /api/v1/live']);
// Of one's own account they act without being asked more.
const acting = new Set(['DELETE /api/v1/session', 'DELETE /api/v1/sessions']);

let product;
let operations;
let rolesHave;
let permissions; // that can be granted and denied
let byGroup; // those of them that can be granted for single groups
let analyst;
let admin;
const keys = {};
const conversations = {};
const asked = { callers: 0, requests: 0, allowed: 0, refused: 0 };

const member = (username) => async () => (await product.api.get(`/miniprograms/${product.appid}/members`)).items.find((one) => one.username === username);
const adjust = (who, { grants = [], denials = [], group_grants = [] }) => product.api.patch(`/miniprograms/${product.appid}/members/${who.account_id}/permissions`, { grants, denials, group_grants });

async function conversationIn(appid) {
  const { openid } = await product.sandbox.user(appid);
  await product.sandbox.say(appid, openid, '你好');
  return until(async () => (await product.api.get(`/miniprograms/${appid}/conversations`)).items[0]?.id, 'a conversation');
}

before(async () => {
  product = await startProduct();
  const { paths } = yaml.load(readFileSync(join(root, 'api/openapi.yaml'), 'utf8'));
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    ['get', 'post', 'put', 'patch', 'delete']
      .filter((method) => methods[method])
      .map((method) => ({ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, permission: methods[method]['x-permission'], besides: methods[method]['x-permission-besides'] ?? [] })),
  );
  rolesHave = (await product.api.get('/permissions')).roles;
  permissions = rolesHave.admin.filter((one) => one !== 'account.self');
  byGroup = permissions.filter((one) => one.startsWith('desk.') || one === 'personal_data.read');
  for (const role of roles) {
    const made = await runBinary(['admin', 'create-api-key', '--user', `${role}1`, '--name', 'matrix', '--data', product.data]);
    assert.equal(made.status, 0, made.stderr);
    keys[role] = made.stdout.trim();
  }
  analyst = await member('analyst1')();
  admin = await member('admin1')();
  conversations[product.appid] = await conversationIn(product.appid);
  await product.sandbox.app({ appid: otherAppid, push_url: `${product.url}/wechat/push/${otherAppid}`, mode: 'safe', format: 'json', ...credentials });
  await product.api.post('/miniprograms', { appid: otherAppid, name: '别家', ...credentials, mode: 'safe', format: 'json' });
  conversations[otherAppid] = await conversationIn(otherAppid);
});
after(async () => {
  if (product) printTable('routes × who calls', [{ routes: operations.length, ...asked }]);
  await product?.stop();
});

// ---- one request, one judgement ----

// Ids that name nothing are 1, bodies are refused: whoever is allowed changes nothing.
async function ask(operation, api, appid) {
  const path = operation.path.replace('{appid}', appid).replace('/conversations/{id}', `/conversations/${conversations[appid]}`).replace(/\{[^}]+\}/g, '1').replace('/api/v1', '');
  const options = ['POST', 'PUT', 'PATCH'].includes(operation.method) ? { body: { not_a_field: 1 } } : {};
  const answer = await api.call(operation.method, path, { ...options, raw: true });
  const text = await answer.text();
  asked.requests++;
  const code = (answer.headers.get('content-type') ?? '').includes('json') && answer.status >= 400 ? JSON.parse(text).code : undefined;
  return { status: answer.status, code };
}

// Would it do something, were it allowed: a deletion that names no object of its own.
const deletesSomething = ({ method, path }) => method === 'DELETE' && !path.replace('{appid}', '').includes('{');
const mayBeAsked = (operation, allowed) => !forEverybody.has(operation.name) && !(allowed && (deletesSomething(operation) || acting.has(operation.name)));

// What is expected of an operation. That it wants a person instead of a key is said to those who are allowed.
const judges = {
  allowed: (status, code) => (status !== 401 && status !== 403) || code === 'identity.session_required',
  forbidden: (status) => status === 403,
  hidden: (status) => status === 404,
  'hidden or forbidden': (status) => status === 403 || status === 404,
  unauthenticated: (status) => status === 401,
};
async function walk(who, key, expected, { appid = product.appid, only = operations } = {}) {
  const api = new Api(product.url, key ? { key } : {});
  const rest = only.filter((one) => one.permission !== 'none' && mayBeAsked(one, expected(one) === 'allowed'));
  const wrong = [];
  asked.callers++;
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
      const { status, code } = await ask(one, api, appid);
      const should = expected(one);
      asked[should === 'allowed' ? 'allowed' : 'refused']++;
      if (!judges[should](status, code)) wrong.push(`${who}: ${one.name}: ${status} ${code}, should be ${should}`);
    }
  }));
  assert.deepEqual(wrong.slice(0, 20), []);
}

// By a set of permissions in the whole mini program.
const by = (has) => {
  const set = new Set(['account.self', ...has]);
  return ({ permission, besides }) => ([permission, ...besides].every((one) => set.has(one)) ? 'allowed' : 'forbidden');
};
const inMiniProgram = () => operations.filter((one) => one.path.includes('{appid}') || one.path.startsWith('/api/v1/conversations/'));

// ---- who calls ----

test('each operation says what it needs', () => {
  const known = new Set(['none', 'account.self', 'instance.manage', ...permissions]);
  assert.deepEqual(operations.filter((one) => ![one.permission, ...one.besides].every((each) => known.has(each))).map((one) => one.name), []);
  assert.ok(operations.length > 200, 'there are operations');
});

test('nobody', async () => {
  await walk('no key', undefined, () => 'unauthenticated');
  await walk('a wrong key', 'mok_wrong', () => 'unauthenticated');
  await walk('a key that is no more', `mok_${'x'.repeat(40)}`, () => 'unauthenticated');
});

test('the instance administrator may everything', () => walk('instance administrator', product.key, () => 'allowed'));

describe('roles', () => {
  for (const role of roles) {
    test(`${role}, own mini program`, () => walk(role, keys[role], by(rolesHave[role])));
    test(`${role}, another mini program is not there`, () =>
      walk(role, keys[role], (one) => (one.permission === 'instance.manage' ? 'hidden or forbidden' : 'hidden'), { appid: otherAppid, only: inMiniProgram() }));
  }
});

describe('one permission', () => {
  after(async () => {
    await adjust(analyst, {});
    await adjust(admin, {});
  });

  test('granted alone opens its routes and no other', async () => {
    for (const permission of permissions) {
      const has = rolesHave.analyst.includes(permission);
      const { effective } = await adjust(analyst, { grants: has ? [] : [permission], denials: rolesHave.analyst.filter((one) => one !== 'account.self' && one !== permission) });
      assert.deepEqual(effective, ['account.self', permission]);
      await walk(`${permission} alone`, keys.analyst, by([permission]));
    }
  });

  test('denied alone closes its routes and no other', async () => {
    await product.addMember('another', 'admin', 'admin2'); // somebody must be able to manage members
    for (const permission of permissions) {
      await adjust(admin, { denials: [permission] });
      await walk(`admin without ${permission}`, keys.admin, by(rolesHave.admin.filter((one) => one !== permission)));
    }
    await adjust(admin, {});
  });

  test('none at all: every route is closed, and the mini program is still no secret', async () => {
    await adjust(analyst, { denials: permissions });
    await walk('no permission', keys.analyst, by([]));
  });

  test('granted for a group opens no route of the whole mini program', async () => {
    const others = rolesHave.analyst.filter((one) => one !== 'account.self');
    for (const permission of byGroup) {
      await adjust(analyst, { denials: others, group_grants: [{ permission, group_id: '1' }] });
      await walk(`${permission} for a group`, keys.analyst, by([]));
    }
  });
});

// What a grant for a group is for: its conversations, to whoever may read at all.
test('grants for a group open its conversations, and those of no other group', async () => {
  const agent = await member('agent1')();
  const base = `/miniprograms/${product.appid}/teams/groups`;
  const group = await product.api.post(base, { name: '专家' });
  const elsewhere = await product.api.post(base, { name: '售后' });
  const id = conversations[product.appid];
  await product.api.post(`/conversations/${id}/transfer`, { group_id: group.id });
  // Of writes a body that is refused comes before the question whose conversation it is.
  const reads = operations.filter((one) => one.path.startsWith('/api/v1/conversations/') && one.method === 'GET' && !one.path.includes('{message_id}'));
  const wide = new Set(['desk.records_all', 'desk.supervise', 'desk.inspect']);
  await walk('agent of another group', keys.agent, () => 'forbidden', { only: reads });
  for (const permission of byGroup) {
    await adjust(agent, { group_grants: [{ permission, group_id: group.id }] });
    await walk(`agent with ${permission} for the group`, keys.agent, () => (wide.has(permission) ? 'allowed' : 'forbidden'), { only: reads });
    await adjust(agent, { group_grants: [{ permission, group_id: elsewhere.id }] });
    await walk(`agent with ${permission} for another group`, keys.agent, () => 'forbidden', { only: reads });
  }
  await adjust(agent, {});
  await product.api.post(`/conversations/${id}/transfer`, { group_id: '1' });
});

describe('keys', () => {
  let boss;
  const key = async (fields) => (await boss.post('/account/api-keys', { name: 'matrix', ...fields })).key;
  before(async () => {
    boss = await product.login('boss');
  });

  test('of the instance administrator, with each scope alone', async () => {
    for (const scope of ['account.self', 'instance.manage', ...permissions]) {
      const expected = ({ permission, besides }) => ([permission, ...besides].every((one) => one === scope) ? 'allowed' : 'forbidden');
      await walk(`scope ${scope}`, await key({ scopes: [scope] }), expected);
    }
  });

  test('limited to a mini program', async () => {
    const limited = await key({ appid: product.appid });
    const own = (one) => inMiniProgram().includes(one) && one.permission !== 'instance.manage';
    await walk('limited, its own', limited, () => 'allowed', { only: operations.filter(own) });
    const ofInstance = (one) => ['instance.manage', 'account.self'].includes(one.permission) && !one.path.includes('{appid}');
    await walk('limited, the whole instance', limited, () => 'forbidden', { only: operations.filter(ofInstance) });
    await walk('limited, another one', limited, () => 'hidden', { appid: otherAppid, only: operations.filter(own) });
  });
});
