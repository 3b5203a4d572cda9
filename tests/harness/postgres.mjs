// A real PostgreSQL in a temporary folder, as a user that is not root, on a free port of the loopback.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { temporaryFolder, until } from './process.mjs';

const bin = '/usr/lib/postgresql/15/bin';

export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function asPostgres() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres']).stdout.toString());
  return { uid: id('-u'), gid: id('-g') };
}

export class Postgres {
  static async start() {
    const postgres = new Postgres();
    postgres.folder = temporaryFolder('pg');
    postgres.user = asPostgres();
    if (postgres.user.uid !== undefined) chownSync(postgres.folder.path, postgres.user.uid, postgres.user.gid);
    postgres.data = join(postgres.folder.path, 'data');
    const made = spawnSync(`${bin}/initdb`, ['-D', postgres.data, '-U', 'miniops', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], { ...postgres.user, cwd: '/' });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    postgres.port = await freePort();
    await postgres.up();
    return postgres;
  }

  async up() {
    this.log = '';
    this.child = spawn(`${bin}/postgres`, ['-D', this.data, '-p', String(this.port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${this.folder.path}`, '-c', 'max_connections=100'], { ...this.user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr.on('data', (chunk) => (this.log = (this.log + chunk).slice(-100000)));
    this.exited = once(this.child, 'exit');
    await until(() => spawnSync(`${bin}/pg_isready`, ['-q', '-h', '127.0.0.1', '-p', String(this.port)]).status === 0, 'PostgreSQL to be ready', 30000);
  }

  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (like a crash).
  async down(signal = 'SIGINT') {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.exited;
  }

  async restart(signal = 'SIGINT') {
    await this.down(signal);
    await this.up();
  }

  address(database = 'postgres') {
    return `postgres://miniops@127.0.0.1:${this.port}/${database}`;
  }

  create(database) {
    const made = spawnSync(`${bin}/createdb`, ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'miniops', database]);
    if (made.status !== 0) throw new Error(`createdb: ${made.stderr}`);
    return this.address(database);
  }

  query(database, sql) {
    const done = spawnSync('psql', ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'miniops', '-d', database, '-At', '-c', sql], { maxBuffer: 1 << 28 });
    if (done.status !== 0) throw new Error(`psql: ${done.stderr}`);
    return done.stdout.toString().trim();
  }

  async stop() {
    await this.down();
    this.folder.remove();
  }
}
