// What phones report, sent to the server as the clients do: our SDK's batches, Sentry's envelopes.
import { until } from '../harness/process.mjs';

const pages = ['pages/index/index', 'pages/goods/detail', 'pages/cart/index', 'pages/pay/index'];
const models = [['HUAWEI', 'ALN-AL00', 'Android'], ['Apple', 'iPhone 15', 'iOS'], ['Xiaomi', '23127PN0CC', 'Android']];

export function batch(install, number, records, now = Date.now()) {
  const [brand, model, os] = models[number % models.length];
  return {
    v: 1,
    install,
    batch: number,
    sent_at: now,
    sdk: { name: 'miniops-sdk', version: '0.1.0' },
    context: {
      release: number % 4 === 0 ? '1.4.1' : '1.4.2',
      build: 'release',
      scene: 1011,
      network: 'wifi',
      session: `session-${install}-${number}`,
      device: { brand, model, level: '35', os, os_version: '12', wechat: '8.0.50', base_library: '3.6.0' },
      user: { openid: `o-${install}`, device_id: install },
    },
    records,
  };
}

export const send = (key, body) => fetch(key.batch_url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export async function sendSentry(product, key, message) {
  const id = [...message].map((letter) => letter.codePointAt(0).toString(16)).join('').padEnd(32, '0').slice(0, 32);
  const event = { event_id: id, timestamp: Date.now() / 1000, level: 'error', release: 'shop@1.4.2', exception: { values: [{ type: 'TypeError', value: message, mechanism: { type: 'onerror', handled: false } }] } };
  const body = [{ event_id: id, sent_at: new Date().toISOString() }, { type: 'event' }, event].map((line) => JSON.stringify(line)).join('\n');
  return fetch(`${product.url}/api/${key.project}/envelope/?sentry_version=7&sentry_key=${key.key}`, { method: 'POST', headers: { 'content-type': 'application/x-sentry-envelope' }, body });
}

// A day of a small shop: visits through the hours, an error that began three hours ago, a little loss.
export async function shopDay(product, count = 24) {
  const base = `/miniprograms/${product.appid}/telemetry`;
  const key = await product.api.post(`${base}/keys`, { name: '正式版' });
  const now = Date.now();
  for (let hour = 0; hour < count; hour += 1) {
    const at = now - hour * 3_600_000;
    const busy = 2 + Math.round(4 + 4 * Math.sin(hour / 3.5));
    const records = [];
    for (let n = 0; n < busy; n += 1) {
      const page = pages[(hour + n) % pages.length];
      const t = at - n * 97_000;
      records.push({ kind: 'event', name: ['ViewGoods', 'AddToCart', 'PayOrder', '领取优惠券'][(hour + n) % 4], t, page, props: { amount: 19.9 + n, currency: 'CNY', coupon: n % 2 === 0 } });
      records.push({ kind: 'performance', name: n % 2 ? 'appLaunch' : 'request', t, page, value: 300 + 37 * n + hour, weight: 10 });
      if (n % 2) records.push({ kind: 'log', t, page, level: ['info', 'warn', 'error', 'debug'][n % 4], text: `下单接口返回 ${200 + n}，耗时 ${120 + n} ms`, trace: `trace-${hour}-${n}` });
      if (hour < 3) records.push({ kind: 'error', name: 'TypeError', t, page, level: 'error', text: "Cannot read property 'price' of undefined", props: { stack: "TypeError: Cannot read property 'price' of undefined\n    at onLoad (pages/goods/detail.js:42:18)", handled: false } });
    }
    if (hour === 1) records.push({ kind: 'performance', name: 'noValue', t: at }, { kind: 'mystery', t: at });
    if (hour === 5) records.push({ kind: 'feedback', name: 'feedback', t: at, text: '付款按钮点不动' });
    const body = batch(`install-${String(hour % 5).padStart(4, '0')}`, hour + 1, records, now);
    if (hour === 2) body.dropped = [{ reason: 'queue_overflow', kind: 'log', count: 3 }, { reason: 'no_consent', kind: 'event', count: 12 }];
    const answer = await send(key, body);
    if (!answer.ok) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
    if (hour === 3) await send(key, body);
  }
  await until(async () => (await product.api.get(`${base}/intake`)).ledger.length > 0, 'the records to be loaded');
  await until(async () => (await product.api.get(`${base}/records?kind=error`)).items.length > 2, 'errors to be found');
  return key;
}
