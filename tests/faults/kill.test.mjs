// kill -9 at any moment, again and again, under load, on both engines: what was acknowledged is in the journal once, in
// the desk once and in order, and at the relay's backend; what agents sent reached the phone once, or says why not, or
// is marked as possibly repeated, and each mark belongs to an uncertain attempt.
//
// KILLS=200 node --test tests/faults/kill.test.mjs      (20 by default)
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { test } from 'node:test';
import { Ledger, postgresJournal, printTable, sqliteJournal } from '../harness/ledger.mjs';
import { Load, startBackend, textsAt } from '../harness/load.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { startProduct } from '../harness/product.mjs';

const kills = Number(process.env.KILLS ?? 20);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (const engine of ['SQLite', 'PostgreSQL']) {
  test(`${kills} kills on ${engine}: nothing acknowledged is lost`, { timeout: 1800000 }, async (context) => {
    const postgres = engine === 'PostgreSQL' ? await Postgres.start() : undefined;
    const product = await startProduct({ database: postgres?.create('miniops'), serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
    const backend = await startBackend();
    context.after(async () => {
      await product.stop();
      await postgres?.stop();
      backend.stop();
    });
    await product.api.patch(`/miniprograms/${product.appid}`, { relay_url: backend.url });
    const load = new Load(product);
    await load.start();
    for (let i = 0; i < kills; i++) {
      // On PostgreSQL a dead server's leases hold its successor off for 3 s: every fourth lives long enough to consume.
      await pause(postgres && i % 4 === 3 ? 3500 + randomInt(1500) : 150 + randomInt(600));
      await load.kill();
      // Sometimes WeChat is in trouble too.
      if (i % 5 === 2) await product.sandbox.fault(product.appid, { api: 'message/custom/send', disconnect: 'after', times: 2 });
      if (i % 5 === 4) await product.sandbox.fault(product.appid, { api: 'message/custom/send', errcode: -1, times: 2 });
      await product.restart();
    }
    await pause(500);
    await load.stop();
    await product.sandbox.clearFaults(product.appid);
    await load.settle();

    const journal = postgres ? postgresJournal(postgres, 'miniops') : sqliteJournal(product.data);
    const { counts, problems } = await new Ledger(load, { journal, relayed: textsAt(backend, product) }).verify();
    printTable(`${engine}, ${kills} kills`, [{ kills, ...counts }]);
    assert.deepEqual(problems.slice(0, 20), []);
    assert.equal(counts.lost, 0);
    assert.ok(counts.acknowledged > kills, 'the load did something');
    assert.ok(counts.replies > kills / 4, 'agents did something');
  });
}
