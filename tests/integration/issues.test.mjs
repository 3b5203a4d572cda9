// Errors as issues, through the real binary: grouping, workflow, regression, merge, source maps with our CLI.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { main as uploadMaps } from '../../sdk/cli/upload-maps.mjs';
import { batchOf, makeKey, postBatch } from '../harness/phones.mjs';
import { temporaryFolder, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
let key;
let base;
let batches = 0;

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}/issues`;
  key = await makeKey(product);
});
after(() => product?.stop());

const get = (path = '') => product.api.get(`${base}${path}`);
const post = (path, body) => product.api.post(`${base}${path}`, body);
const patch = (id, body) => product.api.patch(`${base}/${id}`, body);
const thrown = (name, stack, more = {}) => ({ kind: 'error', name, t: Date.now(), level: 'error', text: `${name} happened`, props: { stack, handled: false, ...more } });
const at = (fn, name = 'TypeError') => thrown(name, `${name}: x\n    at ${fn} (https://usr/pages/index/index.js:12:9)`);

async function send(records, { release = '1.4.2', install = `issues-phone-${++batches}` } = {}) {
  const batch = batchOf(install, 1, records);
  batch.context.release = release;
  const answer = await postBatch(key.batch_url, batch);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}
const titled = (title, query = '') => until(async () => (await get(`?ignored=yes&limit=100${query}`)).items.find((issue) => issue.title.includes(title)), `the issue ${title}`);
const refused = (promise, code) => assert.rejects(promise, (error) => error.body?.code === code || error.code === code, code);

test('errors of one place are one issue with figures, and it says why', async () => {
  await send([{ kind: 'session', name: 'start', t: Date.now() }, at('buy'), at('buy'), thrown('TypeError', 'buy@https://usr/pages/index/index.js:99:1\n@WAService.js:1:2'), at('pay', 'RangeError')], { install: 'issues-phone-a' });
  await send([at('buy')], { install: 'issues-phone-b' });
  const issue = await until(async () => {
    const found = (await get()).items.find(({ title }) => title.startsWith('TypeError'));
    return found?.figures.events === 4 && found;
  }, 'the issue');
  assert.equal(issue.culprit, 'buy (pages/index/index.js)');
  assert.deepEqual([issue.kind, issue.state, issue.number > 0], ['js', 'found', true]);
  assert.equal(issue.figures.users, 2);
  assert.equal(issue.figures.trend.reduce((sum, { events }) => sum + events, 0), 4);
  const detail = await get(`/${issue.id}`);
  assert.equal(detail.keys[0].rule, 'stack');
  assert.ok(detail.keys[0].parts.some(({ name, value }) => name === 'frame' && value === 'buy in pages/index/index.js'));
  assert.deepEqual(detail.releases.map(({ release }) => release), ['1.4.2']);
  assert.ok(detail.severity_reasons.length > 0);
});

test('each kind of failure is named as what it is', async () => {
  await send([
    { kind: 'error', name: 'request_failed', t: Date.now(), text: 'GET x 500', props: { method: 'GET', url: 'https://api.shop.example/order/:id', status: 500 } },
    { kind: 'error', name: 'api:getLocation', t: Date.now(), text: 'getLocation:fail', props: { api: 'getLocation', errno: 2 } },
    { kind: 'error', name: 'suspected_blank_screen', t: Date.now(), text: 'pages/index/index', level: 'warn', page: 'pages/index/index' },
    { kind: 'error', name: 'resource:image', t: Date.now(), text: '404', props: { url: 'https://img.shop.example/:id.jpg' } },
  ]);
  for (const [kind, title] of [['network', 'https://api.shop.example/order/:id'], ['api', 'wx.getLocation'], ['blank_screen', 'suspected_blank_screen'], ['resource', 'resource:image']]) {
    assert.equal((await titled(title, `&kind=${kind}`)).kind, kind);
  }
});

test('an issue goes from found to released, and comes back in a newer release', async () => {
  await send([at('checkout')], { release: '2.0.0' });
  const { id } = await until(async () => (await get('?text=checkout')).items[0], 'the issue');
  assert.equal((await patch(id, { state: 'classified' })).state, 'classified');
  const members = await product.api.get(`/miniprograms/${product.appid}/members`);
  const developer = members.items.find(({ role }) => role === 'developer');
  const assigned = await patch(id, { assignee_id: developer.account_id, severity: 'P1', tracker_url: 'https://tracker.example/7' });
  assert.equal(assigned.severity, 'P1');
  assert.ok(assigned.severity_overridden);
  const fixed = await patch(id, { resolve: true, fixed_in: '2.0.1' });
  assert.deepEqual([fixed.state, fixed.fixed_in], ['fixed', '2.0.1']);
  await send([{ kind: 'event', name: 'launch', t: Date.now() }], { release: '2.0.1' });
  await until(async () => (await get(`/${id}`)).state === 'released', 'the release of the fix');
  await send([at('checkout')], { release: '2.0.1' });
  await send([at('checkout')], { release: '2.1.0' });
  const back = await until(async () => {
    const now = await get(`/${id}`);
    return now.regressed_at && now;
  }, 'the regression');
  assert.equal(back.state, 'found');
  const { items } = await get(`/${id}/activity`);
  assert.deepEqual(items.map(({ what }) => what).reverse(), ['created', 'changed', 'changed', 'changed', 'released', 'regressed']);
  const audit = await product.api.get(`/miniprograms/${product.appid}/audit?action=issues.issue.change`);
  assert.equal(audit.items.length, 3);
});

test('a change is taken back, a comment is kept', async () => {
  await send([at('undoable')]);
  const { id } = await until(async () => (await get('?text=undoable')).items[0], 'the issue');
  await patch(id, { ignored: { until_at: Date.now() + 3600000 } });
  assert.equal((await get('?text=undoable')).items.length, 0);
  assert.equal((await get('?text=undoable&ignored=only')).items.length, 1);
  await post(`/${id}/comments`, { text: '看一下' });
  const { items } = await get(`/${id}/activity`);
  const step = items.find(({ what }) => what === 'changed');
  assert.equal((await post(`/${id}/undo`, { activity_id: step.id })).ignored, null);
  await refused(post(`/${id}/undo`, { activity_id: step.id }), 'issues.cannot_undo');
  assert.equal(items[0].text, '看一下');
});

test('issues are merged, counted together, split for good', async () => {
  await send([at('mergeOne'), at('mergeTwo')], { install: 'issues-phone-m' });
  const one = await until(async () => (await get('?text=mergeOne')).items[0], 'the first');
  const two = await until(async () => (await get('?text=mergeTwo')).items[0], 'the second');
  await post(`/${one.id}/merge`, { ids: [two.id] });
  const merged = await get(`/${two.id}`);
  assert.deepEqual([merged.id, merged.figures.events, merged.figures.users, merged.merged], [one.id, 2, 1, 1]);
  await send([at('mergeTwo')]);
  await until(async () => (await get(`/${one.id}`)).figures.events === 3, 'the new event');
  const splitKey = merged.keys.find(({ parts }) => parts.some(({ value }) => value.startsWith('mergeTwo')));
  const own = await post(`/${one.id}/split`, { key_id: splitKey.id });
  assert.equal(own.id, two.id);
  await send([at('mergeTwo')]);
  await until(async () => (await get(`/${two.id}`)).figures.events === 2, 'its own event');
  await refused(post(`/${one.id}/merge`, { ids: [one.id] }), 'issues.cannot_merge');
});

test('several are changed at once, or none', async () => {
  await send([at('bulkOne'), at('bulkTwo')]);
  const ids = [];
  for (const name of ['bulkOne', 'bulkTwo']) ids.push((await until(async () => (await get(`?text=${name}`)).items[0], name)).id);
  const { items } = await post('/changes', { ids, change: { state: 'located' } });
  assert.deepEqual(items.map(({ state }) => state), ['located', 'located']);
  await refused(post('/changes', { ids: [...ids, '77'], change: { state: 'found' } }), 'issues.not_found');
  assert.equal((await get(`/${ids[0]}`)).state, 'located');
});

// ---- source maps ----

// src/pages/cart.ts line 7 ─build→ pages/cart.js line 5 ─WeChat→ app-service.js, line 1, column 1000.
const buildMap = { version: 3, sources: ['webpack://shop/./src/pages/cart.ts'], sourcesContent: ['1\n2\n3\n4\n5\n6\nreturn total(items);\n8'], names: ['total'], mappings: ';;;;EAMEA' };
const wechatMap = { version: 3, sources: ['pages/cart.js'], names: [], mappings: 'w+BAIE' };
const minified = thrown('TypeError', 'TypeError: x\n    at t (https://usr/appservice.app.js:1:1001)\n    at WAService.js:1:5');

test('our CLI uploads both layers, the doctor is content, and old errors are read anew', async () => {
  await send([minified], { release: '3.0.0' });
  const { id } = await until(async () => (await get('?release=3.0.0')).items[0], 'the issue');
  assert.equal((await get(`/${id}/events/newest`)).mapping, 'no_maps');
  const folder = temporaryFolder('maps');
  const put = (path, map) => {
    mkdirSync(join(folder.path, path, '..'), { recursive: true });
    writeFileSync(join(folder.path, path), JSON.stringify(map));
  };
  put('dist/pages/cart.js.map', buildMap);
  put('wechat/__APP__/app-service.map.map', wechatMap);
  const said = [];
  const complained = [];
  const args = ['--server', product.url, '--appid', product.appid, '--release', '3.0.0', '--strict', join(folder.path, 'dist'), join(folder.path, 'wechat')];
  const status = await uploadMaps(args, { key: product.key, say: (line) => said.push(line), complain: (line) => complained.push(line) });
  assert.deepEqual([status, complained], [0, []], said.join('\n'));
  assert.ok(said.some((line) => line.includes('1 of 1 positions')), said.join('\n'));
  const event = await get(`/${id}/events/newest`);
  assert.equal(event.mapping, 'mapped');
  const [frame] = event.exceptions[0].frames;
  assert.deepEqual(frame.source, { file: 'src/pages/cart.ts', line: 7, column: 3 });
  assert.deepEqual(frame.between, { file: 'pages/cart.js', line: 5, column: 3 });
  assert.equal(frame.context[7 - frame.context_from], 'return total(items);');
  assert.equal((await get(`/${id}`)).regroup_note, true);
  const { items } = await get('/source-maps?release=3.0.0');
  assert.deepEqual(items.map(({ layer, file }) => `${layer} ${file}`).sort(), ['build pages/cart.js', 'wechat app-service.js']);

  // Without the map of the build tool the doctor says what is missing.
  await product.api.delete(`${base}/source-maps/${items.find(({ layer }) => layer === 'build').id}`);
  put('other/pages/other.js.map', buildMap);
  const again = await uploadMaps([...args.slice(0, 7), join(folder.path, 'other')], { key: product.key, say: (line) => said.push(line), complain: () => {} });
  assert.equal(again, 3);
  const report = await get('/source-maps/doctor?release=3.0.0');
  assert.ok(report.findings.some(({ code }) => code === 'sources_missing'));
  assert.ok(report.findings.some(({ code }) => code === 'unused'));
  folder.remove();
});

test('what is no source map, a missing key and wrong use are told', async () => {
  const upload = (body, type, query = 'release=1&file=a.js&layer=build') =>
    fetch(`${product.url}/api/v1${base}/source-maps?${query}`, { method: 'POST', body, headers: { authorization: `Bearer ${product.key}`, 'content-type': type } });
  const bad = await upload('{"version":2}', 'application/json');
  assert.equal(bad.status, 400);
  assert.equal((await bad.json()).code, 'issues.bad_source_map');
  assert.equal((await upload('{}', 'application/json', 'release=1&file=a.js&layer=x')).status, 400);
  assert.equal((await upload('{}', 'application/json', 'release=1&layer=build')).status, 400);
  const form = new FormData();
  form.append('file', new Blob([JSON.stringify(wechatMap)]), 'a.js.map');
  const sent = await fetch(`${product.url}/api/v1${base}/source-maps?release=9&file=a.js&layer=wechat`, { method: 'POST', body: form, headers: { authorization: `Bearer ${product.key}` } });
  assert.equal(sent.status, 201);
  const complained = [];
  assert.equal(await uploadMaps(['--server', product.url], { key: '', complain: (line) => complained.push(line) }), 1);
  assert.equal(await uploadMaps(['--server', product.url, '--appid', product.appid, '--release', '1', '/nowhere'], { key: 'k', complain: (line) => complained.push(line) }), 1);
  assert.equal(complained.length, 2);
});

test('events have breadcrumbs, path and the person’s other signals', async () => {
  const now = Date.now();
  await send([
    { kind: 'event', name: 'page_view', t: now - 3000, page: 'pages/home/index' },
    { kind: 'log', t: now - 2000, level: 'info', text: 'before' },
    { ...at('signals'), t: now - 1000, props: { stack: 'TypeError: x\n    at signals (pages/a.js:1:1)', breadcrumbs: [{ t: now - 1500, type: 'tap', text: 'button' }] } },
  ], { install: 'issues-phone-signals' });
  const { id } = await until(async () => (await get('?text=signals')).items[0], 'the issue');
  const event = await until(() => get(`/${id}/events/newest`), 'its event');
  assert.deepEqual(event.breadcrumbs.map(({ text }) => text), ['button']);
  assert.deepEqual(event.path.map(({ page }) => page), ['pages/home/index']);
  assert.deepEqual(event.signals.map(({ kind }) => kind), ['event', 'log']);
  assert.equal((await get(`/${id}/events`)).items[0].event, event.event);
  await refused(get(`/${id}/events/nothing`), 'issues.event_not_found');
  assert.ok((await get(`/${id}/tags`)).items.some(({ tag }) => tag === 'release'));
});

test('releases stand in the order in which they came, or as people put them', async () => {
  const names = (await get('/releases')).items.map(({ release }) => release);
  assert.ok(names.indexOf('2.1.0') < names.indexOf('2.0.0'));
  const ordered = await product.api.put(`${base}/releases/order`, { releases: ['2.1.0', '2.0.0'] });
  assert.ok(ordered.releases.indexOf('2.1.0') < ordered.releases.indexOf('2.0.0'));
  await refused(product.api.put(`${base}/releases/order`, { releases: ['nope'] }), 'issues.unknown_release');
});

test('analysts look and do not act; agents see nothing', async () => {
  const analyst = await product.login('analyst');
  const { items } = await analyst.get(base);
  assert.ok(items.length > 0);
  await assert.rejects(analyst.patch(`${base}/${items[0].id}`, { state: 'located' }), (error) => error.status === 403);
  const agent = await product.login('agent');
  await assert.rejects(agent.get(base), (error) => error.status === 403);
});

test('questions that make no sense are refused', async () => {
  for (const query of ['?sort=best', '?kind=bug', '?state=done', '?severity=P9', '?ignored=maybe', '?from=x', '?cursor=x', '?assignee=somebody', '/0', '/abc', '/source-maps/doctor'])
    await assert.rejects(get(query), (error) => error.status === 400 || error.status === 404, query);
  const { id } = (await get('?ignored=yes')).items[0];
  for (const body of [{}, { state: 'done' }, { state: 'fixed', resolve: true }, { fixed_in: '1' }, { tracker_url: 'javascript:alert(1)' }, { ignored: {} }, { unknown: 1 }])
    await assert.rejects(patch(id, body), (error) => error.status === 400, JSON.stringify(body));
});
