// Charts over 30 days of what phones report, asked over HTTP: from rollups, from rows, and of ClickHouse with the same
// rows. Every figure is the median of 5 after 2 warm-ups; the answers are compared, too.
//
//   node bench/charts.mjs [--quick] [--rows 20000000]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { makeKey } from '../tests/harness/phones.mjs';
import { root, temporaryFolder } from '../tests/harness/process.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { ClickHouse } from './clickhouse.mjs';

const given = process.argv.indexOf('--rows');
const rows = given > 0 ? Number(process.argv[given + 1]) : process.argv.includes('--quick') ? 2_000_000 : 20_000_000;
const day = 86400000;
const to = Math.floor(Date.now() / day) * day;
const from = to - 30 * day;
const networks = ['wifi', '5g', '4g', '3g'];

const built = spawnSync('cmake', ['--build', '--preset', 'release', '--target', 'miniops', 'chart_rows'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (built.status !== 0) process.exit(1);

// `ours` is a question of the API; `theirs` the columns, and what comes behind the conditions. `rolled`: a rollup can
// answer it, unless it is narrowed by something that rollups do not know.
const hour = 'intDiv(ts, 3600000)';
const localDay = 'intDiv(ts + 28800000, 86400000)';
const questions = [
  { name: 'count per hour', ours: 'series?kind=event&interval=hour', theirs: [`${hour} AS b, count()`, 'GROUP BY b ORDER BY b'], where: 'kind = 1', rolled: true },
  { name: 'p50–p99 per day of one metric', ours: 'series?kind=performance&measure=quantiles&interval=day&name=request', theirs: [`${localDay} AS b, quantilesExact(0.5, 0.75, 0.9, 0.95, 0.99)(value)`, 'GROUP BY b ORDER BY b'], where: "kind = 2 AND name = 'request'", rolled: true },
  { name: 'p50–p99 per day of all', ours: 'series?kind=performance&measure=quantiles&interval=day', theirs: [`${localDay} AS b, quantilesExact(0.5, 0.75, 0.9, 0.95, 0.99)(value)`, 'GROUP BY b ORDER BY b'], where: 'kind = 2', rolled: true },
  { name: 'top pages with average', ours: 'breakdown?kind=performance&measure=mean&by=page', theirs: ['page AS b, avg(value), count() AS c', 'GROUP BY b ORDER BY c DESC, b LIMIT 50'], where: 'kind = 2', rolled: true },
  { name: 'people per day, exact', ours: 'series?kind=event&measure=people&interval=day', theirs: [`${localDay} AS b, uniqExact(person)`, 'GROUP BY b ORDER BY b'], where: 'kind = 1' },
  { name: 'one event by province', ours: 'breakdown?kind=event&by=region&name=PayOrder', theirs: ['region AS b, count() AS c', 'GROUP BY b ORDER BY c DESC, b LIMIT 50'], where: "kind = 1 AND name = 'PayOrder'" },
  { name: 'newest 50 of one person', ours: 'records?kind=event&limit=50&person=1000005', theirs: ['ts AS b, name', 'ORDER BY ts DESC LIMIT 50'], where: 'kind = 1 AND person = 1000005' },
];

async function median(ask) {
  const times = [];
  let answer;
  for (let i = 0; i < 7; i++) {
    const started = performance.now();
    answer = await ask();
    if (i >= 2) times.push(performance.now() - started);
  }
  return { ms: times.sort((a, b) => a - b)[2], answer };
}

const narrowed = (question) => ({ ours: `${question.ours}&network=${networks.join(',')}`, where: `${question.where} AND network IN (${networks.map((one) => `'${one}'`).join(', ')})` });
const askUs = (product, path) => median(async () => (await product.api.get(`/miniprograms/${product.appid}/telemetry/${path}&from=${from}&to=${to}`)).items);
const askThem = (peer, product, { theirs: [columns, rest] }, where) =>
  median(async () => (await peer.query(`SELECT ${columns} FROM records WHERE appid = '${product.appid}' AND ${where} AND ts >= ${from} AND ts < ${to} ${rest}`)).split('\n').map((line) => line.split('\t')));

// The same number of lines; and where one of their figures is a count or a number of people, the same sum of it.
function same(question, ours, theirs) {
  if (ours.length !== theirs.length) return `${ours.length} lines against ${theirs.length}`;
  if (!/count per hour|people|province/.test(question.name)) return '';
  const sum = (all) => all.reduce((total, one) => total + Number(one), 0);
  const [a, b] = [sum(ours.map((point) => point.value)), sum(theirs.map((line) => line[1]))];
  return a === b ? '' : `${a} against ${b}`;
}

const product = await startProduct();
const folder = temporaryFolder('charts');
const peer = await ClickHouse.start();
try {
  await makeKey(product);
  await product.server.stop();
  const lines = join(folder.path, 'rows.tsv');
  const filled = spawnSync(join(root, 'build/release/bench/chart_rows'), ['--data', product.data, '--appid', product.appid, '--rows', String(rows), '--lines', lines], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (filled.status !== 0) throw new Error('chart_rows failed');
  const { load_seconds: loading, tidy_seconds: tidying } = JSON.parse(filled.stdout);
  await product.restart();

  if (peer) {
    await peer.query('CREATE TABLE records (appid String, kind UInt8, name String, ts UInt64, person UInt64, session UInt64, page String, release String, network String, region String, device UInt16, scene UInt16, value Nullable(Float64), properties String) ENGINE = MergeTree ORDER BY (appid, name, ts)');
    await peer.insertFile('INSERT INTO records FORMAT TabSeparated', lines);
    await peer.query('OPTIMIZE TABLE records FINAL');
  }
  const table = [];
  for (const question of questions) {
    for (const from of question.rolled ? ['rollup', 'rows'] : ['rows']) {
      const { ours, where } = from === 'rows' && question.rolled ? narrowed(question) : question;
      const us = await askUs(product, ours);
      const them = peer && (await askThem(peer, product, question, where));
      table.push({ name: question.name, from, us, them, wrong: them ? same(question, us.answer, them.answer) : '' });
    }
  }
  const ms = (answer) => (answer ? answer.ms.toFixed(1) : '–').padStart(10);
  console.log(`\n${rows.toLocaleString('en')} records of 30 days (loaded in ${loading.toFixed(0)} s, put in order in ${tidying.toFixed(0)} s), page cache warm, over HTTP`);
  console.log('question                       from      MiniOps ms  ClickHouse ms  its time / ours');
  for (const { name, from, us, them, wrong } of table)
    console.log(`${name.padEnd(30)} ${from.padEnd(6)}   ${ms(us)}     ${ms(them)}  ${(them ? (them.ms / us.ms).toFixed(1) : '–').padStart(15)}  ${wrong && `DIFFERENT: ${wrong}`}`);
} finally {
  await peer?.stop();
  await product.stop();
  folder.remove();
}
