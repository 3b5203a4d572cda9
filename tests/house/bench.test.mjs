// `make bench` can begin: all that its files import is there.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../harness/process.mjs';

const folder = join(root, 'bench');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.mjs'))) {
  test(`bench/${file} finds what it imports`, async () => {
    for (const [, names, from] of readFileSync(join(folder, file), 'utf8').matchAll(/^import \{([^}]*)\} from '(\..*)';$/gm)) {
      const module = await import(join(folder, from));
      for (const name of names.split(',')) assert.ok(name.trim() in module, `${name.trim()} of ${from}`);
    }
  });
}
