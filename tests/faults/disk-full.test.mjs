// A disk that is full: nothing is acknowledged that is not stored, and the server recovers by itself when there is room.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { Pusher } from '../harness/pusher.mjs';
import { smallDisk } from '../harness/small_disk.mjs';

test('a full disk: refused, not lost; then well again', async (context) => {
  const disk = smallDisk(24);
  const product = await startProduct({ data: disk.data });
  context.after(async () => {
    await product.stop();
    disk.remove();
  });
  const pusher = new Pusher(product.url, product.appid);
  const { openid } = await product.sandbox.user(product.appid);
  const acknowledged = [];
  let serial = 0;
  const push = async () => {
    const text = `满 ${++serial} ${'字'.repeat(200)}`;
    const stored = await pusher.push(pusher.text(openid, text, String(7e15 + serial)), 1);
    if (stored) acknowledged.push(text);
    return stored;
  };
  for (let i = 0; i < 20; i++) assert.ok(await push());
  disk.fill();
  await until(async () => !(await push()), 'a push that cannot be stored', 60000);
  const refusedFrom = acknowledged.length;
  for (let i = 0; i < 3; i++) await push();
  assert.ok(product.server.running, 'the server lives on');
  const health = await product.api.get(`/miniprograms/${product.appid}/gateway`);
  assert.equal(health.storage.writable, false);
  assert.match(health.storage.problem, /full|满|space|空间/i);

  disk.empty();
  await until(push, 'pushes to be stored again', 60000);
  assert.ok(acknowledged.length > refusedFrom);
  await until(async () => {
    const { items } = await product.api.get(`/miniprograms/${product.appid}/conversations`);
    const mine = items.find((one) => one.openid === openid);
    const texts = (await product.api.all(`/conversations/${mine.id}/messages`)).map((one) => one.text.content);
    return acknowledged.every((text) => texts.filter((one) => one === text).length === 1);
  }, 'every acknowledged message in the desk once', 60000);
  assert.equal((await product.api.get(`/miniprograms/${product.appid}/gateway`)).storage.writable, true);
  pusher.close();
});
