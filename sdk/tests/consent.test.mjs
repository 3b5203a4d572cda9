import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const ours = (phone) => [...phone.storage.values.keys()].filter((key) => key.startsWith('__miniops_'));

test('pending: nothing is sent, nothing is stored, and the records wait in memory', async () => {
  const phone = running({ consent: 'pending' });
  phone.miniops.reportEvent('early');
  phone.miniops.captureError(new Error('early'));
  phone.hide();
  await phone.clock.advance(600_000);
  assert.equal(phone.server.received.length, 0);
  assert.deepEqual(ours(phone), []);
  assert.equal(phone.storage.writes, 0);
  assert.equal(phone.miniops.installId(), '');

  phone.miniops.setConsent(true);
  await phone.clock.advance(10000);
  assert.equal(phone.server.records('event', 'early').length, 1);
  assert.equal(phone.server.records('error', 'Error').length, 1);
  assert.equal(phone.server.records('event', 'launch').length, 1);
  assert.match(phone.miniops.installId(), /^[a-z0-9]{24}$/);
});

test('pending: what waits is bounded, and what overflowed is told', async () => {
  const phone = running({ consent: 'pending', queueRecords: 100 });
  for (let i = 0; i < 300; i++) phone.miniops.log.info(`line ${i}`);
  phone.miniops.setConsent(true);
  await phone.clock.advance(10000);
  const dropped = phone.server.dropped()['queue_overflow/log'];
  assert.equal(phone.server.records('log').length + dropped, 300);
  assert.ok(phone.server.records().length <= 100);
});

test('setConsent(false): the queue and the ids go, what follows is counted and not kept', async () => {
  const phone = running();
  await phone.clock.advance(6000);
  const first = phone.miniops.installId();
  const session = phone.miniops.sessionId();
  phone.miniops.setUser({ openid: 'oABC' });
  phone.miniops.reportEvent('queued');
  phone.miniops.setConsent(false);
  assert.deepEqual(ours(phone), []);
  phone.miniops.reportEvent('refused');
  phone.hide();
  await phone.clock.advance(60000);
  assert.equal(phone.server.received.length, 1);
  assert.deepEqual(ours(phone), []);

  phone.miniops.setConsent(true);
  phone.miniops.reportEvent('again');
  await phone.clock.advance(10000);
  const { batch } = phone.server.received.at(-1);
  assert.notEqual(batch.install, first);
  assert.notEqual(batch.context.session, session);
  assert.equal(batch.context.user.openid, '');
  const numbers = phone.server.received.slice(1).map(({ batch: { batch: number } }) => number);
  assert.deepEqual(numbers, [1, 2], 'a new installation counts from 1');
  assert.deepEqual(
    phone.server
      .records('event')
      .filter(({ name }) => ['queued', 'refused', 'again'].includes(name))
      .map(({ name }) => name),
    ['again'],
  );
  const dropped = phone.server.dropped();
  assert.ok(dropped['no_consent/event'] >= 2);
  assert.equal(dropped['no_consent/session'], 1, 'the end at hiding');
});

test('setConsent(false) while a batch is on its way: it is not sent again', async () => {
  const phone = running();
  phone.server.answer = () => 'lost';
  await phone.clock.advance(5010);
  phone.miniops.setConsent(false);
  await phone.clock.advance(600_000);
  assert.equal(phone.server.received.length, 1);
  assert.deepEqual(ours(phone), []);
});

test('denied from the start: nothing is kept', async () => {
  const phone = running({ consent: 'denied' });
  phone.miniops.reportEvent('refused');
  await phone.clock.advance(60000);
  assert.equal(phone.server.received.length, 0);
  assert.equal(phone.storage.writes, 0);
});

test('an installation that consented before is the same after a pending start', async () => {
  const phone = running();
  await phone.clock.advance(6000);
  phone.hide();
  await phone.clock.advance(1000);
  const install = phone.miniops.installId();
  phone.launch({ consent: 'pending' });
  phone.miniops.setConsent(true);
  assert.equal(phone.miniops.installId(), install);
});

test('granted twice, refused twice: as once', async () => {
  const phone = new Phone();
  phone.launch({ consent: 'pending' });
  phone.miniops.setConsent(true);
  phone.miniops.setConsent(true);
  await phone.clock.advance(6000);
  assert.equal(phone.server.received.length, 1);
  phone.miniops.setConsent(false);
  phone.miniops.setConsent(false);
});
