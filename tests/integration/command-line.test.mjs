// The command line as a person meets it: good messages for what is wrong, and the promises of start and stop.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { Program, runBinary, temporaryFolder, until } from '../harness/process.mjs';
import { Api } from '../harness/client.mjs';
import { password, startProduct } from '../harness/product.mjs';

const folder = temporaryFolder('cli');
after(() => folder.remove());
const path = (name) => join(folder.path, name);

test('a wrong configuration file names the key and the line', async () => {
  const cases = [
    ['listen = "127.0.0.1:0"\n[wechat]\napi_bose = "x"\n', /:3: wechat\.api_bose: no such setting/],
    ['listen = 8080\n', /:1: listen: a value of the wrong type/],
    ['[log]\nlevel = "loud"\n', /:2: log\.level: 'loud'/],
    ['listen = "127.0.0.1:0\n', /:1:/],
  ];
  for (const [content, expected] of cases) {
    writeFileSync(path('bad.toml'), content);
    const { status, stderr } = await runBinary(['serve', '--config', path('bad.toml'), '--data', path('unused')]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, expected);
  }
});

test('flags win over the environment, the environment over the file', async () => {
  writeFileSync(path('good.toml'), 'listen = "127.0.0.1:1"\n[log]\nlevel = "error"\n');
  const program = new Program(['serve', '--config', path('good.toml'), '--listen', '127.0.0.1:0', '--data', path('order')], { env: { MINIOPS_LISTEN: '127.0.0.1:2', MINIOPS_LOG_LEVEL: 'info' } });
  await program.start();
  assert.equal((await fetch(`${program.url}/healthz`)).status, 200);
  await program.stop();
  assert.match(program.errors, /"level":"info"/);
});

test('a port in use is said, with what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { status, stderr } = await runBinary(['serve', '--listen', `127.0.0.1:${taken.address().port}`, '--data', path('port')]);
  taken.close();
  assert.equal(status, 1);
  assert.match(stderr, /net\.port_taken/);
});

test('a data folder in use is said', async () => {
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', path('twice')]);
  await program.start();
  const { status, stderr } = await runBinary(['serve', '--listen', '127.0.0.1:0', '--data', path('twice')]);
  await program.stop();
  assert.equal(status, 1);
  assert.match(stderr, /app\.data_in_use/);
});

test('a data folder that cannot be made is said', async () => {
  writeFileSync(path('file'), '');
  const { status, stderr } = await runBinary(['serve', '--listen', '127.0.0.1:0', '--data', path('file/data')]);
  assert.equal(status, 1);
  assert.match(stderr, /app\.data_unusable/);
});

test('the first administrator’s password is in a private file that goes at the first sign-in', async () => {
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', path('first')]);
  await program.start();
  const file = path('first/initial-admin-password');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(path('first/master.key')).mode & 0o777, 0o600);
  const initial = readFileSync(file, 'utf8').trim().split('\n').at(-1);
  assert.ok(!program.errors.includes(initial) && !program.output.includes(initial), 'the password is printed');
  const api = await Api.login(program.url, 'admin', initial);
  assert.equal(api.session.account.must_change_password, true);
  assert.ok(!existsSync(file));
  await assert.rejects(api.get('/miniprograms'), (error) => error.code === 'identity.password_change_required');
  await api.post('/account/password', { old_password: initial, new_password: password });
  const again = await Api.login(program.url, 'admin', password);
  assert.deepEqual((await again.get('/miniprograms')).items, []);
  await program.stop();
});

test('SIGTERM drains and stops within 10 s', async () => {
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', path('term')]);
  await program.start();
  const started = Date.now();
  await program.stop();
  assert.ok(Date.now() - started < 10000);
  assert.equal(program.child.exitCode, 0);
});

test('a wrong command is said with status 2', async () => {
  for (const args of [[], ['sevre'], ['serve', '--no-such-flag'], ['admin', 'create-user']]) {
    const { status } = await runBinary(args);
    assert.equal(status, 2, args.join(' '));
  }
});

test('what admin changes is seen by the running server', async () => {
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', path('admin')]);
  await program.start();
  const made = await runBinary(['admin', 'create-user', '--username', 'ops', '--role', 'admin', '--password-stdin', '--data', path('admin')], { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  const key = await runBinary(['admin', 'create-api-key', '--user', 'ops', '--name', 'k', '--scope', 'miniprogram.read', '--data', path('admin')]);
  assert.match(key.stdout, /^mok_\S+\n$/);
  const api = new Api(program.url, { key: key.stdout.trim() });
  await until(async () => (await api.get('/miniprograms')).items.length === 0, 'the key to work', 1000);
  await program.stop();
});

test('admin adds a mini program with its secrets from standard input', async () => {
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', path('adds')]);
  await program.start();
  const input = `${'0'.repeat(32)}\nMiniOpsTestToken01\njWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C\n`;
  const added = await runBinary(['admin', 'add-miniprogram', '--appid', 'wxadded', '--name', '命令行', '--secrets-stdin', '--data', path('adds')], { input });
  assert.equal(added.status, 0, added.stderr);
  const wrong = await runBinary(['admin', 'add-miniprogram', '--appid', 'wxwrong', '--name', 'x', '--secrets-stdin', '--data', path('adds')], { input: 'a\nb\nc\n' });
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /request\.invalid/);
  await runBinary(['admin', 'create-user', '--username', 'ops', '--role', 'admin', '--password-stdin', '--data', path('adds')], { input: `${password}\n` });
  const key = await runBinary(['admin', 'create-api-key', '--user', 'ops', '--name', 'k', '--data', path('adds')]);
  const api = new Api(program.url, { key: key.stdout.trim() });
  assert.deepEqual((await api.get('/miniprograms')).items.map((one) => one.name), ['命令行']);
  await program.stop();
});

test('a backup taken while the server runs restores to the same conversations', async () => {
  const product = await startProduct();
  const { openid } = await product.sandbox.user(product.appid);
  await product.sandbox.say(product.appid, openid, '备份之前');
  await until(async () => (await product.api.get(`/miniprograms/${product.appid}/conversations`)).items.length === 1, 'the conversation');
  const saved = await runBinary(['backup', '--data', product.data, '--to', path('saved')]);
  assert.equal(saved.status, 0, saved.stderr);
  assert.match(saved.stdout, /master key/i);
  assert.ok(!existsSync(path('saved/master.key')));
  mkdirSync(path('restored'));
  const restored = await runBinary(['restore', '--data', path('restored'), '--from', path('saved')]);
  assert.equal(restored.status, 0, restored.stderr);
  writeFileSync(path('restored/master.key'), readFileSync(join(product.data, 'master.key')), { mode: 0o600 });
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', path('restored')]);
  await program.start();
  const api = new Api(program.url, { key: product.key });
  const { items } = await api.get(`/miniprograms/${product.appid}/conversations`);
  assert.equal(items[0].openid, openid);
  await program.stop();
  await product.stop();
});

test('a data folder that this user may not read is said', { skip: process.getuid() === 0 && 'root may read everything' }, async () => {
  mkdirSync(path('closed'));
  chmodSync(path('closed'), 0);
  const { status, stderr } = await runBinary(['serve', '--listen', '127.0.0.1:0', '--data', path('closed')]);
  assert.equal(status, 1);
  assert.match(stderr, /app\.data_unusable/);
});
