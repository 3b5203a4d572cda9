// Many timers due in the same moment: parked conversations come back while other customers write. Everything is done
// through the real server, by its API; whoever has them all sees each come back, and each message arrive.
import { Live } from '../tests/harness/live.mjs';
import { until } from '../tests/harness/process.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { Pusher } from '../tests/harness/pusher.mjs';
import { line, percentile } from './wanted.mjs';

const writers = 50;
const perSecond = 200;
const lanes = 32;

async function inLanes(items, work) {
  const rest = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let one = rest.pop(); one !== undefined; one = rest.pop()) await work(one);
  }));
}

// The conversations of customers who wrote once, by their openids.
async function conversationsOf(product, pusher, openids, firstMsgId) {
  await inLanes(openids.map((openid, i) => [openid, i]), async ([openid, i]) => {
    if (!(await pusher.push(pusher.text(openid, '在吗', String(firstMsgId + i))))) throw new Error('a push was refused');
  });
  const wanted = new Set(openids);
  return until(async () => {
    const items = await product.api.all(`/miniprograms/${product.appid}/conversations?state=waiting`);
    const found = new Map(items.filter((one) => wanted.has(one.openid)).map((one) => [one.openid, one.id]));
    return found.size === openids.length && found;
  }, 'a conversation of each', 300000);
}

// Texts at so many a second, until it is told to stop; how long each took to be on the screen, and when it was sent.
function startWriting(pusher, live, openids) {
  const sent = new Map();
  const seen = [];
  live.socket.on('message', (data) => {
    const change = JSON.parse(data);
    const at = change.topic === 'message' ? sent.get(change.data.text?.content) : undefined;
    if (at === undefined) return;
    seen.push({ at, ms: performance.now() - at });
    sent.delete(change.data.text.content);
  });
  let next = 0;
  const begin = performance.now();
  const clock = setInterval(() => {
    for (const due = ((performance.now() - begin) / 1000) * perSecond; next < due; next++) {
      sent.set(`t${next}`, performance.now());
      pusher.deliver(pusher.text(openids[next % openids.length], `t${next}`, String(8e15 + next))).catch(() => {});
    }
  }, 5);
  return {
    seen,
    stop: () => {
      clearInterval(clock);
      return until(() => sent.size === 0, 'all messages on the screen', 60000);
    },
  };
}

const p99 = (seen) => percentile(seen.map((one) => one.ms).sort((a, b) => a - b), 0.99);

export async function timers(quick) {
  const count = quick ? 500 : 10_000;
  const product = await startProduct();
  const pusher = new Pusher(product.url, product.appid);
  await product.api.put(`/miniprograms/${product.appid}/desk-settings`, { auto_assign: false, load_max_default: 200, silence_warn_minutes: 0, silence_close_minutes: 0, agent_remind_minutes: 0, agent_return_minutes: 0 });
  const agent = await product.login('operator');
  const name = (kind) => (_, i) => `o${kind}${String(i).padStart(24, '0')}`;
  const parked = await conversationsOf(product, pusher, Array.from({ length: count }, name('PARK')), 7e15);
  const talking = Array.from({ length: writers }, name('TALK'));
  await conversationsOf(product, pusher, talking, 6e15);

  // Far enough ahead that the last one is parked before the first comes back.
  const due = Date.now() + (quick ? 10_000 : 30_000 + count * 12);
  await inLanes(parked.values(), async (id) => {
    await agent.post(`/conversations/${id}/take`);
    await agent.post(`/conversations/${id}/park`, { until: due });
  });
  const early = due - Date.now();
  if (early < 5000) throw new Error(`parking took too long: ${early} ms are left`);

  const live = await Live.connect(product.url, agent, { [product.appid]: null });
  const back = new Map();
  live.socket.on('message', (data) => {
    const change = JSON.parse(data);
    if (change.topic === 'conversation' && change.data.stage === 'assigned' && !back.has(change.data.id)) back.set(change.data.id, Date.now());
  });
  await until(() => Date.now() > due - 5000, 'the time to begin', early + 1000);
  const writing = startWriting(pusher, live, talking);
  await until(() => Date.now() >= due, 'the timers to be due', 10000);
  const dueAt = performance.now();
  await until(() => back.size === count, () => `all to come back: ${back.size} of ${count}`, 120000);
  const lastBack = Math.max(...back.values());
  await writing.stop();
  const during = writing.seen.filter((one) => one.at >= dueAt && one.at <= dueAt + (lastBack - due));
  const before = writing.seen.filter((one) => one.at < dueAt);
  live.close();
  pusher.close();
  await product.stop();
  return [
    line(`${count.toLocaleString('en')} timers due at once: all fired and shown after`, (lastBack - due) / 1000, 's', { wanted: 5, atMost: true }),
    line(`  meanwhile ${perSecond} messages/s, push to screen, p99`, p99(during), 'ms', { wanted: 200, atMost: true }),
    line('  the same before they were due, p99', p99(before), 'ms'),
  ];
}
