// 排队与留言: what customers who wait are told is set up, seen before it is said, and kept; a message that was left is seen
// with what it is about.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const settings = () => `/m/${product.appid}/desk/settings/queue`;
const stored = () => product.api.get(`${base}/queue-settings`);

async function staff(path, { role = 'admin', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    main: page.locator('main'),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('notices are switched on, their words changed, and seen in the preview', async () => {
  const { page, main, done } = await staff(settings());
  await main.getByText('没有开启任何提示，排队的客户不会收到自动消息。').waitFor();
  await main.getByRole('switch', { name: '告诉排队的客户名次和预计等待时间' }).click();
  const preview = main.locator('.queue-preview');
  await preview.getByText('您当前排在第 3 位，预计还需等待 4–8 分钟。', { exact: true }).waitFor();
  const wait = main.getByLabel('有预计等待时间时', { exact: true });
  await wait.fill('前面还有人，您是第 {position} 位，{minutes} 分钟');
  await main.getByText('这里没有变量 {minutes}').waitFor();
  await wait.fill('您是第 {position} 位，{wait} 分钟');
  await preview.getByText('您是第 3 位，4–8 分钟', { exact: true }).waitFor();
  await main.getByRole('button', { name: '保存', exact: true }).click();
  await until(async () => (await stored()).notices, 'the settings');
  assert.equal((await stored()).wait_text, '您是第 {position} 位，{wait} 分钟');
  await page.reload();
  await preview.getByText('您是第 3 位，4–8 分钟', { exact: true }).waitFor();
  // What is emptied becomes ours again.
  await wait.fill('');
  await main.getByRole('button', { name: '保存', exact: true }).click();
  await preview.getByText('您当前排在第 3 位，预计还需等待 4–8 分钟。', { exact: true }).waitFor();
  await done();
});

test('who may not change it may look', async () => {
  const { main, done } = await staff(settings(), { role: 'agent' });
  await main.locator('.queue-form').waitFor();
  assert.equal(await main.getByRole('switch', { name: '告诉排队的客户名次和预计等待时间' }).isDisabled(), true);
  assert.equal(await main.getByRole('button', { name: '保存', exact: true }).count(), 0);
  await done();
});

test('a message that was left: what it is about, how to reach them, by when', async () => {
  await product.api.put(`${base}/queue-settings`, { notices: false, leave: true });
  const group = await product.api.get(`${base}/teams/groups/1`);
  await product.api.patch(`${base}/teams/groups/1`, { version: group.version, busy: { set: 'on' } });
  const one = await customer(product, '林小满');
  await one.say('在吗');
  const { id } = await conversationOf(product, one.openid);
  const heard = (count) => until(async () => (await one.phone()).filter((bubble) => bubble.direction === 'out').length === count, `${count} messages on the phone`);
  await heard(1);
  await one.say('1');
  await heard(2);
  await one.say('发票抬头错了，请打 13800138000');
  await heard(3);

  for (const [name, options] of [['zh-desktop', { language: 'zh', viewport: desktop }], ['en-phone', { language: 'en', viewport: phone }], ['zh-desktop-dark', { language: 'zh', viewport: desktop, theme: 'dark' }]]) {
    const { page, done } = await staff(`/m/${product.appid}/desk/workbench/${id}`, options);
    const zh = options.language === 'zh';
    const block = page.getByRole('region', { name: zh ? '留言' : 'Message left', exact: true });
    await block.getByText('发票抬头错了，请打 138****8000', { exact: true }).waitFor();
    await block.getByText(zh ? '忙时模式' : 'in busy mode').waitFor();
    await block.getByRole('button', { name: /138\*\*\*\*8000/ }).click();
    await block.getByText('13800138000', { exact: true }).waitFor();
    if (options.viewport === desktop) await page.locator('.wb-row').getByText(/留言，回复期限/).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    await screenshot(page, `left-message-${name}`);
    await done();
  }
});

describe('in both languages, wide and narrow, light and dark', () => {
  before(() => product.api.put(`${base}/queue-settings`, { notices: true, leave: true }));
  const windows = [
    { name: 'zh-desktop', language: 'zh', viewport: desktop },
    { name: 'zh-phone', language: 'zh', viewport: phone },
    { name: 'en-desktop', language: 'en', viewport: desktop },
    { name: 'en-phone', language: 'en', viewport: phone },
    { name: 'zh-desktop-dark', language: 'zh', viewport: desktop, theme: 'dark' },
  ];
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, main, done } = await staff(settings(), options);
      await main.locator('.queue-preview dd').first().waitFor();
      await settled(page);
      assert.deepEqual(await accessibility(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      assert.deepEqual(await overFoot(page), []);
      const current = await page.locator('.subnav [aria-current]').boundingBox();
      assert.ok(current.x >= 0 && current.x + current.width <= page.viewportSize().width, 'the part that is shown is in sight among the parts');
      await screenshot(page, `queue-settings-${name}`);
      await done();
    });
  }
});
