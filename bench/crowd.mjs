// A large team at its browsers: 2,000 agents in 100 groups, each with one open conversation, while customers write 1,000
// messages a second. The accounts are put into the store while the server is down: 2,000 passwords take too long.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Api } from '../tests/harness/client.mjs';
import { until } from '../tests/harness/process.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { Pusher } from '../tests/harness/pusher.mjs';
import { line, percentile } from './wanted.mjs';

const WebSocket = createRequire(new URL('../tests/package.json', import.meta.url))('ws');

const firstAccount = 5_000_000_000_000_000;
const lanes = 32;

async function inLanes(items, work) {
  const rest = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let one = rest.pop(); one !== undefined; one = rest.pop()) await work(one);
  }));
}

// Agents with a key each; they cannot sign in.
async function addAgents(product, count) {
  const agents = Array.from({ length: count }, (_, i) => ({ account: String(firstAccount + i), name: `crowd${i}`, key: `mok_${String(i).padStart(40, 'K')}` }));
  await product.server.stop();
  const now = Date.now();
  const rows = agents.flatMap(({ account, name, key }) => [
    `INSERT INTO identity_accounts (id, username, username_folded, display_name, language, password_hash, instance_admin, must_change_password, disabled, created_at, password_changed_at) VALUES (${account}, '${name}', '${name}', '${name}', 'zh', '-', 0, 0, 0, ${now}, ${now});`,
    `INSERT INTO identity_members (appid, account_id, role, created_at) VALUES ('${product.appid}', ${account}, 'agent', ${now});`,
    `INSERT INTO identity_api_keys (id, key_hash, key_start, account_id, name, created_at) VALUES (${account}, '${createHash('sha256').update(key).digest('hex')}', 'mok_', ${account}, 'bench', ${now});`,
  ]);
  const done = spawnSync('sqlite3', [join(product.data, 'miniops.db')], { input: `BEGIN;\n${rows.join('\n')}\nCOMMIT;\n`, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`sqlite3: ${done.stderr}`);
  await product.restart();
  return agents;
}

async function addGroups(product, agents, size) {
  const groups = [];
  for (let i = 0; i < agents.length; i += size) {
    const group = await product.api.post(`/miniprograms/${product.appid}/teams/groups`, { name: `组${i}` });
    const members = agents.slice(i, i + size);
    await product.api.post(`/miniprograms/${product.appid}/teams/groups/${group.id}/agents`, { add: members.map((one) => one.account) });
    for (const one of members) one.group = group.id;
    groups.push(group);
  }
  return groups;
}

// Each agent gets one customer.
async function giveConversations(product, pusher, agents) {
  await inLanes(agents.map((agent, i) => [agent, i]), async ([agent, i]) => {
    agent.openid = `oCROWD${String(i).padStart(22, '0')}`;
    if (!(await pusher.push(pusher.text(agent.openid, '在吗', String(5e15 + i))))) throw new Error('a push was refused');
  });
  const ids = await until(async () => {
    const found = new Map((await product.api.all(`/miniprograms/${product.appid}/conversations`)).map((one) => [one.openid, one.id]));
    return found.size >= agents.length && found;
  }, 'a conversation of each', 120000);
  await inLanes(agents, async (agent) => {
    const id = (agent.conversation = ids.get(agent.openid));
    await product.api.post(`/conversations/${id}/transfer`, { group_id: agent.group });
    await new Api(product.url, { key: agent.key }).post(`/conversations/${id}/take`);
  });
}

// A browser that looks no closer than it must: there are 2,000 of them on the machine that is measured.
class Screen {
  constructor(product, agent, arrived) {
    this.agent = agent;
    this.ofOthers = 0;
    this.counts = 0;
    this.bytes = 0;
    this.ready = false;
    this.socket = new WebSocket(`${product.url.replace(/^http/, 'ws')}/api/v1/live`, { headers: { authorization: `Bearer ${agent.key}`, origin: product.url }, perMessageDeflate: false });
    this.socket.on('error', (error) => (this.error = error));
    this.socket.on('open', () => this.socket.send(JSON.stringify({ type: 'hello', appids: { [product.appid]: null } })));
    this.socket.on('message', (data) => {
      if (data.includes('"type":"ping"')) this.socket.send('{"type":"pong"}');
      else if (data.includes('"type":"ready"')) this.ready = true;
      else {
        if (data.includes('"type":"counts"')) this.counts++;
        else if (!data.includes(agent.conversation)) this.ofOthers++;
        this.bytes += data.length;
        const text = data.includes('"topic":"message"') && data.toString('utf8').match(/"content":"(b\d+)"/)?.[1];
        if (text) arrived(text, this);
      }
    });
  }
}

async function connect(product, agents, arrived) {
  const screens = [];
  for (let i = 0; i < agents.length; i += 50) {
    const some = agents.slice(i, i + 50).map((agent) => new Screen(product, agent, arrived));
    await until(() => some.every((one) => one.ready), () => some.find((one) => one.error)?.error.message ?? 'sockets to be ready');
    screens.push(...some);
  }
  return screens;
}

async function write(product, pusher, agents, sent, rate, seconds) {
  const begin = performance.now();
  const total = rate * seconds;
  let refused = 0;
  let next = 0;
  await until(() => {
    for (const due = Math.min(total, ((performance.now() - begin) / 1000) * rate); next < due; next++) {
      const agent = agents[(next * 7919) % agents.length];
      sent.set(`b${next}`, { at: performance.now(), agent });
      pusher.deliver(pusher.text(agent.openid, `b${next}`, String(4e15 + next))).then((answer) => (refused += answer === 'success' ? 0 : 1), () => refused++);
    }
    return next >= total;
  }, 'all to be written', seconds * 1000 + 60000);
  return { refused, seconds: (performance.now() - begin) / 1000 };
}

export async function crowd(quick) {
  const count = quick ? 100 : 2000;
  const rate = quick ? 200 : 1000;
  const seconds = quick ? 5 : 30;
  const product = await startProduct();
  const pusher = new Pusher(product.url, product.appid);
  await product.api.put(`/miniprograms/${product.appid}/desk-settings`, { auto_assign: false, silence_warn_minutes: 0, silence_close_minutes: 0, agent_remind_minutes: 0, agent_return_minutes: 0 });
  const agents = await addAgents(product, count);
  const groups = await addGroups(product, agents, 20);
  await giveConversations(product, pusher, agents);

  const sent = new Map();
  const latencies = [];
  const screens = await connect(product, agents, (text, screen) => {
    const one = sent.get(text);
    if (one?.agent === screen.agent && !one.seen) {
      one.seen = true;
      latencies.push(performance.now() - one.at);
    }
  });
  for (const one of screens) one.ofOthers = one.counts = one.bytes = 0;
  const begin = performance.now();
  const written = await write(product, pusher, agents, sent, rate, seconds);
  await until(() => latencies.length >= sent.size - written.refused, 'all at whom they concern', 60000).catch(() => {});
  const watchedS = (performance.now() - begin) / 1000;
  const ofOthers = screens.map((one) => one.ofOthers / watchedS);
  // The first and the last of them lie at any distance from the ends.
  const counts = screens.map((one) => Math.max(0, one.counts - 1) / watchedS);
  const without = screens.filter((one) => one.counts === 0).length;
  for (const one of screens) one.socket.close();
  pusher.close();
  await product.stop();
  latencies.sort((a, b) => a - b);
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const who = `${count.toLocaleString('en')} agents in ${groups.length} groups, ${rate.toLocaleString('en')} messages/s`;
  return [
    line(`${who}: at the agent concerned, p99`, percentile(latencies, 0.99), 'ms', { wanted: 150, atMost: true }),
    line('  p50', percentile(latencies, 0.5), 'ms'),
    line('  not seen, or refused', sent.size - latencies.length, '', { wanted: 0, atMost: true }),
    line("  at others: changes/s for each that are not about their own customer", mean(ofOthers), '/s', { wanted: 0, atMost: true }),
    line('  at others: counts/s for each', mean(counts), '/s', { wanted: 1, atMost: true }),
    line('  agents who were told no counts', without, '', { wanted: 0, atMost: true }),
    line('  sent to all browsers', screens.reduce((sum, one) => sum + one.bytes, 0) / watchedS / 1e6, 'MB/s'),
  ];
}
