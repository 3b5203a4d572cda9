// Phones that report: numbered batches of our SDK, events of Sentry's client. Each sends again what was not answered,
// as the real clients do, and remembers what was acknowledged.
import { randomUUID } from 'node:crypto';

export async function makeKey(product, options = {}) {
  return product.api.post(`/miniprograms/${product.appid}/telemetry/keys`, { name: '测试', records_per_minute: 10000000, ...options });
}

export function batchOf(install, number, records, now = Date.now()) {
  return {
    v: 1,
    install,
    batch: number,
    sent_at: now,
    sdk: { name: 'miniops-sdk', version: '0.1.0' },
    context: { release: '1.4.2', build: 'release', scene: 1011, network: 'wifi', session: `s-${install}`, device: { brand: 'HUAWEI', model: 'ALN-AL00', os: 'Android' }, user: { openid: `o-${install}` } },
    records,
  };
}

export async function postBatch(url, batch) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(batch) });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}

// One phone of our SDK: a batch is sent until it is answered 200, then the next. Every record's text is its own.
export class Phone {
  constructor(install, key) {
    this.install = install;
    this.key = key;
    this.number = 1;
    this.acknowledged = [];
    this.sentAgain = 0;
  }

  texts(count) {
    return Array.from({ length: count }, (_, i) => `${this.install}/${this.number}/${i}`);
  }

  // False: no answer, or one that says "later".
  async send(count) {
    this.pending ??= this.texts(count);
    const records = this.pending.map((text) => ({ kind: 'log', level: 'info', t: Date.now(), text }));
    try {
      const { status } = await postBatch(this.key.batch_url, batchOf(this.install, this.number, records));
      if (status !== 200) throw new Error(`status ${status}`);
    } catch {
      this.sentAgain++;
      return false;
    }
    this.acknowledged.push(...this.pending);
    this.pending = undefined;
    this.number++;
    return true;
  }
}

// One of Sentry's: each event has its id, and is sent again under it.
export class SentryPhone {
  constructor(name, key, url) {
    this.name = name;
    this.url = `${url}/api/${key.project}/envelope/?sentry_version=7&sentry_key=${key.key}`;
    this.acknowledged = [];
    this.sentAgain = 0;
    this.number = 0;
  }

  async send() {
    this.pending ??= { id: randomUUID().replaceAll('-', ''), text: `${this.name}/${++this.number}` };
    const { id, text } = this.pending;
    const event = { event_id: id, level: 'error', timestamp: Date.now() / 1000, exception: { values: [{ type: 'Error', value: text }] } };
    const body = `${JSON.stringify({ event_id: id, sent_at: new Date().toISOString() })}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
    try {
      const answer = await fetch(this.url, { method: 'POST', headers: { 'content-type': 'application/x-sentry-envelope' }, body });
      await answer.text();
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    } catch {
      this.sentAgain++;
      return false;
    }
    this.acknowledged.push(text);
    this.pending = undefined;
    return true;
  }
}

// The text of every record of a kind, in any order.
export async function textsOf(product, kind) {
  const texts = [];
  let cursor = '';
  do {
    const page = await product.api.get(`/miniprograms/${product.appid}/telemetry/records?kind=${kind}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    texts.push(...page.items.map((item) => item.text));
    cursor = page.next_cursor;
  } while (cursor);
  return texts;
}

export async function drained(product) {
  const intake = await product.api.get(`/miniprograms/${product.appid}/telemetry/intake`);
  return intake.waiting_bytes === 0 && intake;
}

// The acknowledged texts that are not stored, and those that are stored more than once.
export function compareTexts(stored, acknowledged) {
  const times = new Map();
  for (const text of stored) times.set(text, (times.get(text) ?? 0) + 1);
  return { lost: acknowledged.filter((text) => !times.has(text)), twice: [...times].filter(([, count]) => count > 1).map(([text]) => text) };
}
