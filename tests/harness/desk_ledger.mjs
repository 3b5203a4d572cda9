// Holds what a load of the desk was promised (desk_load.mjs) against the store, after the server has stopped: where each
// customer is, and what became of each timer. Knows what timers a conversation has by the README of src/desk, not by its
// code; counts, and names every broken promise.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const minute = 60000;
const windowMs = 48 * 60 * minute;
const after = (at, ms) => Number(at) + ms;
const textOf = (message) => JSON.parse(message.body).content;
// Events that give a conversation to somebody, or take it away: what was told before is over.
const moves = new Set(['assigned', 'taken', 'transferred', 'escalated', 'released', 'returned', 'unparked', 'reopened', 'closed']);

// Rows as objects. Ids are asked for as texts, so that no digit is lost.
export const sqliteRows = (data) => (sql) => JSON.parse(spawnSync('sqlite3', ['-json', join(data, 'miniops.db'), sql], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout || '[]');
export const postgresRows = (postgres, database) => (sql) => JSON.parse(postgres.query(database, `SELECT COALESCE(json_agg(found), '[]') FROM (${sql}) found`));

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
const byConversation = (rows) => groupBy(rows, (one) => one.conversation);

export class DeskLedger {
  constructor(load, rows, now) {
    Object.assign(this, { load, now });
    this.problems = [];
    this.counts = { customers: load.customers.length, acknowledged: load.acknowledged.size, forgotten: 0, queued: 0, timers_set: 0, fired_twice: 0, lost: 0 };
    this.fired = { silence_warned: 0, silence_closed: 0, agent_reminded: 0, agent_returned: 0, unparked: 0, service_level: 0 };
    this.conversations = rows(
      'SELECT CAST(id AS TEXT) AS id, CAST(thread_id AS TEXT) AS thread, openid, state, stage, CAST(assignee_id AS TEXT) AS assignee, priority, waiting_since, queue_since, target, timers, ' +
        'customer_at, answered_at, assigned_at, parked_until, warned_at, reminded_at, raised_at, service_due_at FROM desk_conversations');
    this.messages = rows('SELECT CAST(id AS TEXT) AS id, CAST(thread_id AS TEXT) AS thread, CAST(conversation_id AS TEXT) AS conversation, seq, direction, sender_kind, cause, state, msgtype, body FROM desk_messages ORDER BY thread_id, seq');
    this.events = rows('SELECT CAST(conversation_id AS TEXT) AS conversation, at, kind, from_value, to_value, actor_kind, actor_name, note, seq FROM desk_events ORDER BY conversation_id, id');
    this.timers = rows('SELECT CAST(conversation_id AS TEXT) AS conversation, kind, due_at FROM desk_timers');
    this.clocks = rows('SELECT CAST(conversation_id AS TEXT) AS conversation, kind, told FROM service_levels_clocks');
  }

  problem(count, text) {
    this.counts[count]++;
    this.problems.push(text);
  }

  verify() {
    this.checkMessages();
    const messages = byConversation(this.messages);
    const events = byConversation(this.events);
    const timers = byConversation(this.timers);
    const clocks = byConversation(this.clocks);
    for (const one of this.conversations) {
      this.checkReachable(one, messages.get(one.id) ?? []);
      this.checkSet(one, timers.get(one.id) ?? []);
      this.checkFired(one, events.get(one.id) ?? [], messages.get(one.id) ?? []);
      this.checkLevels(one, events.get(one.id) ?? [], clocks.get(one.id) ?? []);
    }
    this.counts.timers_set = this.timers.length;
    return { counts: { ...this.counts, ...this.fired }, problems: this.problems };
  }

  // ---- customers ----

  // Each acknowledged message is in the desk once, in one conversation of that customer.
  checkMessages() {
    const openidOf = new Map(this.conversations.map((one) => [one.id, one.openid]));
    const texts = groupBy(this.messages.filter((one) => one.sender_kind === 'customer' && one.msgtype === 'text'), textOf);
    for (const [text, openid] of this.load.acknowledged) {
      const found = texts.get(text) ?? [];
      if (found.length !== 1) this.problem('forgotten', `${text}: ${found.length} times in the desk`);
      else if (openidOf.get(found[0].conversation) !== openid) this.problem('forgotten', `${text}: in a conversation of somebody else, or in none`);
    }
    for (const text of this.load.unacknowledged) if ((texts.get(text) ?? []).length > 1) this.problem('forgotten', `${text}: ${texts.get(text).length} times in the desk`);
  }

  // Whoever was not answered is in a queue, or with somebody, and comes back from there by a timer or by writing again.
  checkReachable(one, messages) {
    const last = (kind) => messages.findLast((message) => message.sender_kind === kind && message.direction !== 'note' && !['held', 'failed'].includes(message.state))?.seq ?? 0;
    if (one.state === 'closed') return;
    const unanswered = last('customer') > last('agent');
    if (unanswered && Number(one.waiting_since) === 0) this.problem('forgotten', `${one.id}: nobody answered, and it does not wait`);
    if (one.stage === 'queued') {
      this.counts.queued++;
      if (Number(one.queue_since) === 0 || one.target === '' || one.assignee !== '0') this.problem('forgotten', `${one.id}: in a queue, but without a place`);
    } else if (one.assignee === '0') this.problem('forgotten', `${one.id}: ${one.stage}, and with nobody`);
  }

  // ---- timers ----

  wanted(one) {
    const waits = Number(one.waiting_since) !== 0;
    const wanted = new Map();
    const from = Math.max(Number(one.waiting_since), Number(one.assigned_at));
    if (one.stage === 'parked' && Number(one.parked_until) !== 0) wanted.set('unpark', Number(one.parked_until));
    if (one.stage === 'assigned' && waits) {
      if (Number(one.reminded_at) === 0) wanted.set('agent_remind', after(from, minute));
      wanted.set('agent_return', after(from, minute));
    }
    if (one.stage === 'assigned' && !waits && Number(one.answered_at) !== 0 && Number(one.priority) <= 0) {
      if (Number(one.warned_at) !== 0) wanted.set('silence_close', after(one.warned_at, minute));
      else wanted.set('silence_warn', after(one.answered_at, minute));
    }
    if (waits && Number(one.raised_at) === 0) wanted.set('window_closing', after(Math.max(Number(one.customer_at), Number(one.waiting_since)), windowMs - 120 * minute));
    if (Number(one.service_due_at) !== 0) wanted.set('service_level', Number(one.service_due_at));
    return wanted;
  }

  // Each timer that a conversation wants is set, for then or earlier, and none is overdue.
  checkSet(one, timers) {
    const set = new Map(timers.map((timer) => [timer.kind, Number(timer.due_at)]));
    const noted = one.timers.split(' ').filter(Boolean).map((text) => text.split(':')[0]);
    if (noted.toSorted().join() !== [...set.keys()].toSorted().join()) this.problem('lost', `${one.id}: notes the timers '${noted}', and has '${[...set.keys()]}'`);
    for (const [kind, due] of set) if (due < this.now - 10000) this.problem('lost', `${one.id}: ${kind} is overdue by ${this.now - due} ms`);
    if (one.state === 'closed') return;
    for (const [kind, due] of this.wanted(one)) if (!(set.get(kind) <= due)) this.problem('lost', `${one.id}: ${kind} is to fire at ${due}, and is set for ${set.get(kind)}`);
  }

  // Between two that fire there is what sets it anew.
  checkFired(one, events, messages) {
    const said = (kinds, since, until) => messages.some((message) => kinds.includes(message.sender_kind) && message.direction !== 'note' && message.seq > since && message.seq <= until);
    const last = {};
    const is = { open: true, held: false, parked: undefined };
    let moved = 0;
    for (const event of events) {
      const byTimer = event.actor_kind === 'system' && event.actor_name === 'timer';
      const twice = () => this.problem('fired_twice', `${one.id}: ${event.kind} at ${event.at}, for which nothing was left`);
      // Those that change nothing but that they were told: what was said since, or who has it, sets them anew.
      const told = (kind, sets) => {
        this.fired[kind]++;
        if (last[kind]?.moved === moved && !said(sets, last[kind].seq, event.seq)) twice();
        last[kind] = { seq: event.seq, moved };
      };
      const took = (kind, possible) => {
        this.fired[kind]++;
        if (!possible) twice();
      };
      if (event.kind === 'silence_warned') told('silence_warned', ['customer', 'agent']);
      if (event.kind === 'agent_reminded') told('agent_reminded', ['agent']);
      if (event.kind === 'returned' && byTimer && event.note === 'the agent did not answer') took('agent_returned', is.held);
      if (event.kind === 'unparked' && byTimer) took('unparked', is.parked !== undefined && event.at >= Number(is.parked));
      if (event.kind === 'closed' && byTimer) took('silence_closed', is.open);

      if (event.kind === 'parked') is.parked = event.to_value;
      if (!moves.has(event.kind)) continue;
      moved++;
      is.parked = undefined;
      is.open = event.kind !== 'closed';
      if (event.kind !== 'closed') is.held = ['assigned', 'taken', 'unparked'].includes(event.kind) || (event.kind === 'transferred' && !event.to_value.startsWith('group:'));
    }
    const warned = events.filter((event) => event.kind === 'silence_warned').length;
    const sent = messages.filter((message) => message.cause === 'silence').length + events.filter((event) => event.kind === 'reply_refused' && event.actor_name === 'timer').length;
    if (sent !== warned) this.problem(sent > warned ? 'fired_twice' : 'lost', `${one.id}: warned ${warned} times, said so ${sent} times`);
  }

  // Each level of a clock is told once; what was passed is told.
  checkLevels(one, events, clocks) {
    const told = events.filter((event) => event.kind === 'service_level');
    this.fired.service_level += told.length;
    for (const kind of ['first_answer', 'next_answer', 'resolution']) {
      const of = (level) => told.filter((event) => event.from_value === kind && event.to_value === level).length;
      const mine = clocks.filter((clock) => clock.kind === kind);
      for (const level of ['half', 'most', 'breached']) if (of(level) > mine.length) this.problem('fired_twice', `${one.id}: ${kind} ${level} told ${of(level)} times, of ${mine.length} clocks`);
      const breached = mine.filter((clock) => clock.told === 'breached').length;
      if (of('breached') !== breached) this.problem(of('breached') > breached ? 'fired_twice' : 'lost', `${one.id}: ${breached} clocks of ${kind} breached, told ${of('breached')} times`);
    }
  }
}
