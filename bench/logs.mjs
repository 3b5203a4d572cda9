// Lines of logs: words, expressions and parts of words looked for in the event store, in ClickHouse and by grep, over the
// same lines. Ours are loaded through EventStore::load and asked in the process that has the store open; ClickHouse is
// asked over HTTP.
//
//   node bench/logs.mjs [--quick]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root, temporaryFolder } from '../tests/harness/process.mjs';
import { ClickHouse } from './clickhouse.mjs';

const lines = process.argv.includes('--quick') ? 2_000_000 : 20_000_000;
const warmUps = 2;
const runs = 5;

const built = spawnSync('cmake', ['--build', '--preset', 'release', '--target', 'log_store'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (built.status !== 0) process.exit(1);

const folder = temporaryFolder('logs');
const [rowsFile, textsFile, store] = ['rows.tsv', 'texts.txt', 'store'].map((name) => join(folder.path, name));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const bytesIn = (path) => readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => sum + (entry.isDirectory() ? bytesIn(join(path, entry.name)) : statSync(join(path, entry.name)).size), 0);

async function run(command, args, { input = '', env = process.env } = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  child.stdin.end(input);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output: output.trim() };
}

async function ours(args, input) {
  const { code, output } = await run(join(root, 'build/release/bench/log_store'), args, { input });
  if (code !== 0) throw new Error(`log_store ${args[0]} failed`);
  return output.split('\n').map((line) => JSON.parse(line));
}

const ask = (questions, times = [warmUps, runs]) => ours(['ask', '--folder', store, '--warm-ups', String(times[0]), '--runs', String(times[1])], questions.map((one) => `${one.ours}\n`).join(''));

async function timed(work, warm = warmUps, measured = runs) {
  const seen = [];
  let answer;
  for (let i = 0; i < warm + measured; i++) {
    const from = performance.now();
    answer = await work();
    if (i >= warm) seen.push(performance.now() - from);
  }
  return { ms: median(seen), count: Number(answer) };
}

// Without rg, which nobody has to have: its figures would be better than grep's on several cores.
const searcher = spawnSync('rg', ['--version']).status === 0 ? 'rg' : 'grep';
async function search({ grep }) {
  const args = searcher === 'grep' ? grep : grep.filter((one) => one !== '-E');
  return (await run(searcher, ['-c', ...args, textsFile], { env: { ...process.env, LC_ALL: 'C' } })).output || '0';
}

// Out of the page cache: dd asks the kernel to forget what it has of a file.
function forget(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const file = join(path, entry.name);
    if (entry.isDirectory()) forget(file);
    else spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
  }
}

const [made] = await ours(['make', '--lines', String(lines), '--rows', rowsFile, '--texts', textsFile]);
const [loaded] = await ours(['load', '--rows', rowsFile, '--folder', store]);
const peer = await ClickHouse.start();
if (peer) {
  await peer.query('CREATE TABLE logs (id UUID, t UInt64, level UInt8, session UInt64, text String) ENGINE = MergeTree ORDER BY t');
  await peer.insertFile('INSERT INTO logs FORMAT TabSeparated', rowsFile);
  await peer.query('OPTIMIZE TABLE logs FINAL');
}
const peerBytes = peer && Number(await peer.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'logs'"));

const like = (word) => `text LIKE '%${word.replaceAll('_', '\\_')}%'`;
const word = (what, text) => ({ what, ours: `word ${text}`, where: like(text), grep: ['-F', text] });
const absent = 'd41d8cd98f00b204e980';
const questions = [
  ...made.rare.map((text, i) => word(`rare word ${i + 1}`, text)),
  word('absent word', absent),
  word('frequent word', 'undefined'),
  { what: 'expression with a literal', ours: 'regex blk_-?[0-9]+', where: "match(text, 'blk_-?[0-9]+')", grep: ['-E', 'blk_-?[0-9]+'] },
  { what: 'expression [0-9]+ms', ours: 'regex [0-9]+ms', where: "match(text, '[0-9]+ms')", grep: ['-E', '[0-9]+ms'] },
  { what: 'expression without one', ours: 'regex [0-9]{3}[a-f]{4}[0-9]{3}', where: "match(text, '[0-9]{3}[a-f]{4}[0-9]{3}')", grep: ['-E', '[0-9]{3}[a-f]{4}[0-9]{3}'] },
  { what: 'part of a word', ours: `substring ${made.rare[0].slice(2, 11)}`, where: like(made.rare[0].slice(2, 11)), grep: ['-F', made.rare[0].slice(2, 11)] },
  { what: 'newest 100 of a frequent word', ours: 'newest undefined', sql: "SELECT text FROM logs WHERE text LIKE '%undefined%' ORDER BY t DESC LIMIT 100 FORMAT Null" },
  { what: '100 lines after one at noon', ours: 'after 43200000', sql: 'SELECT text FROM logs WHERE t > 1795262400000 ORDER BY t LIMIT 100 FORMAT Null' },
];
const warm = await ask(questions);
const rows = [];
for (const [i, question] of questions.entries()) {
  const theirs = peer && (await timed(() => peer.query(question.sql ?? `SELECT count() FROM logs WHERE ${question.where}`)));
  const found = question.sql ? undefined : await timed(() => search(question));
  const counts = question.sql ? [warm[i].count] : [warm[i].count, theirs?.count ?? warm[i].count, found.count];
  if (new Set(counts).size > 1) throw new Error(`${question.what}: counts differ: ${counts.join(', ')}`);
  rows.push({ what: question.what, count: counts[0], ours: warm[i].ms, clickhouse: theirs?.ms, search: found?.ms });
}

// Cold: each asked once by a process that has just started, its files not in the page cache.
const rare = questions[0];
const cold = { ours: [], clickhouse: [], search: [] };
for (let i = 0; i < 3; i++) {
  forget(store);
  cold.ours.push((await ask([rare], [0, 1]))[0].ms);
  spawnSync('dd', [`if=${textsFile}`, 'iflag=nocache', 'count=0', 'status=none']);
  cold.search.push((await timed(() => search(rare), 0, 1)).ms);
  if (!peer) continue;
  await peer.halt();
  forget(join(peer.folder.path, 'data'));
  await peer.run();
  cold.clickhouse.push((await timed(() => peer.query(`SELECT count() FROM logs WHERE ${rare.where}`), 0, 1)).ms);
}
rows.push({ what: 'rare word 1, cold', count: rows[0].count, ours: median(cold.ours), clickhouse: peer && median(cold.clickhouse), search: median(cold.search) });

const ms = (number) => (number === undefined ? '–' : number.toFixed(number < 10 ? 1 : 0));
const times = (other, own) => (other === undefined ? '–' : `${(other / own).toFixed(1)} ×`);
console.log(`\n${lines.toLocaleString('en')} lines of ${made.bytes_of_line} bytes, warm, median of ${runs} after ${warmUps}; ClickHouse is Debian's 18.16${peer ? '' : ' (not installed)'}
what                              count   ours ms  ClickHouse ms  to ours  ${searcher.padStart(6)} ms  to ours`);
for (const row of rows)
  console.log(`${row.what.padEnd(30)} ${String(row.count).padStart(8)}  ${ms(row.ours).padStart(8)}  ${ms(row.clickhouse).padStart(13)}  ${times(row.clickhouse, row.ours).padStart(7)}  ${ms(row.search).padStart(9)}  ${times(row.search, row.ours).padStart(7)}`);
console.log(`Loaded: ${loaded.per_second.toLocaleString('en')} lines/s through EventStore::load, filters included.
Bytes a line on disk: ours ${(bytesIn(store) / lines).toFixed(1)}, filters included${peer ? `; ClickHouse ${(peerBytes / lines).toFixed(1)}` : ''}: id, time, level, session, text.`);
await peer?.stop();
folder.remove();
