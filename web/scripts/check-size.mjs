// The budgets of the console, gzipped: what a browser loads before the page can be used (JavaScript and styles, with
// all that is imported statically), read from Vite's manifest.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import process from 'node:process';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

function closure(keys) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`the manifest has no ${key}`);
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  keys.forEach(visit);
  return [...files];
}

const bytes = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const language = 'src/i18n/zh/index.ts';
const budgets = [
  { page: 'login', kB: 200, keys: ['index.html', language] },
  {
    page: 'workbench',
    kB: 400,
    keys: ['index.html', language, 'src/app/Shell.tsx', 'src/features/desk/pages/WorkbenchPage.tsx'],
  },
];

let tooLarge = false;
for (const { page, kB, keys } of budgets) {
  const size = closure(keys).reduce((sum, file) => sum + bytes(file), 0) / 1000;
  const verdict = size < kB ? 'ok' : 'TOO LARGE';
  if (size >= kB) tooLarge = true;
  console.log(`${page.padEnd(10)} ${size.toFixed(1).padStart(7)} kB gzipped of ${kB} kB  ${verdict}`);
}
process.exit(tooLarge ? 1 : 0);
