// The parts of the desk that are measured as programs of their own: routing, reports, search. Each prints one line of JSON.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { Postgres } from '../tests/harness/postgres.mjs';
import { root, temporaryFolder } from '../tests/harness/process.mjs';
import { line } from './wanted.mjs';

function figures(program, args) {
  const done = spawnSync(join(root, 'build/release/bench', program), args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 24 });
  if (done.status !== 0) throw new Error(`${program} failed`);
  return JSON.parse(done.stdout);
}

function onSqlite(program, args) {
  const folder = temporaryFolder(program);
  try {
    return figures(program, ['--database', `sqlite:${join(folder.path, 'bench.db')}`, ...args]);
  } finally {
    folder.remove();
  }
}

async function onPostgres(program, args) {
  const postgres = await Postgres.start();
  try {
    return figures(program, ['--database', postgres.create('bench'), ...args]);
  } finally {
    await postgres.stop();
  }
}

export function routing(quick) {
  const decided = figures('routing', ['--decisions', quick ? 20_000 : 200_000]);
  const committed = onSqlite('assigning', ['--conversations', quick ? 2000 : 20_000]);
  const who = '500 agents, 50 rules';
  return [
    line(`Routing, ${who}: decided`, decided.per_second, '/s', { wanted: 100_000 }),
    line(`Routing, ${who}: decided and committed, SQLite`, committed.assigned_per_second, '/s', { wanted: 5000 }),
    line(`  customers' messages stored and placed by the rules`, committed.arrived_per_second, '/s'),
    line(`  ${committed.assigned} of ${committed.conversations} given to agents, still waiting`, committed.waiting, ''),
  ];
}

export function reports(quick) {
  const { conversations, ...answers } = onSqlite('reports', ['--conversations', quick ? 10_000 : 1_000_000]);
  return Object.entries(answers).map(([name, ms]) => line(`Report over ${conversations.toLocaleString('en')} conversations: ${name.replace(/_ms$/, '').replaceAll('_', ' ')}`, ms, 'ms', { wanted: 1000, atMost: true }));
}

const asked = ({ messages, load_seconds, rows }, engine, wanted) => [
  ...rows.map(({ words, agent, p95_ms, found }) =>
    line(`Search over ${messages.toLocaleString('en')} messages, ${engine}: ${words} word, ${agent ? 'one agent of 500' : 'everybody'} (${found.toFixed(0)} found), p95`, p95_ms, 'ms', wanted)),
  line(`  loaded and indexed, ${engine}`, messages / load_seconds, '/s'),
];

// SEARCH_MESSAGES and SEARCH_MESSAGES_POSTGRES say how many; 0: not on PostgreSQL.
export async function search(quick) {
  const count = Number(process.env.SEARCH_MESSAGES ?? (quick ? 20_000 : 10_000_000));
  const onServer = Number(process.env.SEARCH_MESSAGES_POSTGRES ?? Math.min(count, 1_000_000));
  const lines = asked(onSqlite('search', ['--messages', count]), 'SQLite', { wanted: 200, atMost: true });
  if (onServer > 0) lines.push(...asked(await onPostgres('search', ['--messages', onServer]), 'PostgreSQL', {}));
  return lines;
}
