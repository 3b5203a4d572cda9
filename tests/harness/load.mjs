// A bounded load of customers, agents and a relay backend on one product, with a ledger of what was promised
// (ledger.mjs holds it against what is there).
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Pusher } from './pusher.mjs';
import { until } from './process.mjs';

const sum = (counts) => Object.values(counts).reduce((total, one) => total + one, 0);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The MsgId of a customer's text number `serial`, by which the journal knows it.
export const msgIdOf = (serial) => String(9e15 + serial);
export const textOf = (serial, openid) => `k${serial}-${openid.slice(-6)}`;
export const serialOf = (text) => Number(text.match(/^k(\d+)-/)[1]);

// A backend that only remembers which bodies it got, in order.
export async function startBackend() {
  const bodies = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push(body);
      response.end('success');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/push`, bodies, stop: () => server.close() };
}

// The texts that the relay brought to a backend, decrypted by wechat-crypto, in order of arrival.
export function textsAt(backend, product) {
  const { crypt } = new Pusher(product.url, product.appid);
  return backend.bodies.map((body) => crypt.decrypt(body.match(/<Encrypt><!\[CDATA\[(.+?)\]\]>/)[1]).message.match(/<Content><!\[CDATA\[(.*?)\]\]>/)[1]);
}

export class Load {
  constructor(product, { customers = 6 } = {}) {
    this.product = product;
    this.customers = customers;
    this.acknowledged = new Map(); // openid → texts in the order of acknowledgement
    this.unanswered = new Set(); // texts whose push was never acknowledged: they may be there, at most once
    this.replies = []; // {conversation, id, text, openid}: messages the server accepted with 201
    this.phones = new Map(); // openid → {seq, texts}: what the phone has shown, in order
    this.calls = 0; // API calls that the sandbox has got
    this.disconnects = 0; // and left without an answer
    this.kills = []; // when the server was dead
    this.serial = 0;
  }

  async start() {
    this.pusher = new Pusher(this.product.url, this.product.appid);
    // This load delivers the pushes itself, to know which were acknowledged; the sandbox only keeps its windows open.
    await this.product.connectSandbox('http://127.0.0.1:9/nowhere');
    this.openids = [];
    for (let i = 0; i < this.customers; i++) this.openids.push((await this.product.sandbox.user(this.product.appid)).openid);
    for (const openid of this.openids) this.phones.set(openid, { seq: 0, texts: [] });
    this.running = true;
    this.loops = [...this.openids.map((openid) => this.customer(openid)), this.agent(), this.agent(), this.watch()];
  }

  async kill() {
    await this.product.server.kill();
    this.kills.push(Date.now());
  }

  async customer(openid) {
    const texts = [];
    this.acknowledged.set(openid, texts);
    while (this.running) {
      const serial = ++this.serial;
      const text = textOf(serial, openid);
      // The window on the sandbox's side opens as WeChat's does, when the customer writes.
      await this.product.sandbox.say(this.product.appid, openid, text, false).catch(() => {});
      const stored = await this.pusher.push(this.pusher.text(openid, text, msgIdOf(serial)));
      if (stored) texts.push(text);
      else this.unanswered.add(text);
      await pause(20);
    }
  }

  async agent() {
    const { api, appid } = this.product;
    let turn = 0;
    while (this.running) {
      try {
        const { items } = await api.get(`/miniprograms/${appid}/conversations?limit=20`);
        const mine = items.filter((one) => one.state !== 'closed');
        if (mine.length > 0) {
          const conversation = mine[turn++ % mine.length];
          if (conversation.budget?.remaining > 2) {
            const text = `r${++this.serial}`;
            const message = await api.post(`/conversations/${conversation.id}/messages`, { msgtype: 'text', text: { content: text }, client_id: text });
            this.replies.push({ conversation: conversation.id, id: message.id, text, openid: conversation.openid });
          }
        }
      } catch {
        // the server is being killed; what it did not promise is not in the ledger
      }
      await pause(15);
    }
  }

  // The sandbox remembers only its newest messages and calls: they are written down as they come.
  async watch() {
    while (this.running) {
      await this.readSandbox();
      await pause(200);
    }
  }

  async readSandbox() {
    const { sandbox, appid } = this.product;
    for (const call of await sandbox.calls(appid, this.calls)) {
      if (call.seq !== this.calls + 1) throw new Error(`the sandbox forgot the calls before ${call.seq}`);
      this.calls = call.seq;
      if (call.disconnected) this.disconnects++;
    }
    for (const [openid, phone] of this.phones) {
      for (const shown of await sandbox.phone(appid, openid, phone.seq)) {
        if (shown.seq !== phone.seq + 1) throw new Error(`the phone forgot what it showed before ${shown.seq}`);
        phone.seq = shown.seq;
        if (shown.direction === 'out') phone.texts.push(shown.text?.content);
      }
    }
  }

  async stop() {
    this.running = false;
    await Promise.all(this.loops);
    this.pusher.close();
  }

  // Waits until all that is under way has come to its end, as long as it goes on.
  async settle(patienceMs = 60000) {
    const { api, appid } = this.product;
    let before = Infinity;
    for (;;) {
      let left;
      await until(
        async () => {
          const { journal, relay, outbox } = await api.get(`/miniprograms/${appid}/gateway`);
          left = { relay: relay.lag, queued: outbox.queued, sending: outbox.sending };
          for (const { name, lag } of journal.consumers) left[`consumer ${name}`] = lag;
          return sum(left) < before;
        },
        () => `any of ${JSON.stringify(left)} to go on`,
        patienceMs,
      );
      before = sum(left);
      if (before === 0) break;
      await pause(500); // looking costs the server time, too
    }
    await this.readSandbox();
  }
}
