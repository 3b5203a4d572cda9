// kill -9 while agents work and timers come to be due, again and again, on both engines: no customer is forgotten in a
// queue, no timer fires twice, none is lost.
//
// KILLS=200 node --test tests/faults/desk-kill.test.mjs      (20 by default)
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { describe, test } from 'node:test';
import { DeskLedger, postgresRows, sqliteRows } from '../harness/desk_ledger.mjs';
import { DeskLoad } from '../harness/desk_load.mjs';
import { printTable } from '../harness/ledger.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

const kills = Number(process.env.KILLS ?? 20);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const kinds = ['silence_warned', 'agent_reminded', 'returned', 'unparked', 'service_level'];

// Everything under way has come to its end: each push in the desk, nobody in a queue, no timer overdue.
async function settled(product, load, rows) {
  await load.makeRoom();
  const atRest = async () => {
    const { journal, outbox } = await product.api.get(`/miniprograms/${product.appid}/gateway`);
    return outbox.queued + outbox.sending + journal.consumers.filter((one) => one.name === 'desk').reduce((sum, one) => sum + one.lag, 0) === 0;
  };
  await until(atRest, 'what was pushed and sent to come to its end', 120000);
  await until(async () => {
    for (const api of load.agents) await load.presence(api);
    const [{ waiting }] = rows(`SELECT (SELECT COUNT(*) FROM desk_timers WHERE due_at < ${Date.now() - 2000}) + (SELECT COUNT(*) FROM desk_conversations WHERE stage = 'queued' AND state <> 'closed') AS waiting`);
    return Number(waiting) === 0;
  }, 'queues to be empty and timers to have fired', 120000);
}

describe('the desk', { concurrency: 2 }, () => {
  for (const engine of ['SQLite', 'PostgreSQL']) {
    test(`${kills} kills on ${engine}: no customer is forgotten, each timer fires once`, { timeout: 3600000 }, async (context) => {
      const postgres = engine === 'PostgreSQL' ? await Postgres.start() : undefined;
      const product = await startProduct({ database: postgres?.create('miniops') });
      const load = new DeskLoad(product);
      context.after(async () => {
        load.running = false;
        await product.stop();
        await postgres?.stop();
      });
      const rows = postgres ? postgresRows(postgres, 'miniops') : sqliteRows(product.data);
      await load.start();
      for (let i = 0; i < kills; i++) {
        await pause(500 + randomInt(6000)); // timers are due after a minute: the kills are spread over more than that
        await product.server.kill();
        // Sometimes it is down for long enough that much is overdue.
        if (i % 5 === 4) await pause(randomInt(4000));
        await product.restart();
      }
      await until(() => {
        // An agent or the customer may have ended a parking; here it is the timer's that counts.
        const seen = new Set(rows("SELECT DISTINCT kind FROM desk_events WHERE kind <> 'unparked' OR (actor_kind = 'system' AND actor_name = 'timer')").map((one) => one.kind));
        return kinds.every((kind) => seen.has(kind));
      }, 'each kind of timer to have fired', 180000);
      await load.stop();
      await settled(product, load, rows);
      await product.server.stop();

      const { counts, problems } = new DeskLedger(load, rows, Date.now()).verify();
      printTable(`the desk, ${engine}, ${kills} kills`, [{ kills, ...counts }]);
      printTable(`what agents did, ${engine}`, [load.done]);
      assert.deepEqual(problems.slice(0, 20), []);
      for (const count of ['forgotten', 'fired_twice', 'lost']) assert.equal(counts[count], 0, count);
      assert.ok(counts.acknowledged > 5 * kills, 'customers wrote');
      for (const action of ['messages', 'transfer', 'park', 'close']) assert.ok(load.done[action] > 0, `agents did: ${action}`);
      for (const kind of ['silence_warned', 'agent_reminded', 'agent_returned', 'unparked', 'service_level']) assert.ok(counts[kind] > 0, `fired: ${kind}`);
    });
  }
});
