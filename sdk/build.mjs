// Bundles src/ into dist/miniops.js: one CommonJS file of at most ES2017, under 12 KB when gzipped. The rating page is
// copied as it is: miniprogram tools compile it.
import { build } from 'esbuild';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const here = import.meta.dirname;
export const gzippedMax = 12 * 1024;

// Members that only our own modules see get short names. Nothing of the wire, of what is stored, of `wx`, of the options
// or of the public functions may stand here, nor what is reached by a computed name.
const internal = `settings crumbs record records drops transport isGranted isOnline isDenied mayStore onQueued onView
  onLeave onNotFound serverUrl prepend rewrite take restore restoreCounts clear sweep adopt pageNotFound
  checkLastEnd lowMemory visit renew networkBack flushEvery lowestLevel recall obey followSoon watchRoutes watchUpdates
  hasRendered isSupported onEvent isShown beginAnew saveSoon saveNow volatile place rendered settled watch`.split(
  /\s+/,
);

// The text of the bundle.
export async function bundle() {
  const result = await build({
    entryPoints: [join(here, 'src/main.js')],
    bundle: true,
    minify: true,
    format: 'iife',
    // Without the interop of a converted module: require() gives the SDK itself.
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
    mangleProps: new RegExp(`^(${internal.join('|')})$`),
    target: 'es2017',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  // A second minifier takes four more percent.
  const { code } = await minify(result.outputFiles[0].text, { ecma: 2017, toplevel: true, compress: { passes: 3 } });
  return code;
}

export const gzippedSize = (code) => gzipSync(code, { level: 9 }).length;

if (import.meta.main) {
  const code = await bundle();
  const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  if (!code.includes(version)) throw new Error(`src/transport.js does not name version ${version}`);
  const gzipped = gzippedSize(code);
  if (gzipped >= gzippedMax) throw new Error(`${gzipped} bytes gzipped, allowed are ${gzippedMax - 1}`);

  mkdirSync(join(here, 'dist'), { recursive: true });
  writeFileSync(join(here, 'dist/miniops.js'), code);
  copyFileSync(join(here, 'types/index.d.ts'), join(here, 'dist/miniops.d.ts'));
  // The sample mini program carries its copy, as one made by hand would.
  const shop = join(here, '../examples/shop');
  writeFileSync(join(shop, 'miniops.js'), code);
  const rating = join(here, 'rating');
  cpSync(rating, join(here, 'dist/rating'), { recursive: true });
  // It names its server itself.
  cpSync(rating, join(shop, 'miniops-rating'), { recursive: true, filter: (path) => !path.endsWith('server.js') });
  console.log(`dist/miniops.js: ${code.length} bytes, ${gzipped} gzipped`);
}
