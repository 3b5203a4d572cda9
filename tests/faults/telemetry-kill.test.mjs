// kill -9 under load, again and again: every record that a phone was told is stored is in the event store once, and every
// batch whose answer was lost is sent again and stored once.
//
// KILLS=200 node --test tests/faults/telemetry-kill.test.mjs      (20 by default)
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { test } from 'node:test';
import { printTable } from '../harness/ledger.mjs';
import { compareTexts, drained, makeKey, Phone, SentryPhone, textsOf } from '../harness/phones.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

const kills = Number(process.env.KILLS ?? 20);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test(`${kills} kills: no acknowledged record is lost or stored twice`, { timeout: 1800000 }, async (context) => {
  const product = await startProduct();
  context.after(() => product.stop());
  const key = await makeKey(product);
  const phones = Array.from({ length: 8 }, (_, i) => new Phone(`install-${i}`, key));
  const sentry = Array.from({ length: 3 }, (_, i) => new SentryPhone(`sentry-${i}`, key, product.url));
  let over = false;
  // A phone that got no answer waits a little, as the SDK does.
  const working = [...phones, ...sentry].map(async (phone) => {
    while (!over || phone.pending) if (!(await phone.send(5))) await pause(20);
  });
  for (let i = 0; i < kills; i++) {
    await pause(100 + randomInt(500));
    await product.server.kill();
    await product.restart();
  }
  await pause(300);
  over = true;
  await Promise.all(working);
  await until(() => drained(product), 'the spool to be loaded', 60000);

  const logs = compareTexts(await textsOf(product, 'log'), phones.flatMap((phone) => phone.acknowledged));
  const errors = compareTexts(await textsOf(product, 'error'), sentry.flatMap((phone) => phone.acknowledged));
  const sum = (all, of) => all.reduce((total, one) => total + of(one), 0);
  printTable(`telemetry, ${kills} kills`, [
    {
      kills,
      acknowledged: sum([...phones, ...sentry], (phone) => phone.acknowledged.length),
      sent_again: sum([...phones, ...sentry], (phone) => phone.sentAgain),
      lost: logs.lost.length + errors.lost.length,
      twice: logs.twice.length + errors.twice.length,
    },
  ]);
  assert.deepEqual([logs, errors], [{ lost: [], twice: [] }, { lost: [], twice: [] }]);
  assert.ok(sum(phones, (phone) => phone.sentAgain) > 0, 'answers were lost');
  assert.ok(sum(phones, (phone) => phone.acknowledged.length) > kills * 5, 'the phones did something');
});
