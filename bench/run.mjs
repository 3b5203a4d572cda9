// `make bench`: MiniOps beside a peer and beside the physical limit, in one run, on one machine. Prints tables and
// ratios; never fails for a figure, but for a part that cannot be measured.
//
//   (a) nginx `return 200`: the limit of accepting a request
//   (b) the `wechat` npm middleware on express: what a user would write today from a tutorial (nothing is stored)
//
//   node bench/run.mjs [--quick] [part …]      all parts: pushes idle live crowd timers workbench routing reports search
//
// --quick: everything small, to see that it works. The figures that were wanted stand together at the end.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Postgres, freePort } from '../tests/harness/postgres.mjs';
import { Program, root, temporaryFolder, until } from '../tests/harness/process.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { crowd } from './crowd.mjs';
import { reports, routing, search } from './desk.mjs';
import { liveLatency, manyAgents } from './live.mjs';
import { timers } from './timers.mjs';
import { judged, table } from './wanted.mjs';
import { workbench } from './workbench.mjs';

const quick = process.argv.includes('--quick');
const burst = quick ? 3 : 10;
const sustained = quick ? 10 : 60;
const sustainedRate = 5000;
let stamp = Math.floor(Date.now() / 1000) % 100000;

// Each part with the programs that it needs; what it gives is in the table at the end.
const parts = {
  pushes: { needs: ['miniops', 'push_load'], run: pushes },
  idle: { needs: ['miniops'], run: async () => table('Idle server', [await idleFigures()]) },
  live: { needs: ['miniops'], run: live },
  crowd: { needs: ['miniops'], run: () => crowd(quick) },
  timers: { needs: ['miniops'], run: () => timers(quick) },
  workbench: { needs: ['miniops'], run: () => workbench(quick) },
  routing: { needs: ['routing', 'assigning'], run: () => routing(quick) },
  reports: { needs: ['reports'], run: () => reports(quick) },
  search: { needs: ['search'], run: () => search(quick) },
};

function build(targets) {
  for (const args of [['--preset', 'release'], ['--build', '--preset', 'release', '--target', ...targets]]) {
    const done = spawnSync('cmake', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    if (done.status !== 0) process.exit(1);
  }
}

async function run(names) {
  const unknown = names.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    console.error(`no part '${unknown[0]}'; there are: ${Object.keys(parts).join(' ')}`);
    process.exit(2);
  }
  build([...new Set(names.flatMap((name) => parts[name].needs))]);
  const rows = [];
  for (const name of names) {
    try {
      const reached = ((await parts[name].run()) ?? []).map(judged);
      if (reached.length > 0) table(name, reached);
      rows.push(...reached);
    } catch (error) {
      console.error(`${name} failed:`, error); // the others are measured none the less
      process.exitCode = 1;
    }
  }
  if (names.length > 1 && rows.length > 0) table('What was wanted, and what was reached', rows);
}

const memoryMb = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

// Where time went, in cores, while something ran: the process, its busiest thread, the whole machine.
function processorTimes(pid) {
  const ticks = (text) => text.slice(text.lastIndexOf(')') + 2).split(' ').slice(11, 13).reduce((sum, one) => sum + Number(one), 0) / 100;
  const threads = Object.fromEntries(readdirSync(`/proc/${pid}/task`).map((id) => [id, ticks(readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8'))]));
  const [, ...all] = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).map(Number);
  return { at: Date.now() / 1000, threads, idle: (all[3] + all[4]) / 100 };
}
function coresUsed(pid, from) {
  const to = processorTimes(pid);
  const seconds = to.at - from.at;
  const threads = Object.entries(to.threads).map(([id, ticks]) => (ticks - (from.threads[id] ?? 0)) / seconds);
  return { process: threads.reduce((sum, one) => sum + one, 0), busiest: Math.max(...threads), idle: (to.idle - from.idle) / seconds };
}
const told = (what, used) => `${what}: MiniOps used ${used.process.toFixed(2)} of ${availableParallelism()} cores, its busiest thread ${used.busiest.toFixed(2)}; idle were ${used.idle.toFixed(2)}.`;

async function load(port, path, connections, { seconds = burst, rate = 0 } = {}) {
  const args = ['--port', port, '--path', path, '--connections', connections, '--seconds', seconds, '--rate', rate, '--stamp', ++stamp];
  const child = spawn(join(root, 'build/release/bench/push_load'), args.map(String), { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('push_load failed');
  return JSON.parse(output);
}

async function startNginx() {
  const folder = temporaryFolder('nginx');
  const port = await freePort();
  writeFileSync(join(folder.path, 'nginx.conf'), `daemon off; worker_processes 2; pid ${folder.path}/pid; error_log /dev/null;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path ${folder.path}/b; proxy_temp_path ${folder.path}/p; fastcgi_temp_path ${folder.path}/f; uwsgi_temp_path ${folder.path}/u; scgi_temp_path ${folder.path}/s;
server { listen 127.0.0.1:${port} reuseport; location / { return 200 "success"; } } }`);
  const child = spawn('/usr/sbin/nginx', ['-c', join(folder.path, 'nginx.conf'), '-p', folder.path], { stdio: 'ignore' });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/`)).ok, 'nginx');
  return { port, stop: async () => { child.kill(); await once(child, 'exit'); folder.remove(); } };
}

async function startExpress() {
  const child = spawn(process.execPath, [join(root, 'bench/express_peer.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { port: Number(String(line).trim()), pid: child.pid, stop: async () => { child.kill(); await once(child, 'exit'); } };
}

async function lag(product) {
  const health = await product.api.get(`/miniprograms/${product.appid}/gateway`);
  return Math.max(0, ...health.journal.consumers.map((one) => one.lag));
}

// Accepted in a burst, and how long the desk needs to have shown all of it.
async function burstOf(product, connections) {
  const { pid } = product.server.child;
  let from = processorTimes(pid);
  const figures = await load(new URL(product.url).port, `/wechat/push/${product.appid}`, connections);
  const whileAccepting = coresUsed(pid, from);
  const memory = memoryMb(pid);
  const behind = await lag(product);
  const started = Date.now();
  from = processorTimes(pid);
  await until(async () => (await lag(product)) === 0, 'the desk to have caught up', 600000);
  const whileDraining = coresUsed(pid, from);
  const drainSeconds = figures.seconds + (Date.now() - started) / 1000;
  return { ...figures, memory, behind, whileAccepting, whileDraining, drained: figures.accepted / drainSeconds };
}

async function sustainedOf(product) {
  const lags = [];
  const watch = setInterval(async () => lags.push(await lag(product).catch(() => NaN)), 1000);
  const figures = await load(new URL(product.url).port, `/wechat/push/${product.appid}`, 64, { seconds: sustained, rate: sustainedRate });
  clearInterval(watch);
  const started = Date.now();
  await until(async () => (await lag(product)) === 0, 'the desk to have caught up', 600000);
  return { ...figures, drained: figures.accepted / (figures.seconds + (Date.now() - started) / 1000), lagMax: Math.max(...lags.filter(Number.isFinite)) };
}

async function pushes() {
  const rows = [];
  const limits = {};
  for (const connections of [64, 512]) {
    const nginx = await startNginx();
    const limit = await load(nginx.port, '/wechat/push/x', connections);
    await nginx.stop();
    const express = await startExpress();
    const peer = await load(express.port, '/wechat/push/x', connections);
    const peerMemory = memoryMb(express.pid);
    await express.stop();
    limits[connections] = { limit, peer };
    rows.push({ what: `nginx return 200, ${connections} connections`, 'accepted/s': limit.per_second, 'drained/s': '', 'p50 ms': limit.p50_ms, 'p99 ms': limit.p99_ms, 'MB': '', 'lag': '', '× express': '', 'of nginx': 1 });
    rows.push({ what: `wechat on express, ${connections} connections`, 'accepted/s': peer.per_second, 'drained/s': '', 'p50 ms': peer.p50_ms, 'p99 ms': peer.p99_ms, 'MB': peerMemory.toFixed(0), 'lag': '', '× express': 1, 'of nginx': (peer.per_second / limit.per_second).toFixed(2) });
  }
  const sustainedRows = [];
  const limitedBy = [];
  for (const engine of ['SQLite', 'PostgreSQL']) {
    const postgres = engine === 'PostgreSQL' ? await Postgres.start() : undefined;
    for (const connections of [64, 512]) {
      const product = await startProduct({ database: postgres?.create(`bench${connections}`) });
      const figures = await burstOf(product, connections);
      const { limit, peer } = limits[connections];
      rows.push({ what: `MiniOps, ${engine}, ${connections} connections`, 'accepted/s': figures.per_second, 'drained/s': figures.drained.toFixed(0), 'p50 ms': figures.p50_ms, 'p99 ms': figures.p99_ms, 'MB': figures.memory.toFixed(0), 'lag': figures.behind, '× express': (figures.per_second / peer.per_second).toFixed(1), 'of nginx': (figures.per_second / limit.per_second).toFixed(2) });
      limitedBy.push(told(`${engine}, ${connections} connections, accepting`, figures.whileAccepting), told(`${engine}, ${connections} connections, draining`, figures.whileDraining));
      await product.stop();
    }
    const product = await startProduct({ database: postgres?.create('sustained') });
    const figures = await sustainedOf(product);
    sustainedRows.push({ what: `${engine}, ${sustainedRate}/s offered for ${sustained} s`, 'accepted/s': figures.per_second, 'drained/s': figures.drained.toFixed(0), 'ack p50 ms': figures.p50_ms, 'ack p99 ms': figures.p99_ms, 'lag at most': figures.lagMax });
    await product.stop();
    await postgres?.stop();
  }
  table(`Durable safe-mode XML pushes, bursts of ${burst} s`, rows);
  table('Sustained', sustainedRows);
  console.log(`\nWhat limits it:\n${limitedBy.join('\n')}
The load generator shares the same ${availableParallelism()} cores. nginx stores nothing; the express peer stores nothing either, and
answers before anyone has the message. In bursts of ${burst} s, sustained for ${sustained} s.`);
}

async function live() {
  table('Push to the agent’s WebSocket', [await liveLatency(quick ? 5 : 20, 1000)]);
  table('Agents connected', [await manyAgents(quick ? 200 : 2000)]);
}

async function idleFigures() {
  const folder = temporaryFolder('idle');
  const program = new Program(['serve', '--listen', '127.0.0.1:0', '--data', folder.path]);
  const first = Date.now();
  await program.start();
  const firstMs = Date.now() - first;
  await program.stop();
  const started = Date.now();
  await program.start();
  const readyMs = Date.now() - started;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const memory = memoryMb(program.child.pid);
  await program.stop();
  folder.remove();
  return { 'resident MB': memory.toFixed(1), 'ready ms': readyMs, 'first start ms (migrations, keys)': firstMs };
}

const chosen = process.argv.slice(2).filter((one) => !one.startsWith('--'));
await run(chosen.length > 0 ? chosen : Object.keys(parts));
