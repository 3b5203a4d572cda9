// The real SDKs from npm, under a host of ours, against the real server: what they send is found.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeKey } from '../harness/phones.mjs';
import { root, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

let product;
before(async () => {
  product = await startProduct();
});
after(() => product?.stop());

// A phone with the SDK on it, until the test is over: SDKs keep timers.
function phone(context, script, ...args) {
  const child = spawn(process.execPath, [join(root, 'tests/clients/phones', script), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (chunk) => context.diagnostic(String(chunk)));
  context.after(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
}

// Every record of a kind whose client is the given one.
async function records(kind, client) {
  const { items } = await product.api.get(`/miniprograms/${product.appid}/telemetry/records?kind=${kind}&limit=100`);
  return items.filter((item) => item.client.startsWith(client));
}

test('sentry-miniapp 0.11.0', async (context) => {
  const key = await makeKey(product);
  phone(context, 'sentry.cjs', key.sentry_dsn);
  const errors = await until(async () => {
    const found = await records('error', 'sentry');
    return found.length >= 5 && found;
  }, 'the errors');
  const named = Object.fromEntries(errors.map((error) => [error.name, error]));
  // Repaired: the host gives one string, the SDK wraps it and says that it was handled.
  assert.equal(named.ReferenceError?.text, 'x is not defined');
  assert.equal(named.ReferenceError.properties.handled, false);
  assert.equal(named.TypeError?.text, 'null is not a person');
  assert.ok(named.PageNotFound && named.MemoryWarning, Object.keys(named).join());
  assert.equal(named.ReferenceError.release, '1.4.2');
  assert.ok(named.ReferenceError.person);
  assert.equal((await records('log', 'sentry')).map((log) => log.text).join(), '这是一条消息');
});

test('our SDK', async (context) => {
  execFileSync(process.execPath, [join(root, 'sdk/build.mjs')], { cwd: join(root, 'sdk'), stdio: 'ignore' });
  const key = await makeKey(product);
  phone(context, 'miniops.cjs', key.batch_url);
  const named = async (kind) => (await records(kind, 'miniops')).map((record) => record.name);
  await until(async () => (await named('event')).includes('BuyProduct') && (await named('error')).includes('ReferenceError'), 'the records');
  const [error] = (await records('error', 'miniops')).filter((record) => record.name === 'ReferenceError');
  assert.equal(error.text, 'x is not defined');
  assert.equal(error.release, '1.4.2');
  assert.equal(error.device.model, 'ALN-AL00');
  assert.equal(error.scene, 1011);
  assert.ok((await named('event')).includes('launch'));
  await until(async () => (await records('log', 'miniops')).some((log) => log.text.includes('支付成功')), 'the log');
});

for (const mode of ['batch', 'single'])
  test(`sa-sdk-miniprogram, ${mode}`, async (context) => {
    const key = await makeKey(product);
    const since = Date.now();
    phone(context, 'sensors.cjs', key.sensors_url, mode);
    const events = await until(async () => {
      const found = (await records('event', 'sensors')).filter((event) => event.received_at >= since);
      return found.some((event) => event.name === 'PayOrder') && found.some((event) => event.name === 'BuyProduct') && found;
    }, 'the events');
    const bought = events.find((event) => event.name === 'BuyProduct');
    assert.equal(bought.properties.price, 19.9);
    assert.ok(events.some((event) => event.scene === 1011));
    assert.equal(bought.device.model, 'ALN-AL00');
    assert.ok((await records('profile', 'sensors')).length > 0);
    // Before and after the sign-in it is one person.
    const people = new Set(events.filter((event) => ['BuyProduct', 'PayOrder'].includes(event.name)).map((event) => event.person));
    assert.equal(people.size, 1);
  });

test('aegis-mp-sdk', async (context) => {
  const key = await makeKey(product);
  phone(context, 'aegis.cjs', product.url, key.key);
  const named = async (kind) => new Set((await records(kind, 'aegis')).map((record) => record.name));
  await until(async () => {
    const [events, errors, speeds] = [await named('event'), await named('error'), await named('performance')];
    return events.has('buy') && events.has('page_view') && errors.has('TypeError') && errors.has('ReferenceError') && speeds.has('onload');
  }, 'the records');
  const error = (await records('error', 'aegis')).find((record) => record.name === 'TypeError');
  assert.equal(error.text, 'null is not a person');
  assert.equal(error.release, '1.4.2');
  assert.equal(error.scene, 1011);
  assert.ok(error.person);
  await until(async () => (await records('log', 'aegis')).some((log) => log.text.includes('支付成功')), 'the log');
});

test('posthog-node', async (context) => {
  const key = await makeKey(product);
  const since = Date.now();
  phone(context, 'posthog.mjs', product.url, key.key);
  const paid = await until(async () => (await records('event', 'posthog')).find((event) => event.name === 'PayOrder'), 'the event');
  assert.equal(paid.properties.amount, 19.9);
  assert.ok(paid.at >= since - 60000);
  // The alias makes them one person.
  const profiles = await until(async () => {
    const found = await records('profile', 'posthog');
    return found.length === 2 && found;
  }, 'the profiles');
  assert.deepEqual(new Set(profiles.map((profile) => profile.person)), new Set([paid.person]));
});
