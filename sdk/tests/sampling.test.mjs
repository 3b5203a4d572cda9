// Sampling, the host's mask, and what the server switches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const weighted = (records) => records.reduce((sum, { weight = 1 }) => sum + weight, 0);

for (const kind of ['event', 'log', 'error']) {
  test(`a tenth of kind ${kind} stands for all of it`, async () => {
    const phone = running({ sample: { [kind]: 0.1 }, queueRecords: 10000, queueBytes: 8 << 20 });
    const make = {
      event: (i) => phone.miniops.reportEvent(`e${i}`),
      log: (i) => phone.miniops.log.info(`${i}`),
      error: (i) => phone.miniops.captureError(new Error(`${i}`)),
    }[kind];
    for (let i = 0; i < 4000; i++) make(i);
    phone.miniops.flush();
    await phone.clock.advance(60000);
    const kept = phone.server.records(kind);
    assert.ok(kept.every(({ weight }) => weight === 10));
    assert.ok(Math.abs(weighted(kept) - 4000) < 400, `${weighted(kept)}`);
    assert.equal(kept.length + phone.server.dropped()[`sampled/${kind}`], kind === 'event' ? 4003 : 4000);
  });
}

test('performance is kept or left by session, so that a page view is whole', async () => {
  const whole = [];
  for (let seed = 1; seed <= 200; seed++) {
    const phone = running({ sample: { performance: 0.25 } }, (made) => (made.seed = seed * 1000));
    for (let i = 0; i < 5; i++) {
      phone.wx.request({ url: `https://shop.example/${i}`, success() {} });
      await phone.clock.advance(100);
    }
    phone.miniops.flush();
    await phone.clock.advance(1000);
    const kept = phone.server.records('performance');
    assert.ok(kept.length === 0 || kept.length === 5, `${kept.length} of 5`);
    assert.ok(kept.every(({ weight }) => weight === 4));
    whole.push(kept.length / 5);
  }
  const share = whole.reduce((a, b) => a + b) / whole.length;
  assert.ok(Math.abs(share - 0.25) < 0.1, `${share}`);
});

test('errors, sessions and feedback are whole unless somebody says otherwise', async () => {
  const phone = running();
  phone.server.config = { enabled: true, level: 'info', flush_ms: 5000, sample: { event: 0, performance: 0, log: 0 } };
  await phone.clock.advance(6000);
  for (let i = 0; i < 50; i++) phone.miniops.captureError(new Error(`${i}`));
  phone.miniops.reportEvent('left out');
  await phone.miniops.feedback({ text: 'slow' });
  phone.hide();
  await phone.clock.advance(20000);
  assert.equal(phone.server.records('error').length, 50);
  assert.equal(phone.server.records('feedback').length, 1);
  assert.equal(phone.server.records('session', 'end').length, 1);
  assert.equal(phone.server.records('event', 'left out').length, 0);
});

test('beforeSend changes and drops, before anything is stored', async () => {
  const phone = running({
    beforeSend(record) {
      if (record.name === 'secret') return null;
      if (record.name === 'breaks') throw new Error('mask');
      if (record.text) record.text = record.text.replace(/1\d{10}/g, '1**********');
      return record;
    },
  });
  phone.miniops.reportEvent('secret');
  phone.miniops.reportEvent('breaks');
  phone.miniops.log.info('call 13800138000');
  await phone.clock.advance(2000);
  assert.equal(JSON.stringify([...phone.storage.values]).includes('13800138000'), false);
  await phone.clock.advance(6000);
  assert.equal(phone.server.records('log')[0].text, 'call 1**********');
  phone.hide();
  await phone.clock.advance(1000);
  assert.equal(phone.server.dropped()['before_send/event'], 2);
  assert.equal(phone.server.records('event', 'breaks').length, 0);
});

for (const result of [undefined, 7, 'text', {}]) {
  test(`beforeSend that gives ${JSON.stringify(result)} drops`, async () => {
    const phone = running({ beforeSend: () => result });
    await phone.clock.advance(10000);
    assert.equal(phone.server.received.length, 0);
  });
}

test('the level of logs: from init, overruled by the server, kept for the next launch', async () => {
  const phone = running({ level: 'warn' });
  phone.server.config = { enabled: true, level: 'debug', flush_ms: 5000, sample: {} };
  for (const level of ['debug', 'info', 'warn', 'error']) phone.miniops.log[level](`${level} 1`);
  await phone.clock.advance(6000);
  for (const level of ['debug', 'info']) phone.miniops.log[level](`${level} 2`);
  await phone.clock.advance(6000);
  phone.launch({ level: 'warn' });
  phone.miniops.log.debug('debug 3');
  await phone.clock.advance(6000);
  assert.deepEqual(
    phone.server.records('log').map(({ text }) => text),
    ['warn 1', 'error 1', 'debug 2', 'info 2', 'debug 3'],
  );
});

test('flush_ms of the server holds from the next batch on', async () => {
  const phone = running();
  phone.server.config = { enabled: true, flush_ms: 20000, sample: {} };
  await phone.clock.advance(6000);
  phone.miniops.reportEvent('a');
  await phone.clock.advance(15000);
  assert.equal(phone.server.received.length, 1);
  await phone.clock.advance(6000);
  assert.equal(phone.server.received.length, 2);
});

test('switched off: nothing but one question at each launch, and on again when the answer says so', async () => {
  const phone = running();
  phone.server.config = { enabled: false, sample: {} };
  await phone.clock.advance(6000);
  phone.miniops.reportEvent('off');
  phone.hide();
  phone.show();
  await phone.clock.advance(600_000);
  assert.equal(phone.server.received.length, 1);

  phone.launch();
  await phone.clock.advance(60000);
  assert.equal(phone.server.received.length, 2);
  assert.deepEqual(phone.server.received[1].batch.records, []);
  phone.server.config = { enabled: true, sample: {} };
  phone.launch();
  await phone.clock.advance(1000);
  phone.miniops.reportEvent('on');
  await phone.clock.advance(10000);
  assert.equal(phone.server.records('event', 'off').length, 0);
  assert.equal(phone.server.records('event', 'on').length, 1);
  assert.ok(phone.server.dropped()['disabled/event'] >= 2);
});

test('a configuration that makes no sense changes nothing', async () => {
  for (const config of [7, 'on', null, { sample: { event: 'all', log: 5 }, level: 'loud', flush_ms: -1 }]) {
    const phone = new Phone();
    phone.server.config = config;
    phone.launch();
    await phone.clock.advance(6000);
    phone.miniops.reportEvent('kept');
    phone.miniops.log.info('kept');
    await phone.clock.advance(6000);
    assert.equal(phone.server.records('event', 'kept')[0].weight, undefined);
    assert.equal(phone.server.records('log').length, 1);
  }
});
