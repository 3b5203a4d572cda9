// After a kill the next process on the same data folder knows that the one before is dead: nothing waits for its leases.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { Postgres } from '../harness/postgres.mjs';
import { Program, temporaryFolder, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

test('a killed server’s leases are free when the next one listens', async (t) => {
  const postgres = await Postgres.start();
  t.after(() => postgres.stop());
  const product = await startProduct({ database: postgres.create('miniops') });
  t.after(() => product.stop());
  const owners = () => postgres.query('miniops', "SELECT DISTINCT owner FROM leases WHERE name IN ('live/0', 'consumer:desk') ORDER BY owner").split('\n').filter(Boolean);
  const [before] = await until(() => owners().length === 1 && owners(), 'the leases');

  await product.server.kill();
  assert.deepEqual(owners(), [before]);
  await product.restart();
  assert.ok(!owners().includes(before));
});

test('a server on a copy of the data folder leaves the leases of the one that runs', async (t) => {
  const postgres = await Postgres.start();
  t.after(() => postgres.stop());
  const product = await startProduct({ database: postgres.create('miniops') });
  t.after(() => product.stop());
  const owners = () => postgres.query('miniops', "SELECT DISTINCT owner FROM leases WHERE name = 'live/0'");
  const before = await until(owners, 'the lease');

  const copy = temporaryFolder('copy');
  t.after(() => copy.remove());
  cpSync(product.data, copy.path, { recursive: true });
  const args = product.server.args.map((arg) => (arg === product.data ? copy.path : arg));
  const second = new Program(args);
  t.after(() => second.stop());
  await second.start();
  assert.equal(owners(), before);
});
