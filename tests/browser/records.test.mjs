// 会话记录, as those use it who answer for what was said: it is found and read, handed out as a file, kept by law, and deleted
// with a receipt.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn, still } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let api;
let refund;
let invoice;
before(async () => {
  product = await startProduct();
  browser = await launch();
  api = `/miniprograms/${product.appid}/records`;
  [refund, invoice] = [await told('林小满', ['想退款怎么办', '订单号 20261120-0837']), await told('陈思远', ['=1+1 可以开发票吗'])];
  await until(async () => (await foundNow('退款')).length === 1 && (await foundNow('发票')).length === 1, 'what was said to be found');
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

// Somebody writes, is named, and their conversation is closed.
async function told(nickname, lines) {
  const one = await customer(product, nickname);
  for (const line of lines) await one.say(line);
  const { id } = await conversationOf(product, one.openid);
  await until(async () => (await product.api.get(`/conversations/${id}/messages`)).items.length >= lines.length, 'what was said');
  await product.api.patch(`/miniprograms/${product.appid}/customers/${one.openid}`, { nickname });
  await product.api.post(`/conversations/${id}/close`, { reason: '已解决' });
  return { ...one, id };
}

const foundNow = async (text) => (await product.api.get(`${api}?${new URLSearchParams({ text })}`)).items;
const records = (rest = '') => `/m/${product.appid}/desk/records${rest}`;
const query = (part) => `?${new URLSearchParams(part)}`;

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  const main = page.locator('main');
  return {
    ...window,
    main,
    dialog: page.getByRole('dialog'),
    hits: page.locator('.rec-hit'),
    said: page.locator('.rec-said'),
    button: (name) => main.getByRole('button', { name, exact: true }),
    row: (table, text) => page.locator(`.rec-${table} .ant-table-row`, { hasText: text }),
    notice: (text) => page.locator('.ant-message-notice', { hasText: text }).first().waitFor(),
    // but: what the browser also says when the server refuses
    async done(but = []) {
      assert.deepEqual(
        window.problems.filter((one) => !but.some((words) => one.includes(words))),
        [],
      );
      await window.close();
    },
  };
}

test('what was said is found by a word, narrowed, and read beside; the address holds it all', async () => {
  const { page, main, hits, said, done } = await staff(records());
  await hits.nth(1).waitFor();
  const words = main.getByLabel('消息内容', { exact: true });
  await words.fill('退款');
  await words.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === '退款');
  await hits.locator('mark', { hasText: '退款' }).waitFor();
  assert.equal(await hits.count(), 1);
  await hits.first().click();
  await page.waitForURL((url) => url.searchParams.get('open') === refund.id);
  await said.filter({ hasText: '订单号 20261120-0837' }).waitFor();
  await page.locator('.rec-said[aria-current]', { hasText: '想退款怎么办' }).waitFor();
  await page.reload();
  await said.filter({ hasText: '想退款怎么办' }).waitFor();

  await main.getByRole('button', { name: '去掉筛选：消息内容：退款', exact: true }).click();
  await page.waitForURL((url) => !url.searchParams.has('q') && !url.searchParams.has('open'));
  const who = main.getByLabel('客户', { exact: true });
  await who.fill(invoice.openid);
  await who.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('customer') === invoice.openid);
  await until(async () => (await hits.allTextContents()).every((text) => text.includes('陈思远')) && (await hits.count()) === 1, 'one customer only');
  await choose(page, main, '评分', '5 分');
  await main.getByText('没有找到', { exact: true }).waitFor();
  await done();
});

test('what is searched for is exported in the background, downloaded, and removed', async () => {
  const { page, main, dialog, button, row, done } = await staff(records(query({ customer: invoice.openid })));
  await button('导出结果').click();
  await dialog.getByText(`客户：${invoice.openid}`).waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'records-export');
  await still(page);
  await dialog.getByRole('button', { name: '开始导出', exact: true }).click();
  await page.waitForURL('**/desk/records/exports**');
  const line = row('exports', invoice.openid);
  await line.getByText('已完成').waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), line.getByRole('button', { name: '下载', exact: true }).click()]);
  const text = readFileSync(await file.path(), 'utf8');
  assert.match(text, /^\ufeffconversation_id,/);
  assert.match(text, /"'=1\+1 可以开发票吗"/, 'no formula');
  assert.ok(!text.includes('退款'));
  await button('删除导出').click();
  await still(page);
  await dialog.getByRole('button', { name: /删 ?除/ }).last().click();
  await main.getByText('没有导出任务').waitFor();
  await done();
});

test('a hold keeps a customer until it is released; then their data go, and a receipt says so', async () => {
  const { page, main, dialog, button, row, notice, hits, done } = await staff(records('/settings'));
  await button('法律保全').click();
  await dialog.getByLabel('客户的 OpenID').fill(refund.openid);
  await dialog.getByLabel('原因').fill('（2026）京 01 民初 1 号');
  await still(page);
  await dialog.getByRole('button', { name: '开始保全', exact: true }).click();
  await row('holds', refund.openid).getByText('保全中').waitFor();

  await page.goto(product.url + records(`/persons${query({ openid: refund.openid })}`));
  await button('删除此人数据').click();
  await dialog.getByLabel('原因').fill('本人要求');
  await screenshot(page, 'records-erase');
  await still(page);
  await dialog.getByRole('button', { name: '删除此人数据', exact: true }).click();
  await notice('在法律保全中');
  await still(page);
  await dialog.getByRole('button', { name: /取 ?消/ }).click();

  await page.goto(product.url + records('/settings'));
  await row('holds', refund.openid).getByRole('button', { name: '解除保全', exact: true }).click();
  await dialog.getByLabel('原因').fill('结案');
  await still(page);
  await dialog.getByRole('button', { name: '解除保全', exact: true }).click();
  await main.getByText('没有法律保全').waitFor();
  await main.getByRole('switch', { name: '包括已解除的' }).click();
  await row('holds', '结案').waitFor();

  await page.goto(product.url + records(`/persons${query({ openid: refund.openid })}`));
  await button('删除此人数据').click();
  await dialog.getByLabel('原因').fill('本人要求');
  await still(page);
  await dialog.getByRole('button', { name: '删除此人数据', exact: true }).click();
  const line = row('erasures', '本人要求').first();
  await line.getByText('已完成').waitFor();
  await line.getByRole('button', { name: '查看回执', exact: true }).click();
  await dialog.getByText('消息内容').waitFor();
  await dialog.getByText('推送日志').waitFor();
  await dialog.getByText('备份', { exact: true }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'records-receipt');

  await page.goto(product.url + records(query({ q: '退款' })));
  await main.getByText('没有找到', { exact: true }).waitFor();
  assert.equal(await hits.count(), 0);
  await done(['status of 409']);
});

test('how long things are kept is set once they are sure', async () => {
  const { page, main, dialog, button, notice, done } = await staff(records('/settings'));
  for (const name of ['消息内容', '图片等媒体']) await main.getByRole('radiogroup', { name }).getByText('保留一段时间').click();
  await main.getByLabel('图片等媒体保留天数').fill('365');
  await main.getByText('媒体的保留时间不能长于消息内容。').waitFor();
  await main.getByLabel('图片等媒体保留天数').fill('90');
  await button('保存').click();
  await still(page);
  await dialog.getByRole('button', { name: '缩短并删除', exact: true }).click();
  await notice('已保存');
  const { messages_days, media_days } = await product.api.get(`${api}/retention`);
  assert.deepEqual([messages_days, media_days], [180, 90]);
  await done();
});

test('an agent finds and reads, masked, and is offered nothing more', async () => {
  await told('小鹿', ['我的手机是 13812345678']);
  await until(async () => (await foundNow('手机')).length === 1, 'what was said to be found');
  const { main, hits, said, done } = await staff(records(query({ q: '手机' })), { role: 'agent' });
  await hits.filter({ hasText: '138****5678' }).click();
  await said.filter({ hasText: '138****5678' }).waitFor();
  assert.equal(await main.getByRole('link', { name: '保留与保全' }).count(), 0);
  assert.equal(await main.getByRole('button', { name: '导出结果' }).count(), 0);
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
  let parts;
  before(async () => {
    await product.api.post(`${api}/exports`, { format: 'jsonl', text: '发票', customer: invoice.openid });
    await until(async () => (await product.api.get(`${api}/exports`)).items.every((one) => one.state === 'done'), 'the export');
    await product.api.post(`${api}/holds`, { kind: 'conversation', conversation_id: invoice.id, reason: '一个特别特别长的原因，长到在手机上放不下，只好换行，还要再长一些' });
    parts = {
      search: ['.rec-hit', records()],
      reading: ['.rec-said', records(query({ q: '发票', open: invoice.id, seq: '1' }))],
      none: ['.state', records(query({ q: '没有人说过', tag: '催办', customer_tag: 'VIP', from: '2026-01-01' }))],
      exports: ['.rec-exports .ant-table-row', records('/exports')],
      persons: ['.rec-erasures .ant-table-row', records('/persons')],
      settings: ['.rec-holds .ant-table-row', records('/settings')],
    };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(records(), options);
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(tooWide <= 0, `${part} is ${tooWide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `records-${part}-${name}`);
      }
      await done();
    });
  }
});
