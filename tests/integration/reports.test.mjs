// Figures of the service team through the real binary: a few conversations, and what they come to counted anew here, from
// what the API tells of their messages and events alone (docs/metrics.md in other words).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';

const hour = 3600_000;
const since = Date.now() - hour;
const range = `from=${since}&to=${since + 3 * hour}`;
const durations = ['first_reaction', 'first_answer', 'response', 'wait', 'handling'];
const counts = ['conversations', 'reopened', 'transfers'];
const shares = ['resolution', 'first_contact'];

let product;
let base;
let wang; // agent1
let li; // operator1
const conversations = {};

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}`;
  const settings = await product.api.get(`${base}/desk-settings`);
  await product.api.put(`${base}/desk-settings`, { ...settings, auto_assign: false, grace_seconds: 3600, reopen_minutes: 30 });
  await product.api.post(`${base}/rules`, { name: '发票', kind: 'keyword', match: 'contains', patterns: ['发票'], replies: [{ msgtype: 'text', text: { content: '在“我的订单”里点“申请发票”。' } }], priority: 50, pause_s: 0, enabled: true });
  [wang, li] = [await product.login('agent'), await product.login('operator')];
  for (const one of [wang, li]) await one.put(`${base}/presence`, { presence: 'online' });
});
after(() => product?.stop());

// ---- what happens ----

const idOf = (agent) => agent.session.account.id;
const act = (agent, who, action, body = {}) => agent.post(`/conversations/${conversations[who].id}/${action}`, body);
const says = (who, content) => product.sandbox.say(product.appid, conversations[who].openid, content);
const messagesOf = async (id) => (await product.api.get(`/conversations/${id}/messages?limit=100`)).items.reverse();

async function comes(who, content, sessionFrom) {
  const { openid } = await product.sandbox.user(product.appid);
  if (sessionFrom) await product.sandbox.say(product.appid, openid, { event: 'user_enter_tempsession', session_from: sessionFrom });
  await product.sandbox.say(product.appid, openid, content);
  const { id } = await until(async () => (await product.api.get(`${base}/conversations`)).items.find((one) => one.openid === openid), 'the conversation');
  conversations[who] = { id, openid };
}
async function arrived(who, content) {
  await until(async () => (await messagesOf(conversations[who].id)).some((one) => one.direction === 'in' && one.text?.content === content), 'the message');
}
async function answers(agent, who, content) {
  const sent = await act(agent, who, 'messages', { msgtype: 'text', text: { content } });
  await until(async () => (await messagesOf(conversations[who].id)).find((one) => one.id === sent.id).state === 'sent', 'the answer to be accepted');
}

// A rule, two agents, an answer that is under way while the customer asks again, a transfer, and thanks.
async function aLongStory() {
  await comes('long', '怎么开发票', 'page=pages/order/detail');
  await until(async () => (await messagesOf(conversations.long.id)).some((one) => one.sender_kind === 'rule' && one.state === 'sent'), "the rule's answer");
  await act(wang, 'long', 'take');
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', delay_ms: 800, times: 1 });
  const answered = answers(wang, 'long', '在订单页');
  await until(async () => (await messagesOf(conversations.long.id)).some((one) => one.state === 'sending'), 'the answer under way');
  await says('long', '还是没找到');
  await arrived('long', '还是没找到');
  await answered;
  await act(wang, 'long', 'transfer', { account_id: idOf(li), note: '请看一下' });
  await answers(li, 'long', '我帮您开');
  await says('long', '谢谢');
  await arrived('long', '谢谢');
  await act(li, 'long', 'close', { reason: '发票' });
}

// Parked, closed without a solution, reopened by the customer, solved.
async function comesBack() {
  await comes('back', '退款多久到');
  await act(wang, 'back', 'take');
  await answers(wang, 'back', '我查一下');
  await act(wang, 'back', 'park');
  await act(wang, 'back', 'unpark');
  await act(wang, 'back', 'close', { outcome: 'unresolved' });
  await says('back', '还没到');
  await until(async () => (await product.api.get(`/conversations/${conversations.back.id}`)).state === 'waiting', 'the conversation again');
  await act(li, 'back', 'take');
  await answers(li, 'back', '今天到账');
  await act(li, 'back', 'close', { outcome: 'resolved' });
}

async function givenUp() {
  await comes('alone', '有人吗');
  await says('alone', '在吗');
  await arrived('alone', '在吗');
  await act(product.api, 'alone', 'close', { outcome: 'unresolved' });
}

async function notSolved() {
  await comes('unsolved', '能便宜点吗');
  await act(wang, 'unsolved', 'take');
  await answers(wang, 'unsolved', '抱歉不能');
  await act(wang, 'unsolved', 'close', { outcome: 'unresolved' });
}

// ---- the same, counted here ----

const none = { missed: 'missed', open: 'open' };

// Who had it when: [{from, to, agent}] and the stays in a queue.
function places(conversation, events) {
  const holds = [];
  const waits = [];
  let hold;
  let wait;
  for (const { kind, to, at, actor_kind } of events) {
    const toGroup = to?.startsWith('group:') ?? false;
    const queue = to === 'queued' || toGroup || ['released', 'returned'].includes(kind);
    const agent = ['assigned', 'taken', 'unparked'].includes(kind) || (kind === 'transferred' && !toGroup);
    if (!queue && !agent && !['parked', 'closed'].includes(kind)) continue;
    if (hold) hold.to = at;
    hold = undefined;
    if (queue && !wait && !(kind === 'reopened' && actor_kind === 'agent')) waits.push((wait = { from: kind === 'opened' ? conversation.opened_at : at }));
    if (agent) holds.push((hold = { from: at, agent: to }));
    if (wait && (agent || kind === 'closed')) {
      wait.ms = agent ? at - wait.from : none.missed;
      wait = undefined;
    }
  }
  return { holds, waits };
}

function handling(holds) {
  const byAgent = {};
  for (const one of holds) {
    const until = one.to === undefined ? none.open : one.to - one.from;
    const sum = byAgent[one.agent] ?? 0;
    byAgent[one.agent] = sum === none.open || until === none.open ? none.open : sum + until;
  }
  return byAgent;
}

function turns(messages, events, accepted) {
  const people = messages.filter((one) => one.direction === 'out' && one.sender_kind === 'agent' && one.accepted_at);
  const closings = events.filter((one) => one.kind === 'closed').map((one) => one.at);
  const found = new Map();
  for (const asked of messages.filter((one) => one.direction === 'in')) {
    const end = closings.find((at) => at >= asked.created_at) ?? Infinity;
    const [answer] = people.filter((one) => one.queued_at >= asked.created_at && one.created_at <= end).sort((a, b) => a.accepted_at - b.accepted_at);
    const key = answer?.id ?? `none before ${end}`;
    if (!found.has(key)) found.set(key, answer ? accepted(answer) - asked.created_at : end === Infinity ? none.open : none.missed);
  }
  return [...found.values()];
}

// Each metric's values of one conversation. `accepted`: from when a message counts as sent.
function valuesOf({ conversation, messages, events }, accepted) {
  const closed = conversation.state === 'closed';
  const never = closed ? none.missed : none.open;
  const ours = messages.filter((one) => one.direction === 'out' && one.accepted_at && one.queued_at >= conversation.opened_at);
  const first = (list) => (list.length > 0 ? Math.min(...list.map(accepted)) - conversation.opened_at : never);
  const people = ours.filter((one) => one.sender_kind === 'agent');
  const { holds, waits } = places(conversation, events);
  const solved = events.findLast((one) => one.kind === 'closed')?.to === 'resolved';
  const worked = closed && people.length > 0;
  return {
    conversations: [1],
    reopened: events.some((one) => one.kind === 'reopened') ? [1] : [],
    first_reaction: [first(ours)],
    first_answer: [first(people)],
    response: turns(messages, events, accepted),
    wait: waits.map((one) => one.ms ?? none.open),
    handling: Object.values(handling(holds)),
    transfers: events.filter((one) => one.kind === 'transferred').map(() => 1),
    resolution: worked ? [solved ? 1 : 0] : [],
    first_contact: worked ? [solved ? none.open : 0] : [], // nobody came back, and 72 hours are not over
  };
}

function figureOf(name, all) {
  const values = all.filter((one) => typeof one === 'number').sort((a, b) => a - b);
  const of = (state) => all.filter((one) => one === state).length;
  const sum = values.reduce((total, one) => total + one, 0);
  const count = values.length;
  const ranked = (share) => (count > 0 ? values[Math.ceil(count * share) - 1] : null);
  if (counts.includes(name)) return { count };
  if (shares.includes(name)) return { count, hits: sum, share: count > 0 ? sum / count : null, open: of(none.open) };
  return { count, mean_ms: count > 0 ? sum / count : null, median_ms: ranked(0.5), p90_ms: ranked(0.9), missed: of(none.missed), open: of(none.open) };
}

async function told() {
  const all = [];
  for (const { id } of Object.values(conversations)) {
    const [conversation, messages, { items }] = [await product.api.get(`/conversations/${id}`), await messagesOf(id), await product.api.get(`/conversations/${id}/events?limit=100`)];
    all.push({ conversation, messages, events: items.reverse() });
  }
  return all;
}
async function counted(accepted = (one) => one.accepted_at) {
  const values = (await told()).map((one) => valuesOf(one, accepted));
  return Object.fromEntries([...counts, ...durations, ...shares].map((name) => [name, figureOf(name, values.flatMap((one) => one[name]))]));
}

const figures = (more = '', as = product.api) => as.get(`${base}/desk/reports/figures?${range}${more}`);
async function reported(more) {
  await until(async () => {
    const { pending, rebuilding } = await figures();
    return pending === 0 && !rebuilding;
  }, 'reports to have caught up');
  return figures(more);
}
const withoutScores = ({ satisfaction, ...rest }) => rest;

// ---- the tests ----

test('the figures are those that the messages and events come to', async () => {
  await aLongStory();
  await comesBack();
  await givenUp();
  await notSolved();
  await comes('waits', '请问');
  const { totals, time_zone } = await reported();
  const expected = await counted();
  assert.equal(time_zone, 'Asia/Shanghai');
  assert.deepEqual(withoutScores(totals), expected);
  // What the stories were made for.
  assert.equal(expected.conversations.count, 5);
  assert.deepEqual([expected.reopened.count, expected.transfers.count], [1, 1]);
  assert.deepEqual([expected.response.count, expected.response.missed, expected.response.open], [5, 2, 1]);
  assert.deepEqual([expected.wait.count, expected.wait.missed, expected.wait.open], [4, 1, 1]);
  assert.equal(expected.handling.count, 5);
  assert.deepEqual(expected.resolution, { count: 3, hits: 2, share: 2 / 3, open: 0 });
  assert.deepEqual([totals.satisfaction.count, totals.satisfaction.share, totals.satisfaction.answer_rate], [0, null, null]);
});

test('a count that takes sending for being accepted comes to something else', async () => {
  const { totals } = await reported();
  assert.notDeepEqual(withoutScores(totals), await counted((one) => one.queued_at));
});

test('every number leads to its conversations', async () => {
  const { totals } = await reported();
  const known = new Set(Object.values(conversations).map((one) => one.id));
  for (const [name, figure] of Object.entries(withoutScores(totals))) {
    const samples = [];
    let cursor = '';
    do {
      const page = await product.api.get(`${base}/desk/reports/conversations?${range}&metric=${name}&limit=2${cursor}`);
      for (const one of page.items) assert.ok(known.has(one.conversation_id));
      samples.push(...page.items.flatMap((one) => one.samples));
      cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
    } while (cursor);
    assert.equal(samples.length, figure.count + (figure.missed ?? 0) + (figure.open ?? 0), name);
    assert.equal(samples.filter((one) => one.state === 'counted').length, figure.count, name);
  }
  const { items } = await product.api.get(`${base}/desk/reports/conversations?${range}&metric=wait&part=missed`);
  assert.deepEqual(items.map((one) => one.conversation_id), [conversations.alone.id]);
});

test('times are of whom they were, pages of where customers came from', async () => {
  const { rows } = await reported('&by=agent');
  const sums = {};
  for (const one of await told())
    for (const [agent, ms] of Object.entries(handling(places(one.conversation, one.events).holds))) (sums[agent] ??= []).push(ms);
  for (const agent of [wang, li]) {
    const row = rows.find((one) => one.agent_id === idOf(agent));
    assert.deepEqual(row.figures.handling, figureOf('handling', sums[idOf(agent)]));
  }
  assert.equal(rows.find((one) => one.agent_id === idOf(wang)).figures.transfers.count, 1);
  assert.ok(rows.find((one) => one.agent_id === null).figures.wait.missed === 1);
  const page = (await product.api.get(`/conversations/${conversations.long.id}`)).source;
  assert.ok(page.length > 0);
  assert.equal((await figures(`&source=${encodeURIComponent(page)}`)).totals.conversations.count, 1);
});

test('an agent sees what is their own, a supervisor the wall', async () => {
  const own = await figures('&by=agent', wang);
  assert.deepEqual(own.rows.map((one) => one.agent_id), [idOf(wang)]);
  await assert.rejects(figures(`&agent_id=${idOf(li)}`, wang), (error) => error.status === 403 && error.code === 'reports.own_only');
  const board = await li.get(`${base}/desk/reports/wallboard`);
  assert.deepEqual([board.waiting, board.open, board.agents.online], [1, 1, 2]);
  assert.equal(board.today.answered, 5);
  assert.equal(board.last_hour.wait.missed, 1);
  const { time_zone } = await figures();
  const midnight = new Date(board.at).toLocaleDateString('sv', { timeZone: time_zone });
  const behind = async (more) => (await li.get(`${base}/desk/reports/conversations?${range}&limit=100&${more}`)).items.flatMap((one) => one.samples);
  assert.equal((await behind(`metric=response&part=counted&ended_from=${Date.parse(`${midnight}T00:00:00+08:00`)}`)).length, board.today.answered);
  assert.equal((await behind(`metric=wait&part=counted&ended_from=${board.at - hour}`)).length, board.last_hour.wait.count);
  const { items } = await product.api.get(`/desk/reports/miniprograms?${range}`);
  assert.deepEqual(items.map((one) => [one.appid, one.totals.conversations.count]), [[product.appid, 5]]);
  const times = (await li.get(`${base}/desk/reports/agents?${range}`)).items;
  assert.ok(times.every((one) => one.online_ms > 0) && times.length === 2);
});

test('files hold the same, and taking them is audited', async () => {
  const raw = async (path) => (await product.api.call('GET', `${base}/desk/reports/${path}`, { raw: true })).text();
  const lines = (await raw(`figures/export?${range}&by=agent`)).trimEnd().split('\r\n');
  assert.equal(lines.length, 1 + (await figures('&by=agent')).rows.length + 1);
  assert.match(lines.at(-1), /^"total","","",5,1,/);
  assert.match(await raw(`conversations/export?${range}&metric=response&part=missed`), new RegExp(conversations.alone.id));
  const { items } = await product.api.get(`${base}/audit?limit=100`);
  assert.equal(items.filter((one) => one.action === 'report.export').length, 2);
});

// What another program reads in it: the sheet's name, the frozen part, and of each cell its type, value and format.
async function readWorkbook(bytes) {
  const script = `
import io, json, sys, openpyxl
book = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
sheet = book.active
ms = lambda one: round(one.total_seconds() * 1000) if hasattr(one, 'total_seconds') else one
cell = lambda one: {'type': one.data_type, 'value': ms(one.value), 'format': one.number_format, 'bold': one.font.b}
print(json.dumps({'sheets': book.sheetnames, 'frozen': sheet.freeze_panes, 'rows': [[cell(one) for one in row] for row in sheet.iter_rows()]}, default=str))`;
  const child = spawn('/usr/bin/python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(bytes);
  const book = JSON.parse(await text(child.stdout));
  const [head, ...rows] = book.rows;
  return { ...book, head, lines: rows.map((row) => Object.fromEntries(row.map((one, i) => [head[i].value, one]))) };
}
const workbook = async (path) => {
  const answer = await product.api.call('GET', path, { raw: true });
  assert.equal(answer.headers.get('content-type'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  assert.match(answer.headers.get('content-disposition'), /filename="[a-z]+\.xlsx"/);
  return readWorkbook(Buffer.from(await answer.arrayBuffer()));
};

test('workbooks hold numbers, durations, moments and texts as what they are', async () => {
  await comes('formula', '看看', 'page==cmd()|calc');
  const { source } = await product.api.get(`/conversations/${conversations.formula.id}`);
  const { totals } = await reported();
  const book = await workbook(`${base}/desk/reports/figures/export?${range}&by=source&interval=day&format=xlsx`);
  assert.deepEqual([book.sheets, book.frozen, book.head.every((one) => one.bold)], [['figures'], 'A2', true]);
  const total = book.lines.at(-1);
  assert.deepEqual(total.from, { type: 's', value: 'total', format: 'General', bold: false });
  assert.deepEqual(total.conversations, { type: 'n', value: totals.conversations.count, format: 'General', bold: false });
  assert.deepEqual([total.resolution_share.value, total.resolution_share.format], [totals.resolution.share, '0.0%']);
  assert.equal(total.response_median.format, '[h]:mm:ss');
  for (const name of durations) assert.ok(Math.abs(total[`${name}_median`].value - totals[name].median_ms) <= 1, name);
  assert.deepEqual(['share', 'answer_rate', 'mean'].map((part) => total[`satisfaction_${part}`].value), [null, null, null]);
  const formula = book.lines.find((one) => one.source.value === source);
  assert.equal(formula.source.type, 's', 'a text, whatever it looks like');
  assert.equal(book.rows.flat().filter((one) => one.type === 'f').length, 0);
  assert.match(formula.from.value, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  assert.equal(formula.from.type, 'd');

  const list = await workbook(`${base}/desk/reports/conversations/export?${range}&metric=response&part=counted&format=xlsx`);
  const { items } = await product.api.get(`${base}/desk/reports/conversations?${range}&metric=response&part=counted&limit=100`);
  const samples = items.flatMap((one) => one.samples.map((sample) => [one.conversation_id, sample.value, sample.agent_id]));
  assert.deepEqual(list.lines.map((one) => [one.conversation_id.value, one.value.value, one.agent_id.value]), samples);
  assert.ok(list.lines.every((one) => one.conversation_id.type === 's' && one.opened_at.type === 'd'), 'ids keep all their digits');
});

test('agents and mini programs are taken along, too', async () => {
  const agents = await workbook(`${base}/desk/reports/agents/export?${range}&format=xlsx`);
  const { items } = await product.api.get(`${base}/desk/reports/agents?${range}`);
  assert.deepEqual(agents.lines.map((one) => [one.agent_id.value, one.agent.value, one.transfers.value]), items.map((one) => [one.agent_id, one.name, one.figures.transfers.count]));
  assert.ok(agents.lines.every((one) => one.online.value > 0 && one.online.format === '[h]:mm:ss'));
  const programs = await workbook(`/desk/reports/miniprograms/export?${range}&format=xlsx`);
  assert.deepEqual(programs.lines.map((one) => [one.appid.value, one.mini_program.value]), [[product.appid, '示例小程序']]);
  await assert.rejects(wang.get(`${base}/desk/reports/agents/export?${range}`), { status: 403 });
  await assert.rejects(wang.get(`/desk/reports/miniprograms/export?${range}`), { status: 403 });
});

test('derived anew, and after a kill, they are the same', async () => {
  const { totals } = await reported();
  await product.api.post('/desk/reports/rebuild');
  assert.deepEqual((await reported()).totals, totals);
  await product.server.kill();
  await product.restart();
  assert.deepEqual((await reported()).totals, totals);
});
