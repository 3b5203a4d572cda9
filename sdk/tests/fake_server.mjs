// The server's end of docs/ingest.md: refuses whatever the page does not allow, stores each number once, and answers
// as a test wants.
import assert from 'node:assert/strict';

const kinds = ['event', 'performance', 'error', 'log', 'session', 'profile', 'feedback'];
const reasons = [
  'queue_overflow',
  'sampled',
  'before_send',
  'storage',
  'no_consent',
  'disabled',
  'rejected',
  'too_large',
  'internal',
];
const levels = ['debug', 'info', 'warn', 'error', 'fatal'];
const text = (value) => typeof value === 'string';
const count = (value) => Number.isInteger(value) && value > 0;
const number = (value) => typeof value === 'number' && Number.isFinite(value);
const object = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function check(value, shape, where, required = Object.keys(shape)) {
  assert.ok(object(value), `${where} is an object`);
  for (const key of Object.keys(value)) assert.ok(shape[key], `${where}.${key} is in docs/ingest.md`);
  for (const key of required) assert.ok(key in value, `${where}.${key} is there`);
  for (const key of Object.keys(value))
    assert.ok(shape[key](value[key]), `${where}.${key}: ${JSON.stringify(value[key])}`);
}

const device = { brand: text, model: text, level: text, os: text, os_version: text, wechat: text, base_library: text };
const user = { openid: text, unionid: text, login_id: text, device_id: text };
const context = {
  release: text,
  build: text,
  scene: number,
  network: text,
  session: text,
  language: text,
  device: (value) => check(value, device, 'device') === undefined,
  user: (value) => check(value, user, 'user') === undefined,
};
const record = {
  kind: (value) => kinds.includes(value),
  name: (value) => text(value) && value !== '' && value.length <= 200,
  t: number,
  value: number,
  weight: (value) => number(value) && value >= 1,
  session: text,
  page_view: text,
  trace: text,
  level: (value) => levels.includes(value),
  page: (value) => text(value) && !value.includes('?'),
  scene: number,
  network: text,
  text,
  props: object,
};
const dropped = { reason: (value) => reasons.includes(value), kind: (value) => kinds.includes(value), count };

export function validate(body) {
  const utf8 = Buffer.byteLength(body);
  assert.ok(utf8 <= 1 << 20, `${utf8} bytes in a batch`);
  const batch = JSON.parse(body);
  check(
    batch,
    {
      v: (value) => value === 1,
      install: (value) => /^[A-Za-z0-9_-]{8,64}$/.test(value),
      batch: count,
      sent_at: number,
      sdk: (value) => check(value, { name: text, version: text }, 'sdk') === undefined,
      dropped: Array.isArray,
      context: (value) => check(value, context, 'context') === undefined,
      records: Array.isArray,
    },
    'batch',
  );
  assert.ok(batch.records.length <= 1000);
  for (const each of batch.records) {
    check(each, record, 'record', ['kind', 't']);
    assert.ok(Buffer.byteLength(JSON.stringify(each)) <= 256 << 10, 'a record has at most 256 KiB');
    if (!['log'].includes(each.kind)) assert.ok(each.name, `a record of kind ${each.kind} has a name`);
  }
  for (const each of batch.dropped) check(each, dropped, 'dropped', ['reason', 'count']);
  return batch;
}

export class FakeServer {
  url = 'https://ops.example.test';
  key = 'k-public';
  received = []; // every body that arrived, repeated ones too: {at, body, batch}
  batches = new Map(); // install/number → batch, each once
  config = undefined;
  // What becomes of the next request: an answer {status, header, data}, 'lost' (arrives, the answer does not),
  // 'offline' (does not arrive) or 'hang'.
  answer = () => ({ status: 200 });

  take(url, body, at) {
    assert.equal(url, `${this.url}/ingest/v1/batch?key=${this.key}`);
    const batch = validate(body);
    const fate = this.answer(batch, this.received.length);
    if (fate === 'offline') return fate;
    this.received.push({ at, body, batch });
    const key = `${batch.install}/${batch.batch}`;
    const known = this.batches.get(key);
    const { sent_at: sent, ...rest } = batch;
    if (known) {
      const { sent_at: before, ...knownRest } = known;
      assert.deepEqual(rest, knownRest, 'a repeated batch has the same records');
      assert.ok(sent >= before);
    } else if (fate === 'lost' || fate === 'hang' || fate.status === 200) {
      this.batches.set(key, batch);
    }
    if (text(fate)) return fate;
    if (fate.status !== 200) return fate;
    return { status: 200, data: { accepted: batch.records.length, ...(this.config && { config: this.config }) } };
  }

  records(kind, name) {
    const all = [...this.batches.values()].flatMap((batch) => batch.records);
    return all.filter((each) => (!kind || each.kind === kind) && (!name || each.name === name));
  }

  // reason/kind → count, over all batches
  dropped() {
    const sums = {};
    for (const batch of this.batches.values()) {
      for (const { reason, kind = '', count: lost } of batch.dropped) {
        const key = kind ? `${reason}/${kind}` : reason;
        sums[key] = (sums[key] || 0) + lost;
      }
    }
    return sums;
  }
}
