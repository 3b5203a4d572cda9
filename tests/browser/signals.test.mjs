// What phones report where people are who do not look for it: the agent sees what the customer met before the chat, the
// overview says how the mini program does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';
import { batch, send } from './telemetry_scene.mjs';

let product;
let browser;
let conversation;
before(async () => {
  product = await startProduct();
  browser = await launch();
  const key = await product.api.post(`/miniprograms/${product.appid}/telemetry/keys`, { name: '正式版' });
  const one = await customer(product, '林小满');
  const now = Date.now();
  const visit = batch('install-0001', 1, [
    { kind: 'performance', name: 'appLaunch', t: now - 9000, value: 840 },
    { kind: 'event', name: 'page_view', t: now - 8000, page: 'pages/index/index' },
    { kind: 'event', name: 'page_view', t: now - 5000, page: 'pages/pay/pay' },
    { kind: 'performance', name: 'request', t: now - 4000, page: 'pages/pay/pay', value: 2345, props: { method: 'POST', url: 'https://api.shop.example/order', status: 200 } },
    { kind: 'performance', name: 'request', t: now - 3500, page: 'pages/pay/pay', value: 120, props: { method: 'GET', url: 'https://api.shop.example/cart', status: 200 } },
    { kind: 'error', name: 'TypeError', t: now - 3000, page: 'pages/pay/pay', level: 'error', text: 'requestPayment:fail, 电话 13812345678', props: { handled: false } },
  ]);
  visit.context.user.openid = one.openid;
  assert.ok((await send(key, visit)).ok);
  await one.say('付款一直失败');
  conversation = await conversationOf(product, one.openid);
  await until(async () => (await product.api.get(`/miniprograms/${product.appid}/customers/${one.openid}/signals`)).items.length === 4, 'the signals');
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

test('the agent sees the pages, the error and the slow request before the chat', async () => {
  const window = await open(browser, product);
  await signIn(window, product.accounts.agent, `/m/${product.appid}/desk/workbench/${conversation.id}`);
  const { page } = window;
  const lines = page.locator('.wb-signals li');
  await lines.first().waitFor();
  const texts = await lines.allTextContents();
  assert.equal(texts.length, 4);
  assert.match(texts[0], /requestPayment:fail, 电话 138\*{4}5678.*pages\/pay\/pay/);
  assert.match(texts[1], /2\.3 s POST https:\/\/api\.shop\.example\/order/);
  assert.match(texts[2], /pages\/pay\/pay/);
  assert.match(texts[3], /pages\/index\/index/);
  // An agent may not look at errors: no link that leads nowhere.
  assert.equal(await lines.getByRole('link').count(), 0);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'desk-signals-zh');
  assert.deepEqual(window.problems, []);
  await window.close();
});

for (const [language, viewport, name] of [['zh', desktop, 'desktop'], ['en', phone, 'phone']])
  test(`the overview at a glance, ${name}`, async () => {
    const window = await open(browser, product, { language, viewport });
    await signIn(window, product.accounts.operator ?? product.accounts.developer, `/m/${product.appid}`);
    const { page } = window;
    const tile = (label) => page.locator('.tile', { hasText: label });
    await tile(language === 'zh' ? '24 小时访问' : 'Visits in 24 hours').waitFor();
    assert.match(await tile(language === 'zh' ? '出错的访问' : 'Visits with errors').textContent(), /100/);
    assert.match(await tile(language === 'zh' ? '启动 P75' : 'Startup P75').textContent(), /8[34]\d|0\.84/);
    await tile(language === 'zh' ? '正在告警' : 'Alerts firing').waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'nothing to scroll sideways');
    await screenshot(page, `overview-quality-${language}-${name}`);
    await tile(language === 'zh' ? '出错的访问' : 'Visits with errors').click();
    await page.waitForURL('**/issues');
    assert.deepEqual(window.problems, []);
    await window.close();
  });
