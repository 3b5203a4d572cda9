// After Vite: the API's contract as JSON beside the console, and a gzipped twin of every text file, so that the server
// compresses nothing at run time.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = new URL('..', import.meta.url).pathname;
const yaml = createRequire(join(root, 'tests/package.json'))('js-yaml');
const dist = join(root, 'web/dist');
writeFileSync(join(dist, 'openapi.json'), JSON.stringify(yaml.load(readFileSync(join(root, 'api/openapi.yaml'), 'utf8'))));

function walk(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (/\.(html|js|css|svg|json|txt)$/.test(name)) {
      const packed = gzipSync(readFileSync(path), { level: 9 });
      if (packed.length < statSync(path).size) writeFileSync(`${path}.gz`, packed);
    }
  }
}
walk(dist);
