// kill -9 while people are deleted: each deletion ends in a report, nothing of them is left in any file, and of the others
// nothing is lost.
//
// KILLS=40 node --test tests/faults/erasure-kill.test.mjs      (10 by default)
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { batchOf, drained, makeKey, postBatch, textsOf } from '../harness/phones.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

const kills = Number(process.env.KILLS ?? 10);
const people = 12;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Incompressible, so that it would be seen in a file.
const nameOf = (person) => `oPERSON${person}x`;

function filesWith(folder, text) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesWith(path, text);
    return entry.isFile() && readFileSync(path).includes(text) ? [path] : [];
  });
}

test(`${kills} kills: the deleted are gone, the others are whole`, { timeout: 1800000 }, async (context) => {
  const product = await startProduct();
  context.after(() => product.stop());
  const key = await makeKey(product);
  const base = `/miniprograms/${product.appid}/telemetry`;
  for (let person = 0; person < people; person++) {
    for (let number = 1; number <= 20; number++) {
      const records = Array.from({ length: 20 }, (_, i) => ({ kind: i % 2 ? 'log' : 'event', name: 'Buy', t: Date.now(), text: `${person}/${number}/${i}`, trace: nameOf(person) }));
      const batch = batchOf(`install-${person}`, number, records);
      batch.context.user = { openid: nameOf(person) };
      assert.equal((await postBatch(key.batch_url, batch)).status, 200);
    }
  }
  const asked = [];
  for (let person = 0; person < people; person += 2) asked.push((await product.api.post(`${base}/erasures`, { openid: nameOf(person) })).id);
  for (let i = 0; i < kills; i++) {
    await pause(randomInt(400));
    await product.server.kill();
    await product.restart();
  }
  const done = await until(
    async () => {
      const erasures = await Promise.all(asked.map((id) => product.api.get(`${base}/erasures/${id}`)));
      return erasures.every((one) => one.state === 'done') && erasures;
    },
    'the deletions',
    120000,
  );
  await until(() => drained(product), 'the loader', 60000);
  for (const { report } of done) assert.deepEqual([report.people, report.ids, report.rows], [1, 2, { event: 200, log: 200 }]);
  const texts = [...(await textsOf(product, 'event')), ...(await textsOf(product, 'log'))];
  assert.equal(texts.length, (people / 2) * 400);
  assert.equal(new Set(texts).size, texts.length);
  assert.ok(texts.every((text) => Number(text.split('/')[0]) % 2 === 1));
  const counted = (await product.api.get(`${base}/breakdown?kind=event&by=name`)).items[0].count;
  assert.equal(counted, people * 200, 'counts stay');
  for (let person = 0; person < people; person += 2) assert.deepEqual(filesWith(join(product.data, 'telemetry'), nameOf(person)), []);
  assert.ok(filesWith(join(product.data, 'telemetry'), nameOf(1)).length > 0, 'the others would be seen');
});
