// Batches: numbered, sent again word by word until the server has them, bounded while it has not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const numbers = (phone) => phone.server.received.map(({ batch }) => batch.batch);
const names = (phone) => phone.server.records('event').map(({ name }) => name);
const withoutTime = (body) => body.replace(/"sent_at":\d+,/, '');
const state = (phone) => JSON.parse(phone.storage.values.get('__miniops_state'));

test('batches go after 5 s, numbered from 1, over several launches', async () => {
  const phone = running();
  await phone.clock.advance(4900);
  assert.deepEqual(numbers(phone), []);
  await phone.clock.advance(200);
  assert.deepEqual(numbers(phone), [1]);
  phone.miniops.reportEvent('a');
  await phone.clock.advance(5100);
  phone.kill();
  phone.launch();
  await phone.clock.advance(6000);
  assert.deepEqual(numbers(phone), [1, 2, 3]);
  assert.equal(new Set(phone.server.received.map(({ batch }) => batch.install)).size, 1);
});

test('twenty records go at once, hiding sends what waits', async () => {
  const phone = running();
  await phone.clock.advance(6000);
  for (let i = 0; i < 20; i++) phone.miniops.reportEvent(`e${i}`);
  await phone.clock.advance(50);
  assert.deepEqual(numbers(phone), [1, 2]);
  phone.miniops.reportEvent('last');
  phone.hide();
  await phone.clock.advance(50);
  assert.deepEqual(numbers(phone), [1, 2, 3]);
  assert.ok(names(phone).includes('last'));
});

test('the number and its records are on disk before they are sent', async () => {
  const phone = running();
  phone.server.answer = () => {
    const { pending, next, queue } = state(phone);
    assert.equal(pending.number, 1);
    assert.equal(next, 2);
    assert.equal(queue.length, 0);
    return { status: 200 };
  };
  await phone.clock.advance(6000);
  assert.deepEqual(numbers(phone), [1]);
  assert.equal(state(phone).pending, null);
});

const silences = {
  'the answer is lost': 'lost',
  'the request is lost': 'offline',
  'a proxy answers 502': { status: 502 },
  'something answers 404': { status: 404 },
};
for (const [what, fate] of Object.entries(silences)) {
  test(`${what}: the same batch again, each time after twice as long`, async () => {
    const phone = running();
    const asked = [];
    phone.server.answer = (batch) => {
      asked.push({ at: phone.clock.now, number: batch.batch, records: JSON.stringify(batch.records) });
      return asked.length < 6 ? fate : { status: 200 };
    };
    await phone.clock.advance(200000);
    assert.deepEqual(
      asked.slice(0, 6).map(({ number }) => number),
      [1, 1, 1, 1, 1, 1],
    );
    assert.equal(new Set(asked.slice(0, 6).map(({ records }) => records)).size, 1);
    for (let i = 1; i < 6; i++) {
      const wait = asked[i].at - asked[i - 1].at;
      const base = 2000 * 2 ** (i - 1);
      assert.ok(wait >= base && wait <= base * 1.5 + 100, `wait ${i}: ${wait}`);
    }
    assert.deepEqual(phone.server.dropped(), {});
  });
}

test('the wait between tries never passes five minutes', async () => {
  const phone = running();
  let last = 0;
  let longest = 0;
  phone.server.answer = () => {
    if (last) longest = Math.max(longest, phone.clock.now - last);
    last = phone.clock.now;
    return 'offline';
  };
  await phone.clock.advance(3600_000);
  assert.ok(longest > 250_000 && longest <= 300_100, `${longest}`);
});

test('a batch on its way survives the end of the process, and sent_at alone is new', async () => {
  const phone = running();
  phone.server.answer = () => 'lost';
  await phone.clock.advance(5100);
  phone.kill();
  phone.server.answer = () => ({ status: 200 });
  await phone.clock.advance(3600_000);
  phone.launch();
  await phone.clock.advance(6000);
  const [first, again] = phone.server.received;
  assert.deepEqual(numbers(phone), [1, 1, 2]);
  assert.equal(withoutTime(again.body), withoutTime(first.body));
  assert.equal(again.batch.sent_at, again.at - 20, 'the clock is read when it is sent');
  assert.ok(again.batch.sent_at > first.batch.sent_at);
});

test('one request at a time', async () => {
  const phone = running();
  let under = 0;
  let most = 0;
  phone.server.answer = () => {
    under--;
    return { status: 200 };
  };
  const { request } = phone;
  phone.request = function (options, task) {
    most = Math.max(most, ++under);
    return request.call(this, options, task);
  };
  for (let i = 0; i < 100; i++) phone.miniops.reportEvent(`e${i}`);
  phone.miniops.flush();
  phone.hide();
  await phone.clock.advance(10000);
  assert.equal(most, 1);
  assert.equal(names(phone).filter((name) => /^e\d/.test(name)).length, 100);
});

test('a request that is never answered is given up after a minute', async () => {
  const phone = running();
  phone.server.answer = (batch, before) => (before === 0 ? 'hang' : { status: 200 });
  await phone.clock.advance(30000);
  phone.miniops.reportEvent('later');
  await phone.clock.advance(30000);
  assert.deepEqual(numbers(phone), [1]);
  await phone.clock.advance(10000);
  phone.miniops.reportEvent('still later');
  await phone.clock.advance(20000);
  assert.deepEqual(numbers(phone), [1, 1, 2]);
});

for (const status of [400, 413]) {
  test(`${status}: the batch is dropped and counted, and the next has the next number`, async () => {
    const phone = running();
    phone.server.answer = (batch) => ({ status: batch.batch === 1 ? status : 200 });
    await phone.clock.advance(6000);
    phone.miniops.reportEvent('after');
    await phone.clock.advance(6000);
    assert.deepEqual(numbers(phone), [1, 2]);
    assert.deepEqual(phone.server.dropped(), { 'rejected/session': 1, 'rejected/event': 3 });
  });
}

test('what a refused batch told of losses is told again', async () => {
  const phone = running(
    { queueRecords: 3 },
    (made) => (made.server.answer = (batch) => ({ status: batch.batch === 1 ? 400 : 200 })),
  );
  phone.miniops.log.info('lost');
  await phone.clock.advance(6000);
  phone.miniops.reportEvent('after');
  await phone.clock.advance(6000);
  assert.equal(phone.server.dropped()['queue_overflow/log'], 1);
});

test('401: nothing more in this launch; the queue stays and is sent by the next', async () => {
  const phone = running();
  phone.server.answer = () => ({ status: 401 });
  await phone.clock.advance(6000);
  phone.miniops.reportEvent('kept');
  phone.hide();
  await phone.clock.advance(600_000);
  assert.equal(phone.server.received.length, 1);
  phone.server.answer = () => ({ status: 200 });
  phone.launch();
  await phone.clock.advance(10000);
  assert.deepEqual(numbers(phone), [1, 1, 2]);
  assert.ok(names(phone).includes('kept'));
});

for (const status of [429, 503]) {
  test(`${status}: waits as long as the server says, even when it is hidden or the network comes back`, async () => {
    const phone = running();
    phone.server.answer = (batch, before) =>
      before === 0 ? { status, header: { 'Retry-After': '90' } } : { status: 200 };
    await phone.clock.advance(5100);
    const first = phone.server.received[0].at;
    phone.hide();
    phone.emit('onNetworkStatusChange', { isConnected: false, networkType: 'none' });
    phone.emit('onNetworkStatusChange', { isConnected: true, networkType: 'wifi' });
    await phone.clock.advance(80000);
    assert.equal(phone.server.received.length, 1);
    await phone.clock.advance(20000);
    assert.ok(phone.server.received[1].at - first >= 90000);
    assert.equal(withoutTime(phone.server.received[1].body), withoutTime(phone.server.received[0].body));
  });
}

test('without a network nothing is tried, and when it is back all goes at once', async () => {
  const phone = running({}, (made) => (made.network = 'none'));
  await phone.clock.advance(100);
  phone.emit('onNetworkStatusChange', { isConnected: false, networkType: 'none' });
  for (let i = 0; i < 250; i++) phone.miniops.reportEvent(`e${i}`);
  await phone.clock.advance(600_000);
  assert.equal(phone.server.received.length, 0);
  phone.network = '4g';
  phone.emit('onNetworkStatusChange', { isConnected: true, networkType: '4g' });
  await phone.clock.advance(200);
  assert.equal(names(phone).filter((name) => /^e\d/.test(name)).length, 250);
  const [first] = phone.server.received;
  assert.equal(first.batch.context.network, 'none', 'a record keeps the network of its moment');
});

test('a batch holds at most 200 records and 256 KB', async () => {
  const phone = running({}, (made) => (made.network = 'none'));
  phone.emit('onNetworkStatusChange', { isConnected: false, networkType: 'none' });
  for (let i = 0; i < 450; i++) phone.miniops.reportEvent('small');
  for (let i = 0; i < 60; i++) phone.miniops.reportEvent('large', { text: 'x'.repeat(8000) });
  phone.network = 'wifi';
  phone.emit('onNetworkStatusChange', { isConnected: true, networkType: 'wifi' });
  await phone.clock.advance(5000);
  for (const { batch, body } of phone.server.received) {
    assert.ok(batch.records.length <= 200);
    assert.ok(body.length <= 258 * 1024);
  }
  assert.equal(phone.server.records('event', 'large').length, 60);
});

test('overflow: the least missed go first, and each is counted', async () => {
  const phone = running({ queueRecords: 50 }, (made) => (made.network = 'none'));
  await phone.clock.advance(100);
  for (let i = 0; i < 60; i++) phone.miniops.log.info(`line ${i}`);
  for (let i = 0; i < 40; i++) phone.miniops.captureError(new TypeError(`error ${i}`));
  phone.network = 'wifi';
  phone.emit('onNetworkStatusChange', { isConnected: true, networkType: 'wifi' });
  await phone.clock.advance(100_000);
  assert.equal(phone.server.records('error').length, 40);
  const logs = phone.server.records('log');
  const dropped = phone.server.dropped();
  assert.equal(logs.length + dropped['queue_overflow/log'], 60);
  assert.equal(logs.at(-1).text, 'line 59', 'the newest stayed');
});

test('offline for long: the storage holds at most the bound', async () => {
  const phone = running({}, (made) => (made.network = 'none'));
  await phone.clock.advance(100);
  for (let i = 0; i < 3000; i++) phone.miniops.reportEvent(`e${i}`, { text: '汉'.repeat(200) });
  await phone.clock.advance(5000);
  const stored = phone.storage.values.get('__miniops_state');
  assert.ok(Buffer.byteLength(stored) < 700 * 1024, `${Buffer.byteLength(stored)}`);
  assert.ok(state(phone).queue.length <= 1000);
});

test('a queue from the last version keeps the context of that version', async () => {
  const phone = running({}, (made) => (made.network = 'none'));
  await phone.clock.advance(100);
  phone.miniops.setUser({ openid: 'oOLD' });
  phone.miniops.reportEvent('old');
  await phone.clock.advance(2000);
  phone.kill();
  phone.network = 'wifi';
  phone.account = { ...phone.account, version: '1.5.0' };
  phone.launch();
  await phone.clock.advance(10000);
  const of = (name) =>
    phone.server.received.find(({ batch }) => batch.records.some((each) => each.name === name)).batch;
  const old = phone.server.received.find(({ batch }) => batch.records.some((each) => each.name === 'old')).batch;
  assert.equal(old.context.release, '1.4.2');
  assert.equal(old.context.user.openid, 'oOLD');
  const launches = phone.server.received.filter(({ batch }) => batch.records.some((each) => each.name === 'launch'));
  assert.equal(launches.at(-1).batch.context.release, '1.5.0');
  assert.notEqual(launches.at(-1).batch.context.session, of('old').context.session);
});

test('one person after another on one phone: each has their own records', async () => {
  const phone = running();
  phone.miniops.reportEvent('before login');
  phone.miniops.setUser({ loginId: 'u1' });
  phone.miniops.reportEvent('first');
  phone.miniops.setUser({ loginId: 'u2' });
  phone.miniops.reportEvent('second');
  phone.miniops.flush();
  await phone.clock.advance(2000);
  const userOf = (name) =>
    phone.server.received.find(({ batch }) => batch.records.some((each) => each.name === name)).batch.context.user;
  assert.equal(userOf('before login').login_id, 'u1');
  assert.equal(userOf('first').login_id, 'u1');
  assert.equal(userOf('second').login_id, 'u2');
});

test('a full storage: all goes on from memory, and what the end of the process takes is told', async () => {
  const phone = running();
  await phone.clock.advance(6000);
  phone.storage.bytesMax = 1500;
  const fill = () => {
    for (let i = 0; i < 15; i++) phone.miniops.log.info('x'.repeat(200));
  };
  fill();
  await phone.clock.advance(20000);
  assert.equal(phone.server.records('log').length, 15);
  fill();
  await phone.clock.advance(2000);
  phone.kill();
  phone.launch();
  await phone.clock.advance(20000);
  assert.deepEqual(phone.server.dropped(), { 'storage/log': 15 });
});

test('when nothing can be stored, numbers are not used twice', async () => {
  const phone = running({}, (made) => (made.storage.full = true));
  await phone.clock.advance(6000);
  phone.miniops.reportEvent('a');
  await phone.clock.advance(6000);
  phone.kill();
  phone.launch();
  await phone.clock.advance(6000);
  const ids = phone.server.received.map(({ batch }) => `${batch.install}/${batch.batch}`);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length >= 3);
  assert.equal(new Set(ids.map((id) => id.split('/')[0])).size, 2, 'one installation a launch');
});

test('a state that cannot be read begins anew', async () => {
  for (const broken of ['{', '[]', '{"install":5}', 'null', '{"install":"abcdefgh","next":0}']) {
    const phone = new Phone();
    phone.storage.values.set('__miniops_state', broken);
    phone.launch();
    await phone.clock.advance(6000);
    assert.deepEqual(numbers(phone), [1], broken);
  }
});

test('our own requests are not recorded', async () => {
  const phone = running();
  await phone.clock.advance(60000);
  assert.deepEqual(phone.server.records('performance', 'request'), []);
});
