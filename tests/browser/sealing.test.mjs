// Numbers of people at the desk: masked in the bubble, shown one at a time to who may, and the settings that say so; the
// privacy notice that a customer was shown.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let id;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const settings = () => `/m/${product.appid}/desk/settings/general`;
const workbench = () => `/m/${product.appid}/desk/workbench/${id}?view=all`;
const number = '13812345678';
const link = 'https://shop.example/privacy';

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const main = window.page.locator('main');
  return {
    ...window,
    main,
    button: (name) => main.getByRole('button', { name, exact: true }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('the privacy notice is set with its version; sealing is on from the start', async () => {
  const { page, main, button, done } = await staff(settings());
  const address = main.getByLabel('隐私政策链接', { exact: true });
  await address.waitFor();
  assert.equal(await main.getByRole('switch', { name: '消息中的手机号、证件号和银行卡号单独加密保存', exact: true }).getAttribute('aria-checked'), 'true');
  await address.fill(link);
  await button('保存').click();
  await main.getByText('链接和版本需要一起填写', { exact: true }).waitFor();
  await main.getByLabel('隐私政策版本', { exact: true }).fill('2026-11');
  await button('保存').click();
  await page.locator('.ant-message-notice').first().waitFor();
  const { privacy_link, privacy_version, seal_numbers } = await product.api.get(`${base}/desk-settings`);
  assert.deepEqual([privacy_link, privacy_version, seal_numbers], [link, '2026-11', true]);
  await done();
});

test('a number in a bubble is shown to who may, one at a time; a card has its buttons below', async () => {
  await product.api.post(`${base}/rules`, { name: '欢迎', kind: 'greeting', match: 'contains', patterns: [], replies: [{ msgtype: 'text', text: { content: '您好' } }], priority: 1, pause_s: 0, enabled: true });
  const one = await customer(product, '林小满');
  await one.say({ event: 'user_enter_tempsession', session_from: 'pages/a' });
  await one.say(`请打 ${number} 或 13987654321，网址 https://a.example/x`);
  ({ id } = await conversationOf(product, one.openid));
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname: '林小满' });
  await product.api.post(`/conversations/${id}/messages`, { msgtype: 'link', link: { title: '联系', description: `电话 ${number}`, url: 'https://a.example/c', thumb_url: 'https://a.example/t.png' } });
  await until(async () => (await product.api.get(`${base}/customers/${one.openid}`)).privacy_notices.some((notice) => notice.state === 'shown'), 'the greeting to be accepted');

  const { page, button, done } = await staff(workbench());
  const asked = page.locator('.bubble-in', { hasText: '请打' });
  await asked.getByRole('button', { name: '138****5678 显示', exact: true }).click();
  await asked.locator('.bubble-shown', { hasText: number }).waitFor();
  await button('139****4321 显示').waitFor();
  await asked.getByRole('link', { name: 'https://a.example/x', exact: true }).waitFor();
  const card = page.locator('.bubble-out', { hasText: '联系' });
  await card.getByRole('button', { name: '138****5678 显示', exact: true }).click();
  await card.locator('.bubble-shown', { hasText: number }).waitFor();
  const audit = (await product.api.get(`${base}/audit?limit=100`)).items.filter((entry) => entry.action === 'desk.message.reveal');
  assert.equal(audit.length, 2);
  // Nothing keeps it.
  await page.reload();
  await button('138****5678 显示').first().waitFor();
  assert.equal(await page.locator('.bubble-shown').count(), 0);
  const pane = page.locator('.wb-customer');
  await pane.getByRole('link', { name: '版本 2026-11', exact: true }).waitFor();
  assert.match(await pane.getByRole('list', { name: '隐私政策', exact: true }).innerText(), /已展示/);
  await done();
});

test('who may not see it has no button', async () => {
  const { page, done } = await staff(workbench(), { role: 'agent' });
  const asked = page.locator('.bubble-in', { hasText: '138****5678' });
  await asked.waitFor();
  await settled(page);
  assert.equal(await asked.getByRole('button').count(), 0);
  await done();
});

describe('each part draws, without a complaint', () => {
  const windows = [
    { name: 'zh-desktop', language: 'zh', viewport: desktop },
    { name: 'zh-phone', language: 'zh', viewport: phone },
    { name: 'en-desktop', language: 'en', viewport: desktop },
    { name: 'en-phone', language: 'en', viewport: phone },
    { name: 'zh-desktop-dark', language: 'zh', viewport: desktop, theme: 'dark' },
  ];
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(settings(), options);
      const parts = { settings: ['#privacy_version', settings()], bubbles: ['.bubble-hidden', workbench()] };
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(tooWide <= 0, `${part} is ${tooWide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `sealing-${part}-${name}`);
      }
      await done();
    });
  }
});
