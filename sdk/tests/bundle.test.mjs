// The file that a mini program gets: small, of old syntax, alone.
import { parse } from 'acorn';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { gzippedMax, gzippedSize } from '../build.mjs';
import { code, Phone } from './phone.mjs';

const folder = join(import.meta.dirname, '..');

test('the bundle is under 12 KB when gzipped', (t) => {
  const size = gzippedSize(code);
  t.diagnostic(`${size} bytes`);
  assert.ok(size < gzippedMax, `${size}`);
});

test('the bundle has no syntax after ES2017, and parses as a plain script', () => {
  parse(code, { ecmaVersion: 2017, sourceType: 'script' });
  assert.throws(() => parse('a?.b', { ecmaVersion: 2017 }));
});

test('the bundle touches nothing but what a mini program has', () => {
  const world = vm.createContext({ module: { exports: {} } });
  vm.runInContext(code, world);
  assert.deepEqual(Object.keys(world), ['module'], 'no global of its own');
  assert.equal(world.module.exports.init({ server: 'https://x', key: 'k' }), false, 'and runs where there is no wx');
});

test('the members of the bundle are those of the types', () => {
  const phone = new Phone();
  const types = readFileSync(join(folder, 'types/index.d.ts'), 'utf8');
  const membersOf = (name) => {
    const body = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n  \\}`).exec(types)[1];
    return [...body.matchAll(/^ {4}(?:readonly )?(\w+)\??[<(:]/gm)].map(([, member]) => member).sort();
  };
  const miniops = phone.launch();
  assert.deepEqual(Object.keys(miniops).sort(), membersOf('MiniOps'));
  assert.deepEqual(Object.keys(miniops.log).sort(), membersOf('Log'));
});

test('the options of the settings are those of the types and of both READMEs', () => {
  const settings = readFileSync(join(folder, 'src/core/settings.js'), 'utf8');
  const keysOf = (name) => {
    const body = new RegExp(`const ${name} = \\{([\\s\\S]*?)\\n\\};`).exec(settings)[1];
    return [...body.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key);
  };
  const options = ['server', 'key', 'sample', 'capture', ...keysOf('defaults')].sort();
  const types = readFileSync(join(folder, 'types/index.d.ts'), 'utf8');
  const typed = [.../interface Options \{([\s\S]*?)\n {2}\}/.exec(types)[1].matchAll(/^ {4}(\w+)\??:/gm)].map(
    ([, key]) => key,
  );
  assert.deepEqual(typed.sort(), options);
  for (const page of ['README.md', 'README.zh-CN.md']) {
    const text = readFileSync(join(folder, page), 'utf8');
    const [, table] = /^## (?:Options|选项)$([\s\S]*?)^## /m.exec(text);
    const shown = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    assert.deepEqual(shown.sort(), options, page);
    for (const key of keysOf('captured')) assert.ok(text.includes(`\`${key}\``), `${page}: ${key}`);
  }
});

test('the types compile, in the way that Taro and uni-app import them', () => {
  const compiler = join(folder, 'node_modules/typescript/bin/tsc');
  const args = [
    '--noEmit',
    '--strict',
    '--esModuleInterop',
    '--module',
    'commonjs',
    '--typeRoots',
    'types',
    'tests/types_use.ts',
  ];
  execFileSync(process.execPath, [compiler, ...args], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
});

test('the source is ours alone: no import but of its own files', () => {
  const files = readdirSync(join(folder, 'src'), { recursive: true }).filter((name) => name.endsWith('.js'));
  assert.ok(files.length > 20);
  for (const name of files) {
    const text = readFileSync(join(folder, 'src', name), 'utf8');
    for (const [, from] of text.matchAll(/from '([^']+)'/g)) assert.ok(from.startsWith('.'), `${name}: ${from}`);
    assert.ok(text.split('\n').length <= 270, `${name} is long`);
    assert.ok(
      text.split('\n').every((line) => line.length <= 120),
      `${name} is wide`,
    );
  }
});
