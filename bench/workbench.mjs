// An agent's browser with 500 open conversations, while their customers write: whether the page stays smooth. Debian's
// Chromium without a graphics card; the same page with one conversation and nobody writing is the limit beside it.
import { until } from '../tests/harness/process.mjs';
import { startProduct } from '../tests/harness/product.mjs';
import { Pusher } from '../tests/harness/pusher.mjs';
import { launch, open, signIn } from '../tests/browser/browser.mjs';
import { line, percentile } from './wanted.mjs';

const perSecond = 20;
const openid = (i) => `oOPEN${String(i).padStart(23, '0')}`;

async function customersWrite(product, pusher, count) {
  for (let i = 0; i < count; i++) if (!(await pusher.push(pusher.text(openid(i), `第 ${i} 位：在吗`, String(4e15 + i))))) throw new Error('a push was refused');
  await until(async () => (await product.api.all(`/miniprograms/${product.appid}/conversations?state=waiting`)).length === count, 'a conversation of each', 120000);
}

function keepWriting(pusher, count) {
  let next = 0;
  const begin = performance.now();
  const clock = setInterval(() => {
    for (const due = ((performance.now() - begin) / 1000) * perSecond; next < due; next++) pusher.deliver(pusher.text(openid((next * 7) % count), `还有 ${next}`, String(5e15 + next))).catch(() => {});
  }, 20);
  return () => clearInterval(clock);
}

// From here on: how far frames are apart, and how long after a key the page shows it.
const watchFrames = (page) =>
  page.evaluate(() => {
    const seen = { frames: [], keys: [] };
    globalThis.seen = seen;
    let last = performance.now();
    const frame = (now) => {
      seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => seen.keys.push(performance.now() - timeStamp))), true);
  });

async function used(page, rows) {
  const box = await page.locator('.wb-rows').first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, i < 40 ? 400 : -800);
    await page.waitForTimeout(50);
  }
  const opened = [];
  for (let i = 0; i < Math.min(rows, 20); i++) {
    const begin = performance.now();
    const row = page.locator('.wb-row').nth(i % 10);
    await row.click();
    await page.locator('#composer').waitFor();
    opened.push(performance.now() - begin);
  }
  await page.locator('#composer').click();
  await page.keyboard.type('One moment please: '.repeat(4), { delay: 40 }); // Chinese would come without keys
  const { frames, keys } = await page.evaluate(() => globalThis.seen);
  const sorted = (all) => all.sort((a, b) => a - b);
  return { frames: sorted(frames.slice(1)), keys: sorted(keys), opened: sorted(opened) };
}

async function session(browser, count, writing) {
  const product = await startProduct();
  const pusher = new Pusher(product.url, product.appid);
  await product.api.put(`/miniprograms/${product.appid}/desk-settings`, { auto_assign: false, load_max_default: 200, silence_warn_minutes: 0, silence_close_minutes: 0, agent_remind_minutes: 0, agent_return_minutes: 0 });
  await customersWrite(product, pusher, count);
  const window = await open(browser, product);
  await signIn(window, product.accounts.operator, '/account');
  const begin = performance.now();
  await window.page.goto(`${product.url}/m/${product.appid}/desk/workbench`);
  await window.page.locator('.wb-row').first().waitFor();
  const shown = performance.now() - begin;
  await watchFrames(window.page);
  const stop = writing ? keepWriting(pusher, count) : () => {};
  const figures = await used(window.page, count);
  stop();
  await window.close();
  pusher.close();
  await product.stop();
  return { shown, ...figures };
}

export async function workbench(quick) {
  const count = quick ? 50 : 500;
  const browser = await launch();
  const alone = await session(browser, 1, false);
  const many = await session(browser, count, true);
  await browser.close();
  const both = (what, of, share) => line(`  ${what}, with 1 / with ${count}`, `${percentile(of(alone), share).toFixed(0)} / ${percentile(of(many), share).toFixed(0)}`, 'ms');
  return [
    line(`Workbench with ${count} open conversations, ${perSecond} messages/s: list shown after`, many.shown, 'ms'),
    line('  the same with 1', alone.shown, 'ms'),
    both('between two frames, p50', (one) => one.frames, 0.5),
    both('between two frames, p99', (one) => one.frames, 0.99),
    both('longest frame', (one) => one.frames, 1),
    both('key to frame, p99', (one) => one.keys, 0.99),
    both('another conversation opened, p50', (one) => one.opened, 0.5),
  ];
}
