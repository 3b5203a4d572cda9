// Figures of a service team, counted from its journal alone: an export of records with messages and events (JSONL). Written
// from docs/metrics.md, and shares no code with the program: what the program reports must come to the same.
//
//   node figures.mjs --export=FILE --from=MS --to=MS --now=MS --time-zone=ZONE [--wrong=DEFINITION]
//
// Prints {totals, days, agents, groups}. --wrong counts by one definition that is not the page's, so that it can be seen
// that a comparison finds it.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const given = Object.fromEntries(process.argv.slice(2).map((one) => /^--([a-z-]+)=(.*)$/s.exec(one).slice(1)));
const [from, to, now] = [given.from, given.to, given.now].map(Number);

const mistakes = [
  'answered-when-sent', // an answer counts from when it was sent, not from when WeChat accepted it
  'first-answer-from-assignment', // the first answer's time begins when an agent has it, not in the queue
  'contact-48-hours', // first contact: nobody came back for 48 hours instead of 72
  'contact-by-account', // first contact: the same account did not come back, whatever the person did
  'day-of-closing', // a conversation belongs to the day it was closed
  'missed-dropped', // turns and waits that nobody answered are left out
  'parked-is-handled', // parked time is handling
  'share-of-asked', // satisfied ones are a share of those who were asked
  'waits-anew-by-routing', // being moved to another group's queue ends a wait
  'reopened-is-new', // a conversation that is reopened counts once more
];
const wrong = (name) => {
  if (!mistakes.includes(name)) throw new Error(`no such definition: ${name}`);
  return given.wrong === name;
};
if (given.wrong) wrong(given.wrong);

const nobody = 'none';
const defaultGroup = '1';
const hour = 3_600_000;

// ---- the journal ----

function readJournal(path) {
  const known = new Map();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const { conversation, message, event } = JSON.parse(line);
    if (!known.has(conversation.id)) known.set(conversation.id, { ...conversation, messages: [], events: [] });
    const one = known.get(conversation.id);
    if (message) one.messages.push(message);
    if (event) one.events.push(event);
  }
  for (const { messages, events } of known.values()) {
    messages.sort((a, b) => a.seq - b.seq);
    events.sort((a, b) => a.at - b.at || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }
  return [...known.values()].sort((a, b) => a.opened_at - b.opened_at);
}

const dateIn = new Intl.DateTimeFormat('en-CA', { timeZone: given['time-zone'], year: 'numeric', month: '2-digit', day: '2-digit' });

// ---- where a conversation was, and when ----

// Spells in a queue, with an agent, parked, closed: each until the next begins. `agent` is who had it last, also while it is
// parked or closed; `group` whose it was when the spell began, and for a queue in the end.
function spellsOf({ opened_at, events }) {
  const spells = [];
  let [agent, group] = [nobody, defaultGroup];
  const begin = (place, at, event) => {
    if (spells.length > 0) spells.at(-1).until = at;
    spells.push({ place, since: at, agent, group, event });
  };
  for (const event of events) {
    const at = event.kind === 'opened' ? opened_at : event.at;
    const target = /^group:(\d+)$/.exec(event.to ?? '')?.[1];
    if (event.kind === 'routed') {
      group = event.to;
      if (spells.at(-1)?.place === 'queue') {
        if (wrong('waits-anew-by-routing')) begin('queue', at, event);
        else spells.at(-1).group = group;
      }
    } else if (event.kind === 'closed') {
      begin('closed', at, event);
    } else if (event.kind === 'parked') {
      begin('parked', at, event);
    } else if (event.to === 'queued' || target || event.kind === 'released' || event.kind === 'returned') {
      agent = nobody;
      if (target) group = target;
      begin('queue', at, event);
    } else if (['assigned', 'taken', 'unparked', 'transferred'].includes(event.kind)) {
      agent = event.to;
      begin('agent', at, event);
    }
  }
  return spells;
}

// One after another they are one wait, however many queues it went through.
function waitsOf(spells) {
  const waits = [];
  spells.forEach((spell, index) => {
    if (spell.place !== 'queue') return;
    const before = spells[index - 1];
    const after = spells[index + 1];
    const goesOn = before?.place === 'queue' && !wrong('waits-anew-by-routing');
    const byAgent = spell.event.kind === 'reopened' && spell.event.actor_kind === 'agent'; // who has it at once
    if (!goesOn && byAgent) return;
    if (!goesOn) waits.push({ since: spell.since });
    const wait = waits.at(-1);
    if (!wait) return;
    wait.group = spell.group;
    if (!after || (after.place === 'queue' && !wrong('waits-anew-by-routing'))) return;
    wait.until = after.since;
    wait.agent = after.place === 'agent' ? after.agent : nobody;
    wait.abandoned = after.place === 'closed';
  });
  return waits;
}

// Who had it at a moment, and whose it was: the last that had begun by then.
function standing(one, at) {
  const spell = one.spells.findLast((each) => each.since <= at);
  const routed = one.events.findLast((each) => each.kind === 'routed' && each.at <= at && (!spell || each.at >= spell.since));
  return { agent: spell?.agent ?? nobody, group: routed?.to ?? spell?.group ?? defaultGroup };
}

// ---- what is counted ----

// {metric, value | state, agent, group}: missed is what never came, open what may still come.
function samplesOf(one, next) {
  const samples = [];
  const add = (metric, result, whose) => samples.push({ metric, ...(typeof result === 'string' ? { state: result } : { value: result }), agent: whose.agent, group: whose.group });
  const accepted = (message) => (wrong('answered-when-sent') ? message.queued_at : message.accepted_at);
  const last = one.spells.at(-1);
  const closed = last?.place === 'closed';
  const had = { agent: one.spells.findLast((spell) => spell.place === 'agent')?.agent ?? nobody, group: standing(one, Infinity).group };
  const never = closed ? 'missed' : 'open';
  const ours = one.messages.filter((message) => message.direction === 'out' && message.accepted_at !== null);
  const people = ours.filter((message) => message.sender_kind === 'agent');
  const firstOf = (messages) => [...messages].sort((a, b) => accepted(a) - accepted(b) || a.queued_at - b.queued_at || a.seq - b.seq)[0];
  const answering = (message) => {
    const then = standing(one, message.queued_at);
    return { ...then, agent: then.agent === nobody ? message.sender_id : then.agent };
  };

  const reopenings = one.events.filter((event) => event.kind === 'reopened').length;
  for (let n = 0; n < (wrong('reopened-is-new') ? 1 + reopenings : 1); ++n) add('conversations', 1, had);
  if (reopenings > 0) add('reopened', 1, had);

  const reaction = firstOf(ours.filter((message) => message.queued_at >= one.opened_at));
  add('first_reaction', reaction ? accepted(reaction) - one.opened_at : never, had);

  const came = one.spells.find((spell) => spell.place === 'queue');
  if (came) {
    const answer = firstOf(people.filter((message) => message.queued_at >= came.since));
    const begins = wrong('first-answer-from-assignment') ? (one.spells.find((spell) => spell.place === 'agent')?.since ?? came.since) : came.since;
    add('first_answer', answer ? accepted(answer) - begins : never, answer ? answering(answer) : had);
  }

  for (const turn of turnsOf(one, people, firstOf)) {
    if (turn.answer) add('response', accepted(turn.answer) - turn.since, answering(turn.answer));
    else if (!turn.closing) add('response', 'open', standing(one, Infinity));
    else if (!wrong('missed-dropped')) add('response', 'missed', standing(one, turn.closing.at));
  }
  for (const wait of waitsOf(one.spells)) {
    const whose = { agent: wait.agent ?? nobody, group: wait.group };
    if (!wait.abandoned) add('wait', wait.until === undefined ? 'open' : wait.until - wait.since, whose);
    else if (!wrong('missed-dropped')) add('wait', 'missed', whose);
  }
  for (const { ms, running, ...whose } of handlingOf(one)) add('handling', running ? 'open' : ms, whose);
  for (const event of one.events.filter((each) => each.kind === 'transferred')) {
    const before = one.spells[one.spells.findIndex((spell) => spell.event === event) - 1];
    add('transfers', 1, { agent: event.from ?? nobody, group: before?.group ?? defaultGroup });
  }

  if (closed && people.length > 0) {
    const resolved = last.event.to === 'resolved';
    add('resolution', resolved ? 1 : 0, had);
    const over = last.since + (wrong('contact-48-hours') ? 48 : 72) * hour;
    const cameBack = next !== undefined && next.opened_at < over;
    add('first_contact', resolved && !cameBack && now < over ? 'open' : resolved && !cameBack ? 1 : 0, had);
  }
  const asked = ours.some((message) => message.sender_kind === 'system' && message.cause === 'satisfaction');
  const score = one.events.findLast((event) => event.kind === 'rated')?.to;
  if (asked || score) add('satisfaction', score ? Number(score) : 'missed', had);
  return samples;
}

// Messages of the customer with the same answer are one turn, and those that nobody answered before the same closing.
function turnsOf(one, people, firstOf) {
  const turns = new Map();
  for (const asked of one.messages.filter((message) => message.direction === 'in' && message.cause === null)) {
    const closing = one.events.find((event) => event.kind === 'closed' && event.seq >= asked.seq);
    const answer = firstOf(people.filter((message) => message.queued_at >= asked.created_at && message.seq <= (closing?.seq ?? Infinity)));
    const key = answer ? `answer ${answer.seq}` : `closing ${closing?.id}`;
    if (!turns.has(key)) turns.set(key, { since: asked.created_at, answer, closing });
  }
  return turns.values();
}

// For each agent the sum of the spells with them, in the group of the last.
function handlingOf({ spells }) {
  const handling = new Map();
  for (const { place, since, until, agent, group } of spells) {
    const counts = place === 'agent' || (place === 'parked' && wrong('parked-is-handled'));
    if (!counts || agent === nobody) continue;
    const so = handling.get(agent) ?? { agent, ms: 0 };
    handling.set(agent, { ...so, group, ms: so.ms + (until === undefined ? 0 : until - since), running: until === undefined });
  }
  return handling.values();
}

// ---- figures ----

const forms = {
  conversations: 'count',
  reopened: 'count',
  first_reaction: 'duration',
  first_answer: 'duration',
  response: 'duration',
  wait: 'duration',
  handling: 'duration',
  transfers: 'count',
  resolution: 'share',
  first_contact: 'share',
  satisfaction: 'score',
};

function figureOf(form, samples) {
  const values = samples.flatMap((one) => (one.value === undefined ? [] : [one.value])).sort((a, b) => a - b);
  const [missed, open] = ['missed', 'open'].map((state) => samples.filter((one) => one.state === state).length);
  const count = values.length;
  const part = (n, of) => (of === 0 ? null : n / of);
  const mean = part(
    values.reduce((sum, value) => sum + value, 0),
    count,
  );
  const ranked = (tenths) => (count === 0 ? null : values[Math.ceil((count * tenths) / 10) - 1]);
  if (form === 'count') return { count };
  if (form === 'duration') return { count, mean_ms: mean, median_ms: ranked(5), p90_ms: ranked(9), missed, open };
  const hits = values.filter((value) => value >= (form === 'score' ? 4 : 1)).length;
  if (form === 'share') return { count, hits, share: part(hits, count), open };
  return { count, hits, share: part(hits, wrong('share-of-asked') ? count + missed : count), open, mean, missed, answer_rate: part(count, count + missed) };
}

const figuresOf = (samples) => Object.fromEntries(Object.entries(forms).map(([metric, form]) => [metric, figureOf(form, samples.filter((one) => one.metric === metric))]));
const figuresBy = (samples, key) => Object.fromEntries([...new Set(samples.map(key))].map((name) => [name, figuresOf(samples.filter((one) => key(one) === name))]));

const journal = readJournal(given.export).map((one) => ({ ...one, spells: spellsOf(one) }));
const counted = journal.filter((one) => from <= one.opened_at && one.opened_at < to);
const samples = counted.flatMap((one) => {
  const closedAt = one.spells.findLast((spell) => spell.place === 'closed')?.since;
  const sameAccount = (other) => other.openid === one.openid && other.opened_at > one.opened_at;
  const samePerson = (other) => one.person_id !== null && other.person_id === one.person_id && other.openid !== one.openid && other.opened_at >= closedAt;
  const next = journal.find((other) => sameAccount(other) || (!wrong('contact-by-account') && samePerson(other)));
  const day = dateIn.format(wrong('day-of-closing') && closedAt ? closedAt : one.opened_at);
  return samplesOf(one, next).map((sample) => ({ ...sample, day }));
});
process.stdout.write(
  `${JSON.stringify({
    totals: figuresOf(samples),
    days: figuresBy(samples, (one) => one.day),
    agents: figuresBy(samples, (one) => one.agent),
    groups: figuresBy(samples, (one) => one.group),
  })}\n`,
);
