// The CLI for source maps: what it finds, how it pairs, what it says; against a server of its own.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { findMaps, generatedFile, help, layerOf, main, parseArguments } from '../cli/upload-maps.mjs';

let folder;
let server;
let url;
let requests = [];
let answer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maps-'));
  for (const path of ['dist/pages/index/index.js.map', 'dist/app.wxss.map', 'dist/node_modules/x/x.js.map', 'wechat/__APP__/app-service.map.map', 'wechat/__packageA__/app-service.map.map']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `{"of":"${path}"}`);
  }
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    requests.push({ method: request.method, url: request.url, key: request.headers.authorization, body });
    const { status = 200, json, headers = {} } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(json));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const uploaded = { sources: 2, replaced: false };
const report = (level) => ({ mapped: 1, positions: 2, findings: [{ level, layer: 'wechat', file: 'app-service.js', text: 'Said.', example: 'a.js:1:2' }] });
async function run(args, reply) {
  requests = [];
  answer = reply;
  const said = [];
  const complained = [];
  const status = await main(args, { key: 'k', say: (line) => said.push(line), complain: (line) => complained.push(line) });
  return { status, said: said.join('\n'), complained: complained.join('\n') };
}
const all = () => ['--server', `${url}/`, '--appid', 'wx1', '--release=1.4.2', join(folder, 'dist'), join(folder, 'wechat')];

test('a map belongs to the file of its name, in the layer of its place', () => {
  const cases = [
    ['pages/index/index.js.map', 'build', 'pages/index/index.js'],
    ['__APP__/app-service.map.map', 'wechat', 'app-service.js'],
    ['__packageA__/app-service.map.map', 'wechat', 'packageA/app-service.js'],
    ['app-service.js.map', 'wechat', 'app-service.js'],
    ['appservice.app.js.map', 'wechat', 'appservice.app.js'],
    ['common/vendors.js.map', 'build', 'common/vendors.js'],
  ];
  for (const [path, layer, file] of cases) {
    assert.equal(layerOf(path), layer, path);
    assert.equal(generatedFile(path, layer), file, path);
  }
});

test('scripts are found, packages and styles are not', () => {
  assert.deepEqual(findMaps(join(folder, 'dist'), 'auto').map(({ file }) => file), ['pages/index/index.js']);
  assert.deepEqual(findMaps(join(folder, 'wechat'), 'auto').map(({ layer, file }) => `${layer} ${file}`), ['wechat app-service.js', 'wechat packageA/app-service.js']);
});

test('all is sent with the key, and the doctor is asked', async () => {
  const { status, said, complained } = await run(all(), (request) => ({ json: request.method === 'POST' ? uploaded : report('ok') }));
  assert.deepEqual([status, complained], [0, '']);
  assert.equal(requests.length, 4);
  assert.ok(requests.every(({ key }) => key === 'Bearer k'));
  assert.equal(requests[0].url, '/api/v1/miniprograms/wx1/issues/source-maps?release=1.4.2&file=pages%2Findex%2Findex.js&layer=build');
  assert.equal(requests[0].body, '{"of":"dist/pages/index/index.js.map"}');
  assert.match(said, /1 of 2 positions/);
  assert.match(said, /ok +wechat app-service\.js: Said\. For example a\.js:1:2\./);
});

test('a problem that the doctor finds fails only when that is asked for', async () => {
  const reply = (request) => ({ json: request.method === 'POST' ? uploaded : report('problem') });
  assert.equal((await run(all(), reply)).status, 0);
  assert.equal((await run(['--strict', ...all()], reply)).status, 3);
  assert.equal((await run(['--no-doctor', '--strict', ...all()], reply)).status, 0);
});

test('what the server refuses is said, and the others are sent', async () => {
  const { status, complained } = await run(all(), (request) =>
    request.url.includes('layer=build') ? { status: 400, json: { code: 'issues.bad_source_map', detail: 'broken' } } : { json: uploaded });
  assert.equal(status, 2);
  assert.match(complained, /index\.js\.map: broken \(issues\.bad_source_map\)/);
  assert.equal(requests.length, 3);
});

test('a server that is busy is asked again', async () => {
  let busy = 2;
  const { status } = await run(['--no-doctor', ...all()], () => (busy-- > 0 ? { status: 503, json: {}, headers: { 'retry-after': '0' } } : { json: uploaded }));
  assert.equal(status, 0);
  assert.equal(requests.length, 5);
});

test('wrong use is told', async () => {
  for (const args of [[], ['--server'], ['--layer', 'x', ...all()], ['--what', ...all()], all().slice(0, 5), [...all().slice(0, 5), join(folder, 'nothing')]]) {
    const { status, complained } = await run(args, () => ({ json: {} }));
    assert.equal(status, 1, args.join(' '));
    assert.match(complained, /^upload-maps: /);
  }
  assert.equal(await main(all(), { key: '', complain() {} }), 1);
  const { status, said } = await run(['--dry-run', '--release', '1', join(folder, 'dist')], () => ({ json: {} }));
  assert.deepEqual([status, requests.length], [0, 0]);
  assert.match(said, /would be sent/);
  assert.deepEqual(parseArguments(['--help']), { help: true });
  assert.equal((await run(['--help'], () => ({}))).said, help);
});
