// Holds what a load was promised (load.mjs) against the journal, the desk, the relay's backend and the phones; counts,
// and names every broken promise.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { msgIdOf, serialOf } from './load.mjs';

function tally(list) {
  const times = new Map();
  for (const one of list) times.set(one, (times.get(one) ?? 0) + 1);
  return times;
}

// How often each MsgId is in the journal, read from the store itself.
const journalQuery = 'SELECT dedup_key FROM gateway_journal';
const countMsgIds = (rows) => tally([...rows.matchAll(/^m:(\d+)$/gm)].map(([, msgId]) => msgId));
export const sqliteJournal = (data) => countMsgIds(spawnSync('sqlite3', [join(data, 'miniops.db'), journalQuery], { maxBuffer: 1 << 28 }).stdout.toString());
export const postgresJournal = (postgres, database) => countMsgIds(postgres.query(database, journalQuery));

// `journal`: how often each MsgId is in the journal; `relayed`: the texts at the backend, in order of arrival.
export class Ledger {
  constructor(load, { journal, relayed }) {
    Object.assign(this, { load, journal, relayed });
    this.api = load.product.api;
    this.problems = [];
    this.unread = 0; // uncertain attempts whose answer did not come, while the server lived
    this.counts = { acknowledged: 0, unacknowledged: load.unanswered.size, in_journal: 0, in_desk: 0, relayed: 0, replies: load.replies.length, delivered: 0, uncertain: 0, possibly_repeated: 0, delivered_twice: 0, failed_or_held: 0, lost: 0 };
  }

  problem(text) {
    this.problems.push(text);
  }

  async verify() {
    const { appid } = this.load.product;
    const conversations = await this.api.all(`/miniprograms/${appid}/conversations`);
    for (const openid of this.load.openids) {
      const messages = [];
      // Newest first, both: turned round, they are in the order of the thread.
      for (const one of conversations.filter((each) => each.openid === openid).toReversed()) messages.push(...(await this.api.all(`/conversations/${one.id}/messages`)).toReversed());
      this.checkCustomer(openid, messages);
      await this.checkAgents(openid, messages.filter((one) => one.sender_kind === 'agent'));
    }
    if (this.unread > this.load.disconnects) this.problem(`${this.unread} answers not read, but ${this.load.disconnects} disconnects`);
    return { counts: this.counts, problems: this.problems };
  }

  checkCustomer(openid, messages) {
    const desk = messages.filter((one) => one.direction === 'in').map((one) => one.text.content);
    const inDesk = tally(desk);
    const atBackend = tally(this.relayed);
    const promised = this.load.acknowledged.get(openid);
    this.counts.acknowledged += promised.length;
    for (const text of promised) {
      const times = [this.journal.get(msgIdOf(serialOf(text))) ?? 0, inDesk.get(text) ?? 0, atBackend.get(text) ?? 0];
      if (times[0] === 1) this.counts.in_journal++;
      else this.problem(`${text}: ${times[0]} times in the journal`);
      if (times[1] === 1) this.counts.in_desk++;
      else this.problem(`${text}: ${times[1]} times in the desk`);
      if (times[2] > 0) this.counts.relayed++;
      else this.problem(`${text}: never at the relay's backend`);
      if (times.includes(0)) this.counts.lost++;
    }
    // What nobody heard an answer to is there wholly or not at all.
    for (const text of this.load.unanswered) {
      if (!text.endsWith(openid.slice(-6))) continue;
      const stored = this.journal.get(msgIdOf(serialOf(text))) ?? 0;
      if (stored > 1) this.problem(`${text}: ${stored} times in the journal`);
      if ((inDesk.get(text) ?? 0) !== stored) this.problem(`${text}: ${stored} times in the journal, ${inDesk.get(text) ?? 0} in the desk`);
      if (atBackend.has(text) !== stored > 0) this.problem(`${text}: ${stored} times in the journal, ${atBackend.get(text) ?? 0} at the backend`);
    }
    this.checkOrder(openid, 'in the desk', desk, promised);
    this.checkOrder(openid, 'at the backend', this.relayed, promised);
  }

  // The first appearances of what was promised come in the order of the promises.
  checkOrder(where, what, shown, promised) {
    const wanted = new Set(promised);
    const first = [...new Set(shown)].filter((text) => wanted.has(text));
    const there = new Set(first);
    if (first.join() !== promised.filter((text) => there.has(text)).join()) this.problem(`${where}: out of order ${what}`);
  }

  async checkAgents(openid, messages) {
    const known = new Set(messages.map((one) => one.id));
    for (const reply of this.load.replies.filter((one) => one.openid === openid)) {
      if (known.has(reply.id)) continue;
      this.problem(`${reply.text}: promised with 201, not in the desk`);
      this.counts.lost++;
    }
    const promised = new Set(this.load.replies.map((one) => one.id));
    const phone = this.load.phones.get(openid).texts;
    const shown = tally(phone);
    for (const message of messages) await this.checkReply(message, shown.get(message.text.content) ?? 0, promised.has(message.id));
    for (const text of shown.keys()) if (!messages.some((one) => one.text.content === text)) this.problem(`${text}: on the phone, not in the desk`);
    this.checkOrder(openid, 'on the phone', phone, messages.map((one) => one.text.content));
  }

  // Every agent's message in the desk, also one whose 201 was lost: once on the phone, or it says why not.
  async checkReply(message, shown, counted) {
    const text = message.text.content;
    const marked = message.possibly_repeated;
    if (marked) await this.checkMark(message);
    if (shown > 1 && !marked) this.problem(`${text}: ${shown} times on the phone, not marked`);
    if (shown > 2) this.problem(`${text}: ${shown} times on the phone`);
    if (marked) this.counts.possibly_repeated++;
    if (shown > 1) this.counts.delivered_twice++;
    if (message.state === 'sent') {
      if (counted) this.counts.delivered++;
      if (shown === 0) {
        this.problem(`${text}: sent, but not on the phone`);
        this.counts.lost++;
      }
    } else if (['failed', 'held'].includes(message.state)) {
      if (counted) this.counts.failed_or_held++;
      if (!message.reason) this.problem(`${text}: ${message.state} without a reason`);
      if (shown > 0 && !marked) this.problem(`${text}: ${message.state}, but on the phone`);
    } else {
      this.problem(`${text}: still ${message.state}`);
    }
  }

  // A mark belongs to an attempt that was `sending` when the server was killed, or whose answer did not come.
  async checkMark(message) {
    const { items } = await this.api.get(`/conversations/${message.conversation_id}/messages/${message.id}/attempts`);
    const uncertain = items.filter((one) => one.uncertain);
    if (uncertain.length === 0) this.problem(`${message.text.content}: marked as possibly repeated without an uncertain attempt`);
    if (uncertain.length > 2) this.problem(`${message.text.content}: ${uncertain.length} uncertain attempts`);
    this.counts.uncertain += uncertain.length;
    for (const { at, errmsg } of uncertain) {
      if (!/server stopped/.test(errmsg)) this.unread++;
      else if (!this.load.kills.some((killed) => killed >= at)) this.problem(`${message.text.content}: an attempt was interrupted, but no kill came after it`);
    }
  }
}

export function printTable(title, rows) {
  const names = Object.keys(rows[0]);
  console.error(`\n${title}`);
  console.error(names.map((name) => name.padStart(Math.max(10, name.length))).join('  '));
  for (const row of rows) console.error(names.map((name) => String(row[name]).padStart(Math.max(10, name.length))).join('  '));
}
