#!/usr/bin/env node
// Sends the source maps of a release to MiniOps and says what does not fit. Plain Node 18 and later, no dependencies.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

export const help = `Usage: upload-maps.mjs --server URL --appid WX… --release VERSION [options] FOLDER…

Finds the source maps (*.map) under each folder, sends them to MiniOps and lets its doctor say what fits.

  --server URL       your MiniOps, for example https://ops.example.com
  --appid WX…        the mini program
  --release VERSION  as the mini program reports it: the version of WeChat's upload (1.4.2)
  --layer LAYER      build, wechat or auto (default)
                     build   of Taro, uni-app, webpack …: from their output to your source
                     wechat  of WeChat's upload: from the merged file on the phone to the build tool's output
                     auto    wechat for *.map.map, for what lies in a folder __NAME__ and for app-service.js and
                             appservice.app.js; build for all others
  --dry-run          says what would be sent, and sends nothing
  --no-doctor        does not ask the doctor
  --strict           exit status 3 when the doctor finds a problem
  --help             this text

The API key comes from the environment: MINIOPS_API_KEY. It needs the scopes issues.handle and telemetry.read.

Where the two layers come from:
  build   the build tool's output folder (dist/), built with source maps; do not upload the maps to WeChat.
  wechat  We 分析 → 性能质量 → JS 分析 → 下载 source map, or miniprogram-ci get-dev-source-map; unpack the archive.
Each map belongs to the file of its name: dist/pages/index/index.js.map to pages/index/index.js,
__APP__/app-service.map.map to app-service.js.

Exit status: 0 done; 1 wrong use, or nothing was found; 2 something could not be sent; 3 see --strict.`;

const mapBytesMax = 64 * 1024 * 1024;
const skipped = new Set(['node_modules', '.git']);

class Mistake extends Error {}

export function parseArguments(args) {
  const options = { layer: 'auto', doctor: true, strict: false, dryRun: false, folders: [] };
  const texts = { '--server': 'server', '--appid': 'appid', '--release': 'release', '--layer': 'layer' };
  const rest = [...args];
  while (rest.length > 0) {
    const word = rest.shift();
    const [name, inline] = word.startsWith('--') && word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, undefined];
    if (name === '--help' || name === '-h') return { help: true };
    else if (texts[name]) {
      const value = inline ?? rest.shift();
      if (!value) throw new Mistake(`${name} needs a value`);
      options[texts[name]] = value;
    } else if (name === '--dry-run') options.dryRun = true;
    else if (name === '--no-doctor') options.doctor = false;
    else if (name === '--strict') options.strict = true;
    else if (name.startsWith('-')) throw new Mistake(`there is no option ${name}`);
    else options.folders.push(word);
  }
  if (!['auto', 'build', 'wechat'].includes(options.layer)) throw new Mistake('--layer is build, wechat or auto');
  for (const name of options.dryRun ? ['release'] : ['server', 'appid', 'release']) {
    if (!options[name]) throw new Mistake(`--${name} is missing`);
  }
  if (options.folders.length === 0) throw new Mistake('no folder is given');
  return options;
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() && entry.name.endsWith('.map') ? [path] : [];
  });
}

// WeChat's archive: a folder for each package, __APP__ for the main one, with app-service.map.map in it.
const packageFolder = /^__(.+)__$/;
const mergedFile = /^(app-service|appservice\.app)(\.js)?$/;

export function layerOf(path) {
  const name = basename(path).replace(/(\.map)+$/, '');
  const inPackage = path.split(/[\\/]/).some((part) => packageFolder.test(part));
  return path.endsWith('.map.map') || inPackage || mergedFile.test(name) ? 'wechat' : 'build';
}

// The generated file that a map belongs to, as phones name it.
export function generatedFile(path, layer) {
  const parts = path.split(/[\\/]/).map((part) => part.replace(/(\.map)+$/, ''));
  const name = parts.pop();
  const folders = parts.filter((part) => part !== '.' && part !== '__APP__').map((part) => part.replace(packageFolder, '$1'));
  const file = layer === 'wechat' && !/\.[cm]?js$/.test(name) ? `${name}.js` : name;
  return [...folders, file].join('/');
}

// Styles and templates have maps, too, and no errors.
const isScript = (file) => !/\.(wxss|css|wxml|html|json)$/.test(file);

export function findMaps(folder, layer) {
  if (!statSync(folder).isDirectory()) return findMaps(dirname(folder), layer).filter(({ path }) => path === folder);
  return filesUnder(folder)
    .map((path) => {
      const inside = relative(folder, path).split(sep).join('/');
      const known = layer === 'auto' ? layerOf(inside) : layer;
      return { path, layer: known, file: generatedFile(inside, known), bytes: statSync(path).size };
    })
    .filter(({ file }) => isScript(file))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function request(options, key, method, path, body) {
  const address = `${options.server.replace(/\/+$/, '')}/api/v1/miniprograms/${encodeURIComponent(options.appid)}/issues/${path}`;
  for (let attempt = 1; ; attempt++) {
    let answer;
    try {
      answer = await fetch(address, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/octet-stream' } : {}) },
        body,
      });
    } catch (error) {
      if (attempt < 3) continue;
      throw new Error(`${options.server} does not answer: ${error.cause?.code ?? error.message}`);
    }
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    if ((answer.status === 503 || answer.status === 429) && attempt < 3) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('retry-after') ?? 1)));
      continue;
    }
    let problem = {};
    try {
      problem = JSON.parse(text);
    } catch {
      // A proxy's page.
    }
    throw new Error(problem.detail ? `${problem.detail} (${problem.code})` : `status ${answer.status}`);
  }
}

const query = (values) => new URLSearchParams(values).toString();

async function send(options, key, map, say) {
  if (map.bytes > mapBytesMax) throw new Error('is larger than 64 MiB');
  const path = `source-maps?${query({ release: options.release, file: map.file, layer: map.layer })}`;
  const done = await request(options, key, 'POST', path, readFileSync(map.path));
  say(`  ${map.layer.padEnd(6)} ${map.file}  (${done.sources} sources${done.replaced ? ', replaced' : ''})`);
}

async function askDoctor(options, key, say) {
  const report = await request(options, key, 'GET', `source-maps/doctor?${query({ release: options.release })}`);
  say(`\nDoctor: ${report.mapped} of ${report.positions} positions of this release's errors lead to the source.`);
  for (const { level, file, layer, text, example } of report.findings) {
    say(`  ${level.padEnd(7)} ${[layer, file].filter(Boolean).join(' ')}${file ? ': ' : ''}${text}${example ? ` For example ${example}.` : ''}`);
  }
  return report.findings.some(({ level }) => level === 'problem');
}

// The exit status.
export async function main(args, { key = process.env.MINIOPS_API_KEY, say = console.log, complain = console.error } = {}) {
  let options;
  try {
    options = parseArguments(args);
    if (options.help) {
      say(help);
      return 0;
    }
    if (!key && !options.dryRun) throw new Mistake('the environment has no MINIOPS_API_KEY');
  } catch (error) {
    complain(`upload-maps: ${error.message}. See --help.`);
    return 1;
  }
  let maps;
  try {
    maps = options.folders.flatMap((folder) => findMaps(folder, options.layer));
  } catch (error) {
    complain(`upload-maps: ${error.message}`);
    return 1;
  }
  if (maps.length === 0) {
    complain('upload-maps: there is no source map in these folders. Switch source maps on in the build tool.');
    return 1;
  }
  say(`${maps.length} source maps of release ${options.release}${options.dryRun ? ' would be sent' : ''}:`);
  let failed = 0;
  for (const map of maps) {
    try {
      if (options.dryRun) say(`  ${map.layer.padEnd(6)} ${map.file}`);
      else await send(options, key, map, say);
    } catch (error) {
      failed++;
      complain(`upload-maps: ${map.path}: ${error.message}`);
    }
  }
  if (failed > 0) return 2;
  if (options.dryRun || !options.doctor) return 0;
  try {
    const problem = await askDoctor(options, key, say);
    return problem && options.strict ? 3 : 0;
  } catch (error) {
    complain(`upload-maps: the doctor: ${error.message}`);
    return 2;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(await main(process.argv.slice(2)));
