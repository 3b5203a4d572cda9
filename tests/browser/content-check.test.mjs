// 内容检查: what is checked is set up, an agent whose text is stopped is told why, in words, and what to do about it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let checker;
before(async () => {
  checker = createServer((request, response) => response.writeHead(200).end(JSON.stringify({ verdict: 'review', reason: '提到竞品', words: ['甲店'] })));
  checker.listen(0, '127.0.0.1');
  await once(checker, 'listening');
  product = await startProduct({ serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { risky_words: ['返现'], review_words: ['优惠'] });
  await product.api.post(`${base}/words`, { word: '最低价', action: 'block' });
});
after(async () => {
  await browser?.close();
  await product?.stop();
  checker?.closeAllConnections();
  checker?.close();
});

const settings = () => `/m/${product.appid}/desk/settings/checks`;
const workbench = (id) => `/m/${product.appid}/desk/workbench/${id}`;
const stored = () => product.api.get(`${base}/content-check`);

async function staff(path, { role = 'admin', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    main: page.locator('main'),
    dialog: page.getByRole('dialog'),
    pending: page.locator('.wb-line', { has: page.locator('.bubble-pending') }),
    async says(text) {
      await page.locator('.composer textarea').fill(text);
      await page.locator('.composer textarea').press('Enter');
    },
    async done(but = []) {
      assert.deepEqual(
        window.problems.filter((one) => !but.some((words) => one.includes(words))),
        [],
      );
      await window.close();
    },
  };
}

// Somebody who wrote, with the agent.
async function served(nickname) {
  const one = await customer(product, nickname);
  await one.say('请问还有货吗');
  const { id } = await conversationOf(product, one.openid);
  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'busy' }); // nothing comes by itself
  await agent.post(`/conversations/${id}/take`);
  return { ...one, id };
}
const onPhone = async (one) => (await one.phone()).filter((bubble) => bubble.direction === 'out').map((bubble) => bubble.text?.content);

test('what is checked is set up and stays', async () => {
  const { page, main, done } = await staff(settings());
  await main.getByText('还没有检查服务').waitFor();
  await main.getByRole('switch', { name: '发送前由微信检查' }).click();
  const ofWeChat = main.getByRole('radiogroup', { name: '微信认为有风险时' });
  await ofWeChat.waitFor();
  const phrases = main.getByRole('combobox', { name: '不送检的词句' });
  await phrases.fill('示例商城');
  await phrases.press('Enter');
  await page.evaluate(() => document.activeElement.blur());
  await main.getByRole('button', { name: '保存', exact: true }).click();
  await until(async () => (await stored()).wechat.enabled, 'the settings');
  await page.reload();
  await ofWeChat.waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  const { words, wechat, leave_out } = await stored();
  assert.deepEqual([words, wechat, leave_out], ['block', { enabled: true, action: 'block', unanswered: 'open', inactive: 'open' }, ['示例商城']]);
  await done();
});

test('a risky text is stopped in the composer, says why, and is rewritten', async () => {
  const one = await served('钱小多');
  const { page, pending, says, done } = await staff(workbench(one.id), { role: 'agent' });
  await says('下单有返现');
  await pending.getByText('内容检查未通过').waitFor();
  await pending.getByText('微信内容安全：疑似违法犯罪 “返现”').waitFor();
  assert.equal(await pending.getByRole('button', { name: '仍要发送', exact: true }).count(), 0);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'content-check-stopped-zh');
  await pending.getByRole('button', { name: '修改后再发', exact: true }).click();
  await pending.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.composer textarea').inputValue(), '下单有返现');
  await says('下单有礼');
  await until(async () => (await onPhone(one)).includes('下单有礼'), 'the text on the phone');

  await says('全网最低价');
  await pending.getByText('含有禁止发送的词：“最低价”').waitFor();
  await pending.getByRole('button', { name: '放弃', exact: true }).click();
  await pending.waitFor({ state: 'detached' });
  assert.deepEqual(await onPhone(one), ['下单有礼']);
  await done(['422']);
});

test('a warning is confirmed, in English', async () => {
  const one = await served('Alex');
  const { page, pending, says, done } = await staff(workbench(one.id), { role: 'agent', language: 'en' });
  await says('有优惠');
  await pending.getByText('Stopped by the content check').waitFor();
  await pending.getByText('WeChat content security: looks like crime “优惠”').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'content-check-warned-en');
  await pending.getByRole('button', { name: 'Send anyway', exact: true }).click();
  await until(async () => (await onPhone(one)).includes('有优惠'), 'the text on the phone');
  const events = (await product.api.get(`/conversations/${one.id}/events`)).items;
  assert.ok(events.some((event) => event.kind === 'check_confirmed'));
  await done(['422']);
});

test('a checker is added, its secret is shown once, and it is tested', async () => {
  const { page, main, dialog, done } = await staff(settings());
  await main.getByRole('button', { name: '添加检查服务', exact: true }).click();
  await dialog.getByLabel('名称', { exact: true }).fill('风控');
  await dialog.getByLabel('地址', { exact: true }).fill(`http://127.0.0.1:${checker.address().port}/check`);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '保存', exact: true }).click();
  await dialog.getByText(/^chksec_/).waitFor();
  await settled(page);
  await dialog.getByRole('button', { name: '我已保存', exact: true }).click();
  await main.getByRole('button', { name: '测试 风控', exact: true }).click();
  await dialog.getByLabel('要检查的文字', { exact: true }).fill('甲店没有这个');
  await dialog.getByRole('button', { name: '检查', exact: true }).click();
  await dialog.getByText('提到竞品 · 甲店').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'content-check-test');
  await dialog.getByRole('button', { name: '关闭', exact: true }).first().click();
  await main.getByRole('switch', { name: '启用 风控' }).click();
  await until(async () => (await stored()).checkers[0].enabled === false, 'it to be switched off');
  await done();
});

test('agents are not shown what is for those who set it up', async () => {
  const { page, main, done } = await staff(settings(), { role: 'agent' });
  await main.getByRole('link', { name: '敏感词' }).waitFor();
  assert.equal(await main.getByRole('link', { name: '内容检查' }).count(), 0);
  await settled(page);
  await done();
});

describe('in both languages, wide and narrow, light and dark', () => {
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
      await page.locator('.checker-name').waitFor();
      await settled(page);
      assert.deepEqual(await accessibility(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      assert.deepEqual(await overFoot(page), []);
      await screenshot(page, `content-check-settings-${name}`);
      await done();
    });
  }
});
