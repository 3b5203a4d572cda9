// A bounded load of customers, agents and a relay backend on one product, with a ledger of what was promised; at the
// end the ledger is held against the journal, the desk, the backend and the phones.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Pusher } from './pusher.mjs';
import { until } from './process.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A backend that only remembers which bodies it got, in order.
export async function startBackend() {
  const bodies = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push({ url: request.url, body });
      response.end('success');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/push`, bodies, stop: () => server.close() };
}

export class Load {
  constructor(product, { customers = 6 } = {}) {
    this.product = product;
    this.customers = customers;
    this.acknowledged = new Map(); // openid → texts in the order of acknowledgement
    this.unanswered = new Set(); // texts whose push was never acknowledged: they may be there, at most once
    this.replies = []; // {conversation, id, text, openid}: messages the server accepted with 201
    this.serial = 0;
  }

  async start() {
    this.pusher = new Pusher(this.product.url, this.product.appid);
    // This load delivers the pushes itself, to know which were acknowledged; the sandbox only keeps its windows open.
    await this.product.connectSandbox('http://127.0.0.1:9/nowhere');
    this.openids = [];
    for (let i = 0; i < this.customers; i++) this.openids.push((await this.product.sandbox.user(this.product.appid)).openid);
    this.running = true;
    this.loops = [...this.openids.map((openid) => this.customer(openid)), this.agent(), this.agent()];
  }

  async customer(openid) {
    const texts = [];
    this.acknowledged.set(openid, texts);
    while (this.running) {
      const text = `k${++this.serial}-${openid.slice(-6)}`;
      // The window on the sandbox's side opens as WeChat's does, when the customer writes.
      await this.product.sandbox.say(this.product.appid, openid, text, false).catch(() => {});
      const stored = await this.pusher.push(this.pusher.text(openid, text, String(9e15 + this.serial)));
      if (stored) texts.push(text);
      else this.unanswered.add(text);
      await pause(5);
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

  async stop() {
    this.running = false;
    await Promise.all(this.loops);
    this.pusher.close();
  }

  async settle() {
    const { api, appid } = this.product;
    await until(
      async () => {
        const health = await api.get(`/miniprograms/${appid}/gateway`);
        return health.journal.consumers.every((one) => one.lag === 0) && health.outbox.queued === 0 && health.outbox.sending === 0;
      },
      'journal and outbox to be drained',
      180000,
    );
  }

  // Counts, and every broken promise by name.
  async verify({ backend, journalTexts }) {
    const { api, appid, sandbox } = this.product;
    const problems = [];
    const counts = { acknowledged: 0, unacknowledged: this.unanswered.size, in_journal: 0, in_desk: 0, relayed: 0, replies: this.replies.length, delivered: 0, possibly_repeated: 0, delivered_twice: 0, failed_or_held: 0, lost: 0 };
    const conversations = await api.all(`/miniprograms/${appid}/conversations`);
    const relayed = new Map();
    for (const text of backend.texts()) relayed.set(text, (relayed.get(text) ?? 0) + 1);
    for (const [openid, texts] of this.acknowledged) {
      counts.acknowledged += texts.length;
      const desk = await this.deskTexts(conversations.filter((one) => one.openid === openid));
      const known = desk.filter((text) => !this.unanswered.has(text));
      const seen = new Map();
      for (const text of desk) seen.set(text, (seen.get(text) ?? 0) + 1);
      for (const text of texts) {
        if (journalTexts && journalTexts.get(text) !== 1) problems.push(`${text}: ${journalTexts.get(text) ?? 0} times in the journal`);
        else counts.in_journal++;
        if (seen.get(text) !== 1) problems.push(`${text}: ${seen.get(text) ?? 0} times in the desk`);
        else counts.in_desk++;
        if (!relayed.has(text)) problems.push(`${text}: never at the relay's backend`);
        else counts.relayed++;
        if (!seen.has(text) || !relayed.has(text)) counts.lost++;
      }
      for (const [text, times] of seen) if (times > 1) problems.push(`${text}: ${times} times in the desk`);
      if (known.join() !== texts.filter((text) => seen.has(text)).join()) problems.push(`${openid}: out of order in the desk`);
      const order = backend.texts().filter((text, at, all) => texts.includes(text) && all.indexOf(text) === at);
      if (order.join() !== texts.filter((text) => relayed.has(text)).join()) problems.push(`${openid}: out of order at the backend`);
    }
    const phones = new Map();
    for (const openid of this.openids) phones.set(openid, (await sandbox.phone(appid, openid)).filter((one) => one.direction === 'out').map((one) => one.text?.content));
    const states = await this.messageStates();
    for (const reply of this.replies) {
      const shown = phones.get(reply.openid)?.filter((text) => text === reply.text).length ?? 0;
      const message = states.get(reply.id);
      if (!message) {
        problems.push(`${reply.text}: promised with 201, not in the desk`);
        counts.lost++;
        continue;
      }
      if (message.possibly_repeated) {
        counts.possibly_repeated++;
        const { items } = await api.get(`/conversations/${message.conversation_id}/messages/${message.id}/attempts`);
        if (!items.some((one) => one.uncertain)) problems.push(`${reply.text}: marked as possibly repeated without an uncertain attempt`);
      }
      if (shown > 1) counts.delivered_twice++;
      if (shown > 1 && !message.possibly_repeated) problems.push(`${reply.text}: ${shown} times on the phone, not marked`);
      if (message.state === 'sent') {
        counts.delivered++;
        if (shown === 0 && !message.possibly_repeated) problems.push(`${reply.text}: sent, but not on the phone`);
      } else if (['failed', 'held'].includes(message.state)) {
        counts.failed_or_held++;
        if (!message.reason) problems.push(`${reply.text}: ${message.state} without a reason`);
        if (shown > 0 && !message.possibly_repeated && message.reason !== 'outcome_unknown') problems.push(`${reply.text}: ${message.state}, but on the phone`);
      } else {
        problems.push(`${reply.text}: still ${message.state}`);
      }
    }
    return { counts, problems };
  }

  async deskTexts(conversations) {
    const texts = [];
    for (const conversation of conversations.toReversed()) {
      const messages = await this.product.api.all(`/conversations/${conversation.id}/messages`);
      texts.push(...messages.toReversed().filter((one) => one.direction === 'in' && one.msgtype === 'text').map((one) => one.text.content));
    }
    return texts;
  }

  async messageStates() {
    const states = new Map();
    for (const id of new Set(this.replies.map((one) => one.conversation)))
      for (const message of await this.product.api.all(`/conversations/${id}/messages`)) states.set(message.id, message);
    return states;
  }
}

export function printTable(title, rows) {
  const names = Object.keys(rows[0]);
  console.error(`\n${title}`);
  console.error(names.map((name) => name.padStart(Math.max(10, name.length))).join('  '));
  for (const row of rows) console.error(names.map((name) => String(row[name]).padStart(Math.max(10, name.length))).join('  '));
}
