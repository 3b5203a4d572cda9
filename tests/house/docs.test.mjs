// The documents say what is there: error codes with their statuses, settings, metrics, tables, and every file and
// function that the tour and the READMEs name.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../harness/process.mjs';

function files(folder, pattern) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (['node_modules', 'tests', 'testing', 'dist'].includes(name)) return [];
    if (statSync(path).isDirectory()) return files(path, pattern);
    return pattern.test(name) ? [path] : [];
  });
}

const modules = readdirSync(join(root, 'src')).filter((name) => statSync(join(root, 'src', name)).isDirectory());
const read = (path) => readFileSync(join(root, path), 'utf8');

// The program's text without comments; what looks like a comment inside a string stays.
const withoutComments = (text) =>
  text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (found[0] === '"' ? found : ''));
const program = files(join(root, 'src'), /\.(cpp|hpp)$/).map((path) => ({
  path: path.slice(root.length + 1),
  text: withoutComments(readFileSync(path, 'utf8')),
}));

const settings = new Set([...read('src/app/config.cpp').matchAll(/\{"([a-z_.]+)", (?:text|integer|boolean|list),/g)].map(([, key]) => key));
const permissions = new Set([...read('src/identity/permissions.cpp').matchAll(/"([a-z]+\.[a-z_]+)"/g)].map(([, name]) => name));

// Whatever has the form of a code is one, unless its place says that it is something else: the name of a log event or
// of a background task, a setting, a permission.
const names = /(?:\blog::\w+|\breport|\bspawn)\(\s*$/;
// What other programs are told is named as codes are.
const events = new Set(/WebhookKind:\n.*\n\s+enum: \[(.*)\]/.exec(read('api/openapi.yaml'))[1].split(', '));

function codesOfTheProgram() {
  const form = new RegExp(`"((?:${[...modules, 'request'].join('|')})\\.[a-z0-9_]*)"(\\s*\\+)?`, 'g');
  const codes = new Set();
  const composed = [];
  for (const { path, text } of program) {
    for (const found of text.matchAll(form)) {
      const [, code, plus] = found;
      if (code === 'performance.integration') continue; // a tag of Sentry's client
      if (settings.has(code) || permissions.has(code) || events.has(code)) continue;
      if (names.test(text.slice(Math.max(0, found.index - 80), found.index))) continue;
      if (plus || code.endsWith('.') || code.endsWith('_')) composed.push(`${path}: ${code}`);
      codes.add(code);
    }
  }
  return { codes, composed };
}

// code → the status column of docs/errors.md
const listed = () => new Map([...read('docs/errors.md').matchAll(/^\| `([a-z_]+\.[a-z_0-9]+)` \| ([^|]*) \|/gm)].map(([, code, status]) => [code, status]));

test('every error code of the source is in docs/errors.md, and no other', () => {
  const { codes, composed } = codesOfTheProgram();
  assert.ok(codes.size > 100, `only ${codes.size} codes found`);
  assert.deepEqual(composed, [], 'a code is written whole, so that it can be searched for');
  const shown = listed();
  assert.deepEqual([...codes].filter((code) => !shown.has(code)).sort(), [], 'not listed');
  assert.deepEqual([...shown.keys()].filter((code) => !codes.has(code)).sort(), [], 'listed, but not in the source');
});

test('the statuses in docs/errors.md are those of the source', () => {
  const statuses = new Map([...read('src/net/problem.cpp').matchAll(/case ErrorKind::(\w+):\s*return (\d+)/g)].map(([, kind, status]) => [kind, status]));
  assert.ok(statuses.size > 10);
  const shown = listed();
  const wrong = new Set();
  let seen = 0;
  const check = (code, kind) => {
    const cell = shown.get(code);
    if (!cell || !/\d{3}/.test(cell)) return; // the command line, the socket, the log
    ++seen;
    if (!cell.includes(statuses.get(kind))) wrong.add(`${code}: ${cell}, but ErrorKind::${kind}`);
  };
  for (const { text } of program) {
    for (const [, kind, code] of text.matchAll(/ErrorKind::(\w+),\s*"([a-z_]+\.[a-z_0-9]+)"/g)) check(code, kind);
    for (const [, code, kind] of text.matchAll(/\{\s*"([a-z_]+\.[a-z_0-9]+)",[^;?}]*?ErrorKind::(\w+)/g)) check(code, kind);
  }
  assert.ok(seen > 80, `only ${seen} statuses found`);
  assert.deepEqual([...wrong], []);
});

const pagesOfTheApi = readdirSync(join(root, 'docs/api')).map((name) => `docs/api/${name}`);
for (const page of ['docs/architecture.md', 'docs/operations.md', 'CONTRIBUTING.md', 'README.md', 'README.zh-CN.md', ...pagesOfTheApi]) {
  test(`${page} names files that exist`, () => {
    const named = [...read(page).matchAll(/`((?:src|web|tests|docs|scripts|api|fuzz|bench|cmake)\/[\w./{},-]+)`/g)].map(([, path]) => path);
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path);
    const missing = named.filter((path) => !existsSync(join(root, path)));
    const broken = links.filter((path) => !existsSync(join(root, page.includes('/') ? page.replace(/[^/]+$/, '') : '', path)) && !path.startsWith('docs/images'));
    assert.deepEqual([...missing, ...broken], []);
  });
}

// Those that migrations make and no later one drops.
function tablesOf(sql) {
  const dropped = new Set([...sql.matchAll(/^DROP TABLE (\w+)/gm)].map(([, table]) => table));
  return new Set([...sql.matchAll(/CREATE (?:VIRTUAL )?TABLE (\w+)/g)].map(([, table]) => table).filter((table) => !dropped.has(table)));
}

test('docs/architecture.md names functions and tables that exist', () => {
  const tour = read('docs/architecture.md');
  const source = program.map(({ text }) => text).join('\n');
  const has = (word) => new RegExp(`\\b${word}\\b`).test(source);
  const named = [...tour.matchAll(/`(?:\w+::)*(\w+)::(\w+)(?:\(\))?`/g)];
  assert.ok(named.length > 20);
  assert.deepEqual(named.filter(([, type, member]) => !has(type) || !has(member)).map(([whole]) => whole), []);

  const sql = modules
    .map((name) => join(root, 'src', name, 'migrations'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => files(folder, /\.sql$/))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const tables = tablesOf(sql);
  const missing = [...tables].filter((table) => !tour.includes(`\`${table}\``));
  assert.deepEqual(missing, [], 'tables that the page does not name');
  const unknown = [...tour.matchAll(/`((?:gateway|desk|identity|live)_\w+)`/g)].map(([, table]) => table).filter((table) => !tables.has(table));
  assert.deepEqual(unknown, [], 'named, but no table');
});

test('the READMEs of the modules name files and tables that exist', () => {
  const wrong = [];
  for (const name of modules) {
    const readme = read(`src/${name}/README.md`);
    const own = files(join(root, 'src', name), /./).map((path) => path.slice(join(root, 'src', name).length + 1));
    for (const [, file] of readme.matchAll(/`([\w/]+\.(?:hpp|cpp|sql))`/g)) {
      const there = own.some((path) => path === file || path.endsWith(`/${file}`)) || existsSync(join(root, 'src', file)) || existsSync(join(root, file)) || existsSync(join(root, 'src', name, file));
      if (!there) wrong.push(`${name}: ${file}`);
    }
    const sql = own.filter((path) => path.endsWith('.sql')).map((path) => read(`src/${name}/${path}`)).join('\n');
    for (const table of tablesOf(sql)) {
      if (!readme.includes(`\`${table}\``)) wrong.push(`${name}: does not name its table ${table}`);
    }
    for (const [, table] of readme.matchAll(new RegExp(`\`(${name}_[a-z_]+)\``, 'g'))) {
      if (sql && !sql.includes(table) && !table.endsWith('_tests')) wrong.push(`${name}: there is no table ${table}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the metrics of docs/operations.md are those of the program', () => {
  const names = (text) => new Set([...text.matchAll(/\bminiops_[a-z_]+/g)].map(([name]) => name));
  const made = names(read('src/app/metrics.cpp'));
  assert.ok(made.size > 10);
  assert.deepEqual([...names(read('docs/operations.md'))].sort(), [...made].sort());
});

for (const page of ['README.md', 'README.zh-CN.md']) {
  test(`the settings of ${page} are those of the program`, () => {
    assert.ok(settings.size > 15);
    const shown = read(page);
    const missing = [...settings].filter((key) => {
      const last = `.${key.split('.').at(-1)}`;
      return !shown.includes(`\`${key}\``) && !shown.includes(`\`${last}\``);
    });
    assert.deepEqual(missing, []);
  });
}
