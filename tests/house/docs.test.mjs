// The documents say what is there: every error code is listed, every file that the tour names exists, and nothing
// names a machine of ours.
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
const prefixes = [...modules, 'request'];
const read = (path) => readFileSync(join(root, path), 'utf8');

test('every error code of the source is in docs/errors.md, and no other', () => {
  const used = new Set();
  for (const path of files(join(root, 'src'), /\.(cpp|hpp)$/)) {
    const text = readFileSync(path, 'utf8');
    for (const [, code] of text.matchAll(/(?:fail|Error|refused|invalid|problem|refuse|wrong|reject|unavailable)\w*\s*[({]\s*(?:ErrorKind::\w+,\s*)?"((?:[a-z]+)\.[a-z_0-9]+)"/g))
      if (prefixes.includes(code.split('.')[0])) used.add(code);
  }
  const listed = new Set([...read('docs/errors.md').matchAll(/^\| `([a-z]+\.[a-z_0-9]+)`/gm)].map(([, code]) => code));
  assert.ok(used.size > 40, `only ${used.size} codes found`);
  assert.deepEqual([...used].filter((code) => !listed.has(code)).sort(), [], 'not listed');
  const everything = files(join(root, 'src'), /\.(cpp|hpp)$/).map((path) => readFileSync(path, 'utf8')).join('\n');
  assert.deepEqual([...listed].filter((code) => !everything.includes(`"${code}"`)).sort(), [], 'listed, but not in the source');
});

for (const page of ['docs/architecture.md', 'CONTRIBUTING.md', 'README.md', 'README.zh-CN.md']) {
  test(`${page} names files that exist`, () => {
    const named = [...read(page).matchAll(/`((?:src|web|tests|docs|scripts|api|fuzz|bench|cmake)\/[\w./{},-]+)`/g)].map(([, path]) => path);
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path);
    const missing = named.filter((path) => !existsSync(join(root, path)));
    const broken = links.filter((path) => !existsSync(join(root, page.includes('/') ? page.replace(/[^/]+$/, '') : '', path)) && !path.startsWith('docs/images'));
    assert.deepEqual([...missing, ...broken], []);
  });
}

test('the settings of the README are those of the program', () => {
  const source = read('src/app/config.cpp');
  const keys = [...source.matchAll(/\{"([a-z_.]+)", (?:text|integer|boolean|list),/g)].map(([, key]) => key);
  assert.ok(keys.length > 15);
  const shown = read('README.md');
  const missing = keys.filter((key) => {
    const last = `.${key.split('.').at(-1)}`;
    return !shown.includes(`\`${key}\``) && !shown.includes(`\`${last}\``);
  });
  assert.deepEqual(missing, []);
});
