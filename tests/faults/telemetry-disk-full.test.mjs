// A disk that is full while phones report, behind the spool, and behind the event store when it has something to store: what was acknowledged is stored
// once when there is room again, and what was refused is sent again by its phone and stored once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printTable } from '../harness/ledger.mjs';
import { compareTexts, drained, makeKey, Phone, SentryPhone, textsOf } from '../harness/phones.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { smallDisk } from '../harness/small_disk.mjs';

const rounds = 3;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('a full disk, three times: every acknowledged record is stored once', { timeout: 600000 }, async (context) => {
  const disk = smallDisk(96);
  const product = await startProduct({ data: disk.data });
  context.after(async () => {
    await product.stop();
    disk.remove();
  });
  const key = await makeKey(product);
  const phones = [...Array.from({ length: 4 }, (_, i) => new Phone(`install-${i}`, key)), ...Array.from({ length: 2 }, (_, i) => new SentryPhone(`sentry-${i}`, key, product.url))];
  const sum = (of) => phones.reduce((total, one) => total + of(one), 0);
  const acknowledged = () => sum((phone) => phone.acknowledged.length);
  const refused = () => sum((phone) => phone.sentAgain);
  let over = false;
  const working = phones.map(async (phone) => {
    while (!over || phone.pending) if (!(await phone.send(5))) await pause(50);
  });
  for (let round = 0; round < rounds; round++) {
    const [kept, sentAgain] = [acknowledged(), refused()];
    await until(() => acknowledged() >= kept + 200, 'records on a disk with room', 60000);
    disk.fill();
    await until(() => refused() >= sentAgain + 20, 'records to be refused', 60000);
    assert.ok(product.server.running, 'the server lives on');
    disk.empty();
  }
  const kept = acknowledged();
  await until(() => acknowledged() >= kept + 200, 'records to be taken again', 60000);
  over = true;
  await Promise.all(working);
  await until(() => drained(product), 'the spool to be loaded', 60000);

  const logs = compareTexts(await textsOf(product, 'log'), phones.filter((one) => one instanceof Phone).flatMap((phone) => phone.acknowledged));
  const errors = compareTexts(await textsOf(product, 'error'), phones.filter((one) => one instanceof SentryPhone).flatMap((phone) => phone.acknowledged));
  printTable(`telemetry, disk full ${rounds} times`, [
    { rounds, acknowledged: acknowledged(), sent_again: refused(), lost: logs.lost.length + errors.lost.length, twice: logs.twice.length + errors.twice.length },
  ]);
  assert.deepEqual([logs, errors], [{ lost: [], twice: [] }, { lost: [], twice: [] }]);
});
