// A ClickHouse of its own on free ports (Debian's 18.16), as the peer of the event store. Absent: nothing is compared.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../tests/harness/postgres.mjs';
import { temporaryFolder, until } from '../tests/harness/process.mjs';

const program = '/usr/sbin/clickhouse-server';

export class ClickHouse {
  static async start() {
    if (!existsSync(program)) return undefined;
    const folder = temporaryFolder('clickhouse');
    const [http, tcp, inter] = [await freePort(), await freePort(), await freePort()];
    for (const name of ['data', 'tmp', 'files', 'schemas']) mkdirSync(join(folder.path, name));
    writeFileSync(
      join(folder.path, 'users.xml'),
      '<yandex><profiles><default><max_memory_usage>4000000000</max_memory_usage></default></profiles><quotas><default/></quotas><users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>',
    );
    writeFileSync(
      join(folder.path, 'config.xml'),
      `<yandex><logger><level>error</level><log>${folder.path}/log</log><errorlog>${folder.path}/errors</errorlog></logger>
<http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${inter}</interserver_http_port><listen_host>127.0.0.1</listen_host>
<path>${folder.path}/data/</path><tmp_path>${folder.path}/tmp/</tmp_path><user_files_path>${folder.path}/files/</user_files_path><format_schema_path>${folder.path}/schemas/</format_schema_path>
<users_config>${folder.path}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<mark_cache_size>268435456</mark_cache_size><timezone>UTC</timezone></yandex>`,
    );
    const server = new ClickHouse(folder, http);
    await server.run();
    return server;
  }

  constructor(folder, port) {
    Object.assign(this, { folder, port });
  }

  async run() {
    this.child = spawn(program, [`--config-file=${this.folder.path}/config.xml`], { cwd: this.folder.path, stdio: 'ignore' });
    await until(async () => (await fetch(`http://127.0.0.1:${this.port}/ping`)).ok, 'ClickHouse', 60000);
  }

  async halt() {
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  async query(sql, body) {
    const answer = await fetch(`http://127.0.0.1:${this.port}/?${new URLSearchParams({ query: sql, input_format_skip_unknown_fields: '1' })}`, { method: 'POST', body: body ?? '' });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text.slice(0, 500));
    return text.trim();
  }

  // The same events, in one bulk insert: rows a second, and bytes a row after a merge.
  async insertLines(file) {
    await this.query('CREATE TABLE events (name String, t UInt64, page String, value Float64, props String) ENGINE = MergeTree ORDER BY (name, t)');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    // 18.16 reads no nested objects: properties as one text, as our store keeps them.
    const rows = lines.map((line) => {
      const { name, t, page, value, props } = JSON.parse(line);
      return JSON.stringify({ name, t, page, value, props: JSON.stringify(props) });
    });
    const body = rows.join('\n');
    const started = performance.now();
    await this.query('INSERT INTO events FORMAT JSONEachRow', body);
    const seconds = (performance.now() - started) / 1000;
    await this.query('OPTIMIZE TABLE events FINAL');
    const bytes = Number(await this.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'"));
    return { rows: rows.length, perSecond: rows.length / seconds, bytesPerRow: bytes / rows.length };
  }

  // A file as the body of an INSERT.
  async insertFile(sql, file) {
    const answer = await fetch(`http://127.0.0.1:${this.port}/?${new URLSearchParams({ query: sql })}`, { method: 'POST', body: createReadStream(file, { highWaterMark: 1 << 20 }), duplex: 'half' });
    if (!answer.ok) throw new Error((await answer.text()).slice(0, 500));
  }

  async stop() {
    await this.halt();
    this.folder.remove();
  }
}
