// Dependencies between modules run one way, and what belongs to one place stays there.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../harness/process.mjs';

// Each module and what it may include besides itself.
const may = {
  base: [],
  wechat: ['base'],
  net: ['base'],
  calendar: ['base'],
  storage: ['base'],
  identity: ['base', 'net', 'storage'],
  live: ['base', 'net', 'storage', 'identity'],
  webhooks: ['base', 'net', 'storage', 'identity', 'live'],
  content_check: ['base', 'net', 'storage', 'wechat', 'identity', 'webhooks'],
  gateway: ['base', 'calendar', 'net', 'storage', 'wechat', 'identity', 'live'],
  people: ['base', 'net', 'storage', 'identity'],
  routing: ['base', 'calendar'],
  teams: ['base', 'calendar', 'routing', 'net', 'storage', 'identity'],
  service_levels: ['base', 'calendar', 'net', 'storage', 'identity'],
  quick_replies: ['base', 'net', 'storage', 'identity'],
  automation: ['base', 'calendar', 'routing', 'quick_replies', 'net', 'storage', 'identity'],
  records: ['base', 'net', 'storage', 'identity'],
  reports: ['base', 'calendar', 'net', 'storage', 'identity'],
  satisfaction: ['base', 'net', 'storage', 'identity'],
  wrapup: ['base', 'net', 'storage', 'identity'],
  desk: ['base', 'calendar', 'people', 'routing', 'teams', 'service_levels', 'quick_replies', 'automation', 'records', 'reports', 'satisfaction', 'wrapup', 'webhooks', 'content_check', 'net', 'storage', 'wechat', 'identity', 'live', 'gateway'],
  telemetry: ['base', 'net', 'storage', 'identity', 'gateway'],
  logs: ['base', 'net', 'storage', 'identity', 'telemetry'],
  issues: ['base', 'net', 'storage', 'identity', 'telemetry'],
  notify: ['base', 'net', 'storage', 'wechat', 'identity'],
  performance: ['base', 'net', 'storage', 'identity', 'telemetry'],
  official: ['base', 'net', 'storage', 'wechat', 'identity', 'telemetry'],
  alerts: ['base', 'net', 'storage', 'identity', 'telemetry', 'notify'],
  sandbox: ['base', 'net', 'wechat'],
  app: ['base', 'net', 'storage', 'wechat', 'identity', 'live', 'webhooks', 'content_check', 'gateway', 'people', 'routing', 'teams', 'service_levels', 'quick_replies', 'automation', 'records', 'reports', 'satisfaction', 'wrapup', 'desk', 'telemetry',
    'logs', 'issues', 'notify', 'alerts', 'performance', 'official', 'sandbox'],
};

// A library's headers and the only folders that may see them.
const owners = [
  [/<boost\/(beast|asio\/ssl)/, ['net']],
  [/<sqlite3\.h>/, ['storage']],
  [/<duckdb\.h>/, ['storage']],
  [/<libpq-fe\.h>/, ['storage']],
  [/<pugixml/, ['wechat']],
  [/<date\//, ['calendar', 'identity', 'storage']],
  [/<argon2\.h>/, ['identity']],
  [/<spdlog/, ['base']],
  [/<re2\//, ['desk', 'storage', 'logs', 'issues', 'telemetry', 'alerts']],
  [/<zstd|<brotli/, ['telemetry']],
  [/<simdjson/, ['telemetry', 'storage']],
  [/<toml|<CLI/, ['app']],
];

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(cpp|hpp)$/.test(name) ? [path] : [];
  });
}

const files = sources(join(root, 'src')).map((path) => ({
  path: relative(join(root, 'src'), path),
  text: readFileSync(path, 'utf8'),
}));
const moduleOf = (path) => (path.includes('/') ? path.split('/')[0] : null);
const isTest = (path) => path.includes('/tests/') || path.includes('/testing/');

test('there are sources to check', () => assert.ok(files.length > 50));

test('every module is known here', () => {
  const found = [...new Set(files.map(({ path }) => moduleOf(path)).filter(Boolean))];
  assert.deepEqual(found.filter((name) => !may[name]), []);
});

test('a module includes only what stands below it', () => {
  const wrong = [];
  for (const { path, text } of files) {
    const self = moduleOf(path);
    if (!self) continue;
    for (const [, target] of text.matchAll(/^#include "([^"]+)"/gm)) {
      const other = moduleOf(target);
      if (!other || other === self) continue;
      const testHelp = isTest(path) && other === 'storage';
      if (!may[self].includes(other) && !testHelp) wrong.push(`${path} includes ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a library is seen only by its owner', () => {
  const wrong = [];
  for (const { path, text } of files) {
    if (isTest(path)) continue;
    for (const [pattern, allowed] of owners) {
      const line = text.split('\n').find((one) => one.startsWith('#include') && pattern.test(one));
      if (line && !allowed.includes(moduleOf(path))) wrong.push(`${path}: ${line}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the modules that the table lists have no circle', () => {
  const seen = new Set();
  const visit = (name, trail) => {
    assert.ok(!trail.includes(name), `circle: ${[...trail, name].join(' → ')}`);
    if (seen.has(name)) return;
    for (const other of may[name]) visit(other, [...trail, name]);
    seen.add(name);
  };
  for (const name of Object.keys(may)) visit(name, []);
});

test('a source file has one idea: at most 500 lines', () => {
  const long = files.filter(({ path, text }) => !isTest(path) && text.split('\n').length > 501);
  assert.deepEqual(long.map(({ path, text }) => `${path}: ${text.split('\n').length}`), []);
});

test('every module has a README', () => {
  const missing = Object.keys(may).filter((name) => {
    try {
      return readFileSync(join(root, 'src', name, 'README.md'), 'utf8').length < 300;
    } catch {
      return true;
    }
  });
  assert.deepEqual(missing, []);
});
