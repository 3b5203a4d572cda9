// From the push to the agent's WebSocket, and many agents connected.
import { readFileSync } from 'node:fs';
import { Live } from '../tests/harness/live.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { Pusher } from '../tests/harness/pusher.mjs';
import { until } from '../tests/harness/process.mjs';
import { percentile } from './wanted.mjs';

export async function liveLatency(seconds, rate) {
  const product = await startProduct({ mode: 'safe', format: 'xml' });
  const agent = await product.login('agent');
  const live = await Live.connect(product.url, agent, { [product.appid]: null });
  const pusher = new Pusher(product.url, product.appid);
  const sent = new Map();
  const latencies = [];
  live.socket.on('message', (data) => {
    const change = JSON.parse(data);
    if (change.topic !== 'message') return;
    const started = sent.get(change.data.text?.content);
    if (started !== undefined) {
      latencies.push(performance.now() - started);
      sent.delete(change.data.text.content);
    }
  });
  const total = seconds * rate;
  const begin = performance.now();
  let next = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rate));
      for (; next < due; next++) {
        const text = `b${next}`;
        sent.set(text, performance.now());
        pusher.deliver(pusher.text(`oLIVE${String(next % 500).padStart(23, '0')}`, text, String(6e15 + next))).catch(() => {});
      }
      if (next >= total) {
        clearInterval(timer);
        resolve();
      }
    }, 5);
  });
  await until(() => latencies.length >= total * 0.999, 'all messages on the screen', 60000).catch(() => {});
  latencies.sort((a, b) => a - b);
  live.close();
  pusher.close();
  await product.stop();
  return { 'pushes/s': rate, seconds, seen: latencies.length, 'p50 ms': percentile(latencies, 0.5)?.toFixed(1), 'p99 ms': percentile(latencies, 0.99)?.toFixed(1), 'max ms': latencies.at(-1)?.toFixed(1) };
}

export async function manyAgents(count) {
  const product = await startProduct();
  const agent = await product.login('agent');
  const memory = () => Number(readFileSync(`/proc/${product.server.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  const before = memory();
  const agents = [];
  for (let i = 0; i < count; i += 50)
    agents.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, () => Live.connect(product.url, agent, { [product.appid]: null })))));
  const after = memory();
  const { openid } = await product.sandbox.user(product.appid);
  const started = performance.now();
  await product.sandbox.say(product.appid, openid, '给所有人');
  await until(() => agents.every((one) => one.changes.some((change) => change.topic === 'message')), 'every agent to see it', 60000);
  const all = performance.now() - started;
  for (const one of agents) one.close();
  await product.stop();
  return { agents: count, 'MB before': before.toFixed(0), 'MB after': after.toFixed(0), 'kB a socket': (((after - before) * 1024) / count).toFixed(1), 'one message at all of them, ms': all.toFixed(0) };
}
