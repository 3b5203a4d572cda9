// The parts that need no phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDrops } from '../src/core/drops.js';
import { createQueue } from '../src/core/queue.js';
import { keeps, position } from '../src/core/sampling.js';
import { byteLength, clean, show } from '../src/core/text.js';

const entry = (kind, json = '{}', context = 1) => ({ kind, json, context });

test('a full queue gives up the oldest of what is missed least', () => {
  const gone = [];
  const queue = createQueue(7, 1 << 20, (reason, kind) => gone.push(kind));
  const kinds = ['feedback', 'error', 'session', 'profile', 'event', 'performance', 'log'];
  for (const kind of kinds) queue.push(entry(kind));
  for (let i = 0; i < 6; i++) queue.push(entry('feedback'));
  assert.deepEqual(gone, ['log', 'performance', 'event', 'profile', 'session', 'error']);
  assert.equal(queue.size(), 7);
});

test('of one kind the oldest goes first, and a new record may be the one that goes', () => {
  const gone = [];
  const queue = createQueue(2, 1 << 20, (reason, kind) => gone.push(`${reason} ${kind}`));
  queue.push(entry('error', '"first"'));
  queue.push(entry('error', '"second"'));
  queue.push(entry('error', '"third"'));
  assert.deepEqual(
    queue.all().map(({ json }) => json),
    ['"second"', '"third"'],
  );
  queue.push(entry('log'));
  assert.deepEqual(gone, ['queue_overflow error', 'queue_overflow log']);
});

test('a queue is bounded in bytes of UTF-8', () => {
  const queue = createQueue(1000, 100, () => {});
  for (let i = 0; i < 50; i++) queue.push(entry('event', '"四个汉字"')); // 14 bytes
  assert.equal(queue.size(), 7);
  assert.equal(queue.bytes(), 98);
});

test('one batch has one context, and as many records and bytes as fit', () => {
  const queue = createQueue(1000, 1 << 20, () => {});
  for (const context of [1, 1, 2, 1]) queue.push(entry('event', '"12345678"', context));
  assert.deepEqual(
    queue.take(100, 1000).map(({ context }) => context),
    [1, 1],
  );
  assert.deepEqual(
    queue.take(100, 1000).map(({ context }) => context),
    [2],
  );
  for (let i = 0; i < 9; i++) queue.push(entry('event', '"12345678"', 1));
  assert.equal(queue.take(4, 1000).length, 4);
  assert.equal(queue.take(100, 35).length, 3);
  assert.equal(queue.take(100, 1).length, 1, 'a record larger than a batch goes alone');
  assert.equal(queue.bytes(), 20);
});

test('a record that waits may change, one that left may not', () => {
  const queue = createQueue(10, 1 << 20, () => {});
  const waiting = entry('error', '1');
  queue.push(waiting);
  assert.equal(queue.rewrite(waiting, '"longer"'), true);
  assert.equal(queue.bytes(), 8);
  queue.take(1, 100);
  assert.equal(queue.rewrite(waiting, '2'), false);
});

test('positions of ids are spread evenly, and always the same', () => {
  const buckets = new Array(10).fill(0);
  for (let i = 0; i < 20000; i++) buckets[Math.floor(position(`session-${i}`) * 10)]++;
  for (const count of buckets) assert.ok(Math.abs(count - 2000) < 200, `${buckets}`);
  assert.equal(position('a'), position('a'));
  assert.equal(keeps('anything', 1), true);
  assert.equal(keeps('anything', 0), false);
});

test('byteLength counts as UTF-8 does', () => {
  for (const text of ['', 'abc', 'é', '汉字', '😀', 'a汉😀é', '\u07ff\u0800']) {
    assert.equal(byteLength(text), Buffer.byteLength(text), text);
  }
});

test('any value can be serialised', () => {
  const cycle = { name: 'a' };
  cycle.self = cycle;
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]));
  const values = [
    cycle,
    wide,
    () => {},
    Symbol('s'),
    10n,
    NaN,
    new Date(NaN),
    new Date(0),
    new Error('no'),
    [undefined],
  ];
  for (const value of values) assert.doesNotThrow(() => JSON.stringify(clean(value)), String(show(value)));
  assert.equal(Object.keys(clean(wide)).length, 100);
  assert.equal(clean('x'.repeat(9000)).length, 8193);
  assert.equal(show({ a: [1, 'b'] }), '{"a":[1,"b"]}');
});

test('what a batch could not tell is told by the next', () => {
  const drops = createDrops();
  drops.add('sampled', 'log');
  drops.add('sampled', 'log', 2);
  drops.add('internal');
  const told = drops.take();
  assert.deepEqual(told, [
    { reason: 'sampled', kind: 'log', count: 3 },
    { reason: 'internal', count: 1 },
  ]);
  assert.deepEqual(drops.take(), []);
  drops.add('internal');
  drops.restore(told);
  assert.deepEqual(drops.take(), [
    { reason: 'internal', count: 2 },
    { reason: 'sampled', kind: 'log', count: 3 },
  ]);
});
