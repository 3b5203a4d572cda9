// What phones report, over HTTP: accepted in a burst, drained into the event store, and how old a record is when it can
// be asked about; beside ClickHouse's bulk insert of the same events.
//
//   node bench/telemetry.mjs [--quick]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root, temporaryFolder, until } from '../tests/harness/process.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { drained, makeKey } from '../tests/harness/phones.mjs';
import { ClickHouse } from './clickhouse.mjs';

const quick = process.argv.includes('--quick');
const burst = quick ? 4 : 10;
const sustained = quick ? 10 : 60;
let stamp = Date.now() % 100000;

const built = spawnSync('cmake', ['--build', '--preset', 'release', '--target', 'miniops', 'ingest_load'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (built.status !== 0) process.exit(1);

const memoryMb = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
const bytesIn = (folder) => readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => sum + (entry.isDirectory() ? bytesIn(join(folder, entry.name)) : statSync(join(folder, entry.name)).size), 0);

async function load(args) {
  const child = spawn(join(root, 'build/release/bench/ingest_load'), [...args, '--stamp', String(++stamp)], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('ingest_load failed');
  return JSON.parse(output);
}

async function withProduct(work) {
  const product = await startProduct();
  const keys = [];
  for (let i = 0; i < 30; i++) keys.push((await makeKey(product, { name: `k${i}` })).key);
  try {
    return await work(product, ['--port', new URL(product.url).port, '--keys', keys.join(',')]);
  } finally {
    await product.stop();
  }
}

const recordsOfBatch = { events: 20, errors: 5, logs: 50 };
const batchesMade = { errors: 15_000, logs: 30_000 }; // events: as many as the time needs

async function run(seconds, rate, of = 'events') {
  return withProduct(async (product, args) => {
    const figures = await load([...args, '--of', of, ...(batchesMade[of] ? ['--count', String(batchesMade[of])] : []), '--seconds', String(seconds), ...(rate ? ['--rate', String(rate)] : [])]);
    const started = Date.now();
    await until(() => drained(product), 'the spool to be loaded', 300000);
    const drain = figures.seconds + (Date.now() - started) / 1000;
    const memory = memoryMb(product.server.child.pid);
    const events = figures.accepted * recordsOfBatch[of];
    await product.server.stop(); // the engine writes its log into the file
    return { accepted: events / figures.seconds, drained: events / drain, p50: figures.p50_ms, p99: figures.p99_ms, failed: figures.failed + figures.refused, memory, bytes: bytesIn(join(product.data, 'telemetry/events')) / events };
  });
}

// How long a record takes from its acknowledgement until a question finds it, at half the sustained rate, while charts are
// asked for.
async function ages(rate) {
  return withProduct(async (product, args) => {
    const key = await makeKey(product, { name: 'probe' });
    const behind = load([...args, '--seconds', String(quick ? 8 : 30), '--rate', String(rate)]);
    const seen = [];
    let over = false;
    let charts = 0;
    const asking = (async () => {
      while (!over) {
        const question = charts % 2 ? 'series?kind=event&interval=minute' : 'breakdown?kind=event&by=page&measure=people';
        await product.api.get(`/miniprograms/${product.appid}/telemetry/${question}`);
        charts += 1;
      }
    })();
    for (let i = 1; i <= (quick ? 12 : 50); i++) {
      const body = { v: 1, install: 'probe-0001', batch: i, sent_at: Date.now(), context: {}, records: [{ kind: 'log', text: `probe ${i}`, t: Date.now() }] };
      await fetch(key.batch_url, { method: 'POST', body: JSON.stringify(body) });
      const at = performance.now();
      await until(async () => (await product.api.get(`/miniprograms/${product.appid}/telemetry/records?kind=log&limit=1`)).items[0]?.text === `probe ${i}`, 'the probe', 60000);
      seen.push(performance.now() - at);
    }
    over = true;
    await Promise.all([behind, asking]);
    seen.sort((a, b) => a - b);
    return { p50: seen[Math.floor(seen.length / 2)], p99: seen.at(-1), charts };
  });
}

// One key at ten times its quota: what the others notice.
async function flood() {
  return withProduct(async (product, args) => {
    const [port, portValue] = args;
    const loud = await makeKey(product, { name: 'loud', records_per_minute: 60_000 });
    const seconds = String(quick ? 4 : 10);
    const quiet = () => load([...args, '--rate', '200', '--seconds', seconds]);
    const rounds = [];
    // The first opens the store and spends the loud key's room.
    for (let i = 0; i < 4; i++) {
      const calm = await quiet();
      const [busy, flooding] = await Promise.all([quiet(), load([port, portValue, '--keys', loud.key, '--rate', '500', '--seconds', seconds])]);
      if (i > 0) rounds.push({ calm, busy, flooding });
    }
    return rounds.toSorted((a, b) => a.busy.p99_ms - b.busy.p99_ms)[1];
  });
}

const folder = temporaryFolder('lines');
const lines = join(folder.path, 'events.jsonl');
const made = quick ? 5000 : 20000;
await load(['--port', '1', '--keys', 'none', '--seconds', '0.01', '--count', String(made), '--lines', lines]);
const peer = await ClickHouse.start();
const bulk = peer && (await peer.insertLines(lines));
await peer?.stop();
const eventBytes = statSync(lines).size / (made * recordsOfBatch.events);
folder.remove();

const short = await run(burst);
const long = await run(sustained, Math.floor(short.drained / recordsOfBatch.events));
const age = await ages(Math.floor(short.drained / recordsOfBatch.events / 2));
const errors = await run(burst, undefined, 'errors');
const logs = await run(burst, undefined, 'logs');
const { calm, busy, flooding } = await flood();

const figure = (number) => Math.round(number).toLocaleString('en');
const ratio = (number) => (bulk ? (number / bulk.perSecond).toFixed(2) : '–');
console.log(`\nEvents of ${eventBytes.toFixed(0)} bytes in batches of ${recordsOfBatch.events} on 30 keys, 64 connections
what                               events/s  of ClickHouse  ack p50 ms  p99 ms     MB  bytes/event
${bulk ? `ClickHouse 18.16, one bulk insert  ${figure(bulk.perSecond).padStart(8)}              1                                ${bulk.bytesPerRow.toFixed(0).padStart(11)}` : 'ClickHouse is not installed (apt-get install clickhouse-server)'}
accepted, burst of ${String(burst).padStart(2)} s            ${figure(short.accepted).padStart(8)}  ${ratio(short.accepted).padStart(13)}  ${String(short.p50).padStart(10)}  ${String(short.p99).padStart(6)}  ${short.memory.toFixed(0).padStart(5)}  ${short.bytes.toFixed(0).padStart(11)}
drained, burst                     ${figure(short.drained).padStart(8)}  ${ratio(short.drained).padStart(13)}
drained, ${String(sustained).padStart(2)} s at that rate        ${figure(long.drained).padStart(8)}  ${ratio(long.drained).padStart(13)}  ${String(long.p50).padStart(10)}  ${String(long.p99).padStart(6)}  ${long.memory.toFixed(0).padStart(5)}  ${long.bytes.toFixed(0).padStart(11)}
From acknowledgement to visible, at half of that rate, ${age.charts} charts asked meanwhile: p50 ${age.p50.toFixed(0)} ms, p99 ${age.p99.toFixed(0)} ms. Refused or failed: ${short.failed + long.failed}.
Errors of 3 KB, grouped: ${figure(errors.accepted)}/s accepted, ${figure(errors.drained)}/s drained (wanted 5,000). Log lines of 120 bytes, with templates and filters: ${figure(logs.accepted)}/s accepted, ${figure(logs.drained)}/s drained (wanted 60,000).
One key at ten times its quota (${figure(flooding.refused)} of its batches refused): the others' p99 ${calm.p99_ms} ms before, ${busy.p99_ms} ms meanwhile, ${busy.refused + busy.failed} of their ${figure(busy.accepted)} batches refused.
The load generator shares the same cores.`);
