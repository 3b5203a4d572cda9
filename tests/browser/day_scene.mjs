// A service team on a simulated clock: three agents in two groups and a supervisor, office hours with a Saturday that is
// worked (调休), customers who come, ask again, thank and score. Whatever is done here is waited for, so that time is
// only moved when nothing is on its way.
import { until } from '../harness/process.mjs';

const minute = 60_000;
const stepMs = 30 * minute; // shorter than the time after which an agent without a sign of life is taken for lost
const question = '请回复 1–5，给这次服务打分';
const all = (list, work) => Promise.all(list.map(work));

export const office = {
  time_zone: 'Asia/Shanghai',
  days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from: '09:00', to: '18:00' }]])),
  special: [{ date: '2026-02-28', name: '春节调休', as: 'mon' }],
};
export const at = (day, time) => Date.parse(`2026-${day}T${time}:00+08:00`);

export class Scene {
  constructor(product) {
    this.product = product;
    this.clock = product.clock;
    this.api = product.api;
    this.base = `/miniprograms/${product.appid}`;
    this.agents = {}; // by username
    this.online = new Set();
    this.customers = 0;
  }

  async setUp() {
    const { api, base, product } = this;
    const silent = { silence_warn_minutes: 0, silence_close_minutes: 0, agent_remind_minutes: 0, agent_return_minutes: 0 };
    await api.put(`${base}/desk-settings`, { ...silent, reopen_minutes: 30, grace_seconds: 3600, load_max_default: 4, auto_assign: true, transfer_accept_seconds: 600 });
    await api.put(`${base}/hours`, office);
    await product.addMember('agent2', 'agent', 'agent2');
    await product.addMember('agent3', 'agent', 'agent3');
    for (const [role, username] of [['agent', 'agent1'], ['agent2', 'agent2'], ['agent3', 'agent3']]) this.agents[username] = await product.login(role);
    const group = async (name, usernames) => {
      const { id } = await api.post(`${base}/teams/groups`, { name, calendar: office });
      await api.post(`${base}/teams/groups/${id}/agents`, { add: usernames.map((one) => this.idOf(one)) });
      return id;
    };
    this.sales = await group('售前组', ['agent1', 'agent2']);
    this.afterSales = await group('售后组', ['agent3']);
    await api.post(`${base}/teams/routing-rules`, { name: '退款找售后', condition: { field: 'text', op: 'has', value: ['退款', '换货'] }, target: { group: this.afterSales, overflow: [{ after_s: 300, groups: [this.sales] }] } });
    await api.post(`${base}/teams/routing-rules`, { name: '其余找售前', condition: null, target: { group: this.sales } });
    const { version } = await api.get(`${base}/service-levels/targets`);
    await api.put(`${base}/service-levels/targets`, { version, warnings: { half_percent: 50, most_percent: 80 }, items: [{ group: '', priority: null, business: true, first_answer_ms: 10 * minute }] });
    await api.patch(`${base}/satisfaction/settings`, { enabled: true, form: 'text', texts: [{ language: 'zh', text: question }] });
    await api.post(`${base}/contact-reasons`, { name: '咨询' });
  }

  idOf(username) {
    return this.agents[username].session.account.id;
  }

  // ---- time ----

  async presence(usernames, presence) {
    await all(usernames, async (username) => {
      await this.agents[username].put(`${this.base}/presence`, { presence });
      if (presence === 'offline') this.online.delete(username);
      else this.online.add(username);
    });
  }
  async pass(ms) {
    for (let left = ms; left > 0; left -= stepMs) {
      await this.presence([...this.online], 'online');
      await this.clock.advance(this.online.size > 0 ? Math.min(left, stepMs) : left);
      if (this.online.size === 0) return;
    }
    await this.presence([...this.online], 'online');
  }
  minutes(n) {
    return this.pass(n * minute);
  }
  // A time of day that is still to come.
  async until(time) {
    const left = time - this.clock.now();
    if (left <= 0) throw new Error(`it is ${new Date(this.clock.now()).toISOString()} already, and was to be ${new Date(time).toISOString()}`);
    await this.pass(left);
  }

  // ---- what happens ----

  now(one) {
    return this.api.get(`/conversations/${one.id}`);
  }
  async messages(one) {
    return (await this.api.get(`/conversations/${one.id}/messages?limit=100`)).items;
  }
  async happened(one, kind, to) {
    const { items } = await this.api.get(`/conversations/${one.id}/events?limit=100`);
    return items.some((event) => event.kind === kind && (to === undefined || event.to === to));
  }

  async comes(text, { nickname, source } = {}) {
    const { sandbox, appid } = this.product;
    const number = this.customers++;
    const { openid } = await sandbox.user(appid, { nickname });
    const one = { openid, nickname, number };
    if (source) await sandbox.say(appid, openid, { event: 'user_enter_tempsession', session_from: source });
    await this.opens(one, text);
    if (nickname) await this.api.patch(`${this.base}/customers/${openid}`, { nickname });
    return one;
  }
  // Writes, and has another conversation than before.
  async opens(one, text) {
    const before = one.id;
    await this.product.sandbox.say(this.product.appid, one.openid, text);
    const found = await until(async () => {
      const { items } = await this.api.get(`${this.base}/conversations?limit=100`);
      return items.find((each) => each.openid === one.openid && each.state !== 'closed' && each.id !== before);
    }, `a conversation that begins with "${text}"`);
    one.id = found.id;
  }
  async says(one, text) {
    const count = async () => (await this.messages(one)).filter((line) => line.direction === 'in').length;
    const before = await count();
    await this.product.sandbox.say(this.product.appid, one.openid, text);
    await until(async () => (await count()) > before, `"${text}" in the conversation`);
  }
  // Who has it, as an Api; waits until somebody has.
  async agentOf(one) {
    const { assignee } = await until(async () => ((found) => found.assignee && found)(await this.now(one)), `an agent for ${one.number}`);
    return this.agents[assignee.display_name];
  }
  async accepted(one, id) {
    await until(async () => (await this.messages(one)).some((line) => line.id === id && line.state === 'sent'), 'WeChat to accept the answer');
  }
  async answers(one, text) {
    const { id } = await (await this.agentOf(one)).post(`/conversations/${one.id}/messages`, { msgtype: 'text', text: { content: text } });
    await this.accepted(one, id);
  }
  async closes(one, outcome = 'resolved') {
    await (await this.agentOf(one)).post(`/conversations/${one.id}/close`, { outcome });
  }
  // The question for a score is delivered and known to be.
  async asked(one) {
    await until(async () => (await this.messages(one)).some((line) => line.text?.content === question && line.state === 'sent'), 'the question for a score');
  }
  async scores(one, text) {
    await this.asked(one);
    await this.product.sandbox.say(this.product.appid, one.openid, text);
    await until(() => this.happened(one, 'rated'), 'the score');
  }

  // ---- many of them ----

  // They come at once. Whoever is with an agent is served, then those who waited meanwhile, until nobody is left.
  async wave(texts, { sources = [undefined] } = {}) {
    const came = await all(texts, (text, n) => this.comes(text, { source: sources[n % sources.length] }));
    await this.serveAll(came);
    return came;
  }
  async serveAll(came) {
    for (let left = came; left.length > 0; ) {
      const held = await this.held(left);
      await this.serve(held);
      left = left.filter((one) => !held.includes(one));
    }
  }
  // Those who are with an agent, when two looks agree.
  held(of) {
    let before = 0;
    return until(async () => {
      const states = await all(of, (one) => this.now(one));
      const some = of.filter((_, n) => states[n].assignee);
      const same = some.length === before;
      before = some.length;
      return same && some.length > 0 && some;
    }, 'somebody to be with an agent');
  }
  async serve(held) {
    await this.minutes(2);
    await all(held, (one) => this.answers(one, '您好，马上为您查看'));
    await this.minutes(1);
    const more = held.filter((one) => one.number % 3 === 0);
    await all(more, (one) => this.says(one, '大概要等多久'));
    await this.minutes(2);
    await all(more, (one) => this.answers(one, '今天之内处理好'));
    await all(held.filter((one) => one.number % 4 === 1), (one) => this.says(one, '谢谢'));
    await this.minutes(1);
    await all(held, (one) => this.closes(one, one.number % 5 === 4 ? 'unresolved' : 'resolved'));
    await all(held, (one) => this.asked(one));
    await this.minutes(1);
    await all(held.filter((one) => one.number % 2 === 0), (one) => this.scores(one, ['5', '4', '３', '五', '1'][(one.number / 2) % 5]));
  }

  // ---- what is told of it ----

  // All messages and events, as whoever may export gets them.
  async journal() {
    const exports = `${this.base}/records/exports`;
    const { id } = await this.api.post(exports, { format: 'jsonl', events: true });
    const { state, parts } = await until(async () => ((one) => !['waiting', 'running'].includes(one.state) && one)(await this.api.get(`${exports}/${id}`)), 'the export');
    if (state !== 'done') throw new Error(`the export is ${state}`);
    let text = '';
    for (let part = 1; part <= parts; part++) text += await (await this.api.call('GET', `${exports}/${id}/download?part=${part}`, { raw: true })).text();
    return text;
  }
  figures(range, more = {}) {
    return this.api.get(`${this.base}/desk/reports/figures?${new URLSearchParams({ ...range, ...more })}`);
  }
  // As the script tells it.
  async reported(range) {
    await until(async () => ((one) => one.pending === 0 && !one.rebuilding)(await this.figures(range)), 'reports to have caught up');
    const isEmpty = ({ figures }) => Object.values(figures).every(({ count, missed = 0, open = 0 }) => count + missed + open === 0);
    const rows = async (more, name) => Object.fromEntries((await this.figures(range, more)).rows.filter((row) => !isEmpty(row)).map((row) => [name(row), row.figures]));
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: office.time_zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    return {
      totals: (await this.figures(range)).totals,
      days: await rows({ interval: 'day' }, (row) => date.format(row.from)),
      agents: await rows({ by: 'agent' }, (row) => row.agent_id ?? 'none'),
      groups: await rows({ by: 'group' }, (row) => row.group_id ?? 'none'),
    };
  }
}
