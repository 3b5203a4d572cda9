// 数据接入 and 原始记录, as a developer uses them: a key is made, the snippet pasted, the first record seen; a record
// is found and looked at; the key is revoked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, launch, open, screenshot, settled, signIn } from './browser.mjs';
import { batch, send, sendSentry } from './telemetry_scene.mjs';

let product;
let browser;
before(async () => {
  product = await startProduct();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const intake = (rest = '') => `/m/${product.appid}/telemetry/intake${rest}`;
const records = (query = '') => `/m/${product.appid}/telemetry/records${query}`;
const keyOf = async () => (await product.api.get(`/miniprograms/${product.appid}/telemetry/keys`)).items[0];

async function developer(path, role = 'developer') {
  const window = await open(browser, product);
  await signIn(window, product.accounts[role], path);
  return window;
}

test('an analyst without a key is told whom to ask', async () => {
  const window = await developer(intake(), 'analyst');
  const { page } = window;
  await page.getByText('请让管理员或开发者新建一个').waitFor();
  assert.equal(await page.getByRole('button', { name: '新建密钥' }).count(), 0);
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('a key is made, the snippet is there, the first record shows by itself', async () => {
  const window = await developer(intake());
  const { page } = window;
  await page.getByText('还没有项目密钥').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await page.getByRole('button', { name: '新建密钥' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('名称').fill('正式版');
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '创建' }).click();

  const key = await until(keyOf, 'the key');
  await page.locator('pre', { hasText: key.key }).waitFor();
  await page.getByText('正在等待第一条记录…').waitFor();
  await page.getByRole('tab', { name: 'Sentry' }).click();
  await page.locator('pre', { hasText: key.sentry_dsn }).waitFor();
  await page.getByRole('tab', { name: '神策' }).click();
  await page.locator('pre', { hasText: key.sensors_url }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'telemetry-waiting');

  const now = Date.now();
  const answer = await send(
    key,
    batch('install-0001', 1, [
      { kind: 'event', name: 'PayOrder', t: now, page: 'pages/pay/index', props: { amount: 19.9, title: '桂花乌龙' } },
      { kind: 'event', name: 'ViewGoods', t: now, page: 'pages/goods/detail' },
      { kind: 'performance', name: 'noValue', t: now },
    ]),
  );
  assert.equal(answer.status, 200);
  assert.equal((await sendSentry(product, key, 'x is not defined')).status, 200);
  await page.getByText(/收到第一条记录，\d+ 秒前/).waitFor();
  await screenshot(page, 'telemetry-first-record');
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('what came is drawn by kind, what was lost is told in a sentence', async () => {
  const window = await developer(intake());
  const { page } = window;
  await page.locator('.chart-svg').waitFor();
  await page.locator('.chart-legend', { hasText: '错误' }).waitFor();
  await page.getByRole('cell', { name: '不合格式' }).waitFor();
  await page.getByText('性能记录没有数值').waitFor();
  await page.getByText(/1 \/ 4 条记录（25%）没有原样到达/).waitFor();
  await page.getByText('最近 7 天').click();
  await page.waitForURL('**range=7d**');
  await page.getByRole('button', { name: '表格' }).click();
  await page.locator('.chart-table').getByRole('rowheader').first().waitFor();
  assert.deepEqual(await accessibility(page), []);
  await page.locator('.chart-table').getByRole('button').first().click();
  await page.waitForURL('**/telemetry/records?**from=**');
  await page.locator('.records .ant-table-row').first().waitFor();
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('a record is found by its name, looked at, and its person followed', async () => {
  const window = await developer(records());
  const { page } = window;
  const rows = page.locator('.records .ant-table-row');
  await until(async () => (await rows.count()) === 2, 'both events');
  await page.getByRole('combobox', { name: '名称' }).fill('PayOrder');
  await page.getByRole('combobox', { name: '名称' }).press('Enter');
  await page.waitForURL('**name=PayOrder**');
  await until(async () => (await rows.count()) === 1, 'one event');
  await page.getByRole('button', { name: '查看 PayOrder 的详情' }).press('Enter');
  const sheet = page.getByRole('dialog');
  await sheet.getByText('"title": "桂花乌龙"').waitFor();
  await sheet.getByText('iPhone 15').waitFor();
  await page.waitForURL('**record=**');
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'telemetry-sheet');
  // The address holds the sheet, too.
  await page.reload();
  await sheet.getByText('"title": "桂花乌龙"').waitFor();
  const { items } = await product.api.get(`/miniprograms/${product.appid}/telemetry/records?name=PayOrder`);
  await sheet.getByRole('link', { name: items[0].person }).click();
  await page.waitForURL((url) => url.searchParams.get('person') === items[0].person && !url.searchParams.has('record'));
  await until(async () => (await rows.count()) === 2, 'all events of the person');
  await page.getByRole('button', { name: /去掉筛选：用户/ }).click();
  await page.waitForURL((url) => !url.searchParams.has('person'));
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('what is not there is said, and the way back is one press', async () => {
  const window = await developer(records('?kind=error&text=nothing-like-this&level=!warn'));
  const { page } = window;
  await page.getByText('没有符合条件的记录').waitFor();
  await page.locator('.chip', { hasText: '级别 不是: 警告' }).waitFor();
  assert.deepEqual(await accessibility(page), []);
  await page.getByRole('button', { name: '清除全部筛选' }).last().click();
  await page.locator('.records .ant-table-row', { hasText: 'x is not defined' }).waitFor();
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('settings: shortening what is kept names what is lost; an analyst only reads them', async () => {
  const window = await developer(intake('/settings'));
  const { page } = window;
  const save = page.getByRole('button', { name: '保存' });
  await save.waitFor();
  assert.equal(await save.isDisabled(), true);
  await page.getByLabel('日志保留天数').fill('7');
  await page.getByLabel('性能采样率（%）').fill('12.5');
  await page.getByText('有未保存的修改').waitFor();
  await save.click();
  await page.getByRole('dialog').getByText('7 天以前的日志记录会被删除').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  const path = `/miniprograms/${product.appid}/telemetry/settings`;
  await until(async () => (await product.api.get(path)).sample.performance === 0.125, 'the rate to be stored');
  assert.equal((await product.api.get(path)).keep_days.log, 7);
  await until(() => save.isDisabled(), 'nothing left to save');
  await window.close();

  const analyst = await developer(intake('/settings'), 'analyst');
  await analyst.page.getByText('您可以查看这些设置').waitFor();
  await until(() => analyst.page.getByLabel('日志保留天数').isDisabled(), 'the form to be read-only');
  assert.equal(await analyst.page.getByRole('button', { name: '保存' }).count(), 0);
  assert.deepEqual(await accessibility(analyst.page), []);
  await analyst.close();
});

test('a revoked key is refused', async () => {
  const key = await keyOf();
  const window = await developer(intake('/connect'));
  const { page } = window;
  await page.getByRole('button', { name: '吊销' }).click();
  await page.getByRole('dialog').getByText('使用它的客户端会立刻被拒绝').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '吊销' }).click();
  await page.getByRole('cell', { name: /已吊销/ }).waitFor();
  await until(async () => (await send(key, batch('install-0001', 2, [{ kind: 'event', name: 'Late', t: Date.now() }]))).status === 401, 'the batch to be refused');
  assert.deepEqual(window.problems, []);
  await window.close();
});
