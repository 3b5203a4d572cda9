// PostgreSQL restarted again and again under a load of customers, agents and a relay backend, in order and by a crash:
// nothing acknowledged is lost, and since the server lives on, no message is sent twice or marked.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { Ledger, postgresJournal, printTable } from '../harness/ledger.mjs';
import { Load, startBackend, textsAt } from '../harness/load.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { startProduct } from '../harness/product.mjs';

const restarts = 10;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test(`${restarts} restarts of PostgreSQL: nothing acknowledged is lost`, { timeout: 600000 }, async (context) => {
  const postgres = await Postgres.start();
  const product = await startProduct({ database: postgres.create('miniops'), serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
  const backend = await startBackend();
  context.after(async () => {
    await product.stop();
    await postgres.stop();
    backend.stop();
  });
  await product.api.patch(`/miniprograms/${product.appid}`, { relay_url: backend.url });
  const load = new Load(product);
  await load.start();
  for (let i = 0; i < restarts; i++) {
    await pause(500 + randomInt(1500));
    await postgres.restart(i % 2 === 0 ? 'SIGQUIT' : 'SIGINT'); // SIGQUIT: as if it had crashed
  }
  await pause(1000);
  await load.stop();
  await load.settle();

  assert.ok(product.server.running, 'the server lived through it');
  const journal = postgresJournal(postgres, 'miniops');
  const { counts, problems } = await new Ledger(load, { journal, relayed: textsAt(backend, product) }).verify();
  printTable(`${restarts} restarts of PostgreSQL`, [{ restarts, ...counts }]);
  assert.deepEqual(problems.slice(0, 20), []);
  assert.equal(counts.lost, 0);
  assert.equal(counts.possibly_repeated, 0);
  assert.ok(counts.acknowledged > 20 * restarts, 'the load did something');
  assert.ok(counts.replies > restarts, 'agents did something');
});
