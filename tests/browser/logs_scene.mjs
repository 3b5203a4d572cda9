// A shop's evening in its logs: orders through three hours, a burst of failed payments, one customer's whole visit.
import { until } from '../harness/process.mjs';
import { batch, send } from './telemetry_scene.mjs';

const minute = 60_000;
export const burst = { fromMinutes: 50, toMinutes: 40, lines: 24 };

export async function projectKey(product) {
  const path = `/miniprograms/${product.appid}/telemetry/keys`;
  return (await product.api.get(path)).items[0] ?? product.api.post(path, { name: '正式版' });
}

export async function report(key, install, number, records) {
  const answer = await send(key, batch(install, number, records));
  if (!answer.ok) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
}

export const linesOf = async (product, query) => (await product.api.get(`/miniprograms/${product.appid}/logs/lines?${new URLSearchParams({ query, limit: 500 })}`)).items;

// Orders: one a minute, a slow one now and then.
const orders = (now) =>
  Array.from({ length: 180 }, (_, n) => ({
    kind: 'log',
    t: now - (n + 1) * minute,
    page: n % 3 ? 'pages/cart/index' : 'pages/pay/index',
    level: n % 30 === 29 ? 'warn' : n % 9 === 8 ? 'debug' : 'info',
    text: `下单接口返回 200，耗时 ${80 + ((n * 37) % 400)} ms`,
    props: { order: 20_260_000 + n },
  }));

const failures = (now) =>
  Array.from({ length: burst.lines }, (_, n) => ({
    kind: 'log',
    name: 'pay',
    t: now - burst.fromMinutes * minute + n * ((burst.fromMinutes - burst.toMinutes) / burst.lines) * minute,
    page: 'pages/pay/index',
    level: 'error',
    text: `支付失败：余额不足，订单 2026112${100 + n}`,
    trace: `pay-${n}`,
    props: { order: 2_026_112_100 + n, channel: n % 2 ? 'wxpay' : 'card' },
  }));

// One visit: what she did, the line that somebody looks for in the middle, and what stands in other kinds of records.
function visit(now) {
  const steps = ['打开首页', '搜索 桂花乌龙', '打开商品 42', '加入购物车', '优惠券 SPRING_7713 校验未通过', '重新选择优惠券', '提交订单', '支付成功'];
  const at = now - 15 * minute;
  return [
    ...steps.map((text, n) => ({ kind: 'log', t: at + n * 2000, page: 'pages/cart/index', level: n === 4 ? 'warn' : 'info', text, trace: n === 4 ? 'coupon-check' : '' })),
    { kind: 'performance', name: 'request', t: at + 7800, page: 'pages/cart/index', value: 1250, trace: 'coupon-check' },
    { kind: 'error', name: 'TypeError', t: at + 8200, page: 'pages/cart/index', level: 'error', text: "Cannot read property 'price' of undefined", trace: 'coupon-check' },
  ];
}

export async function shopLogs(product) {
  const key = await projectKey(product);
  const now = Date.now();
  await report(key, 'install-1001', 1, orders(now));
  await report(key, 'install-1002', 2, failures(now));
  await report(key, 'install-1003', 3, visit(now));
  await until(async () => (await linesOf(product, '支付失败')).length === burst.lines && (await linesOf(product, 'SPRING_7713')).length === 1, 'the lines to be found');
  return { key, now };
}
