// A bounded load of the desk: customers write, agents take, answer, transfer, park, release, close. What was promised is
// written down (desk_ledger.mjs holds it against the store).
import { randomInt } from 'node:crypto';
import { Pusher } from './pusher.mjs';
import { until } from './process.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const oneOf = (list) => list[randomInt(list.length)];

// Customers are of three kinds, so that each kind of timer comes to be due: with the first one talks, the second is
// answered once and says nothing more, the third is never answered.
const kinds = ['talked_with', 'silent', 'unanswered'];

export class DeskLoad {
  constructor(product, { customers = 45 } = {}) {
    this.product = product;
    this.customers = Array.from({ length: customers }, (_, i) => ({ kind: kinds[i % kinds.length], wrote: 0 }));
    this.acknowledged = new Map(); // text → openid, of pushes that were answered `success`
    this.unacknowledged = new Set(); // texts of those that were not: they may be there, once
    this.done = {}; // what agents were told has happened, by kind
    this.running = false;
    this.serial = 0;
  }

  async start() {
    const { product } = this;
    const base = `/miniprograms/${product.appid}`;
    this.pusher = new Pusher(product.url, product.appid);
    // This load delivers the pushes itself, to know which were acknowledged; the sandbox only keeps its windows open.
    await product.connectSandbox('http://127.0.0.1:9/nowhere');
    await product.api.put(`${base}/desk-settings`, { silence_warn_minutes: 1, silence_close_minutes: 1, agent_remind_minutes: 1, agent_return_minutes: 1, load_max_default: 12 });
    const { version } = await product.api.get(`${base}/service-levels/targets`);
    const target = { first_answer_ms: 4000, next_answer_ms: 4000, resolution_ms: 30000, business: false };
    await product.api.put(`${base}/service-levels/targets`, { version, warnings: { half_percent: 50, most_percent: 80 }, items: [target] });
    this.agents = await Promise.all(['agent', 'operator', 'admin'].map((role) => product.login(role)));
    this.group = await product.api.post(`${base}/teams/groups`, { name: '专家' });
    await product.api.post(`${base}/teams/groups/${this.group.id}/agents`, { add: [this.agents[1].session.account.id] });
    for (const customer of this.customers) customer.openid = (await product.sandbox.user(product.appid)).openid;
    this.kindOf = new Map(this.customers.map((one) => [one.openid, one.kind]));
    this.running = true;
    this.loops = [...this.customers.map((one) => this.customer(one)), ...this.agents.map((api) => this.agent(api))];
  }

  async customer(customer) {
    const { product } = this;
    await pause(randomInt(3000));
    while (this.running) {
      if (customer.kind !== 'silent' || customer.wrote === 0) await this.says(customer);
      await pause(customer.kind === 'unanswered' ? 5000 + randomInt(20000) : 300 + randomInt(3000));
    }
    // Somebody who was never heard is no customer.
    if (customer.wrote === 0) await until(async () => ((await this.says(customer)), customer.wrote > 0), `${product.appid} to hear ${customer.openid}`);
  }

  async says(customer) {
    const { product } = this;
    const serial = ++this.serial;
    const text = `d${serial}`;
    // The window on the sandbox's side opens as WeChat's does, when the customer writes.
    await product.sandbox.say(product.appid, customer.openid, text, false).catch(() => {});
    if (await this.pusher.push(this.pusher.text(customer.openid, text, String(3e15 + serial)))) {
      this.acknowledged.set(text, customer.openid);
      customer.wrote++;
    } else this.unacknowledged.add(text);
  }

  presence(api) {
    return api.put(`/miniprograms/${this.product.appid}/presence`, { presence: 'online' });
  }

  async agent(api) {
    const list = (query) => api.get(`/miniprograms/${this.product.appid}/conversations?limit=50&${query}`);
    let turn = 0;
    while (this.running) {
      try {
        if (turn++ % 20 === 0) await this.presence(api);
        const { items } = await list(turn % 3 === 0 ? 'state=waiting' : 'assignee=me');
        const open = items.filter((one) => one.state !== 'closed');
        if (open.length > 0) await this.act(api, oneOf(open));
      } catch {
        // the server is being killed, or a colleague was faster: what was not promised is not in the ledger
      }
      await pause(30);
    }
  }

  async act(api, conversation) {
    const kind = this.kindOf.get(conversation.openid);
    const did = async (name, body) => {
      await api.post(`/conversations/${conversation.id}/${name}`, body);
      this.done[name] = (this.done[name] ?? 0) + 1;
    };
    if (conversation.stage === 'queued') return did('take');
    const dice = randomInt(100);
    if (kind === 'unanswered') {
      // Seldom, or the timers would never come to be due.
      if (randomInt(1000) < 2) return did('park', { until: Date.now() + 300 + randomInt(4000) });
      return undefined;
    }
    if (kind === 'silent') {
      if (conversation.waiting_since) return did('messages', { msgtype: 'text', text: { content: `r${++this.serial}` }, client_id: `r${this.serial}` });
      return undefined;
    }
    if (dice < 30 && conversation.budget?.remaining > 2) return did('messages', { msgtype: 'text', text: { content: `r${++this.serial}` }, client_id: `r${this.serial}` });
    if (dice < 40) return did('park', dice % 2 ? { until: Date.now() + 300 + randomInt(4000) } : {});
    if (dice < 48) return did('transfer', { account_id: oneOf(this.agents).session.account.id });
    if (dice < 54) return did('transfer', { group_id: oneOf([this.group.id, '1']) });
    if (dice < 58) return did('release');
    if (dice < 64) return did('close', { outcome: 'resolved' });
    if (dice < 68) return did('unpark');
    return undefined;
  }

  // Everybody who waits can be given to somebody.
  makeRoom() {
    return this.product.api.put(`/miniprograms/${this.product.appid}/desk-settings`, { load_max_default: 200 });
  }

  async stop() {
    this.running = false;
    await Promise.all(this.loops);
    this.pusher.close();
  }
}
