// 官方数据, pulled from the sandbox: beside ours on one chart, searched, switched, and what WeChat refuses is said.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { batchOf, drained, makeKey, postBatch } from '../harness/phones.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';

// At forty calls a minute, a first run takes its time.
const patience = 120_000;
const sections = ['', '/errors', '/logs', '/feedback', '/sync'];
let product;
let browser;
before(async () => {
  product = await startProduct({ official: true });
  browser = await launch();
  const key = await makeKey(product);
  await postBatch(key.batch_url, batchOf('official-phone', 1, [{ kind: 'performance', name: 'appLaunch', t: Date.now(), value: 812 }]));
  await until(() => drained(product), 'our own record');
  const rows = async (name) => (await product.api.get(`/miniprograms/${product.appid}/official`)).sources.find(({ source }) => source === name).rows;
  for (const name of ['performance', 'js_errors', 'logs', 'feedback']) await until(async () => (await rows(name)) > 0, `rows of ${name}`, patience);
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const official = (section = '') => `/m/${product.appid}/official${section}`;
async function visitor(path, { role = 'developer', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  return { ...window, page: window.page, done: async () => (assert.deepEqual(window.problems, []), window.close()) };
}

test('performance, errors, logs and feedback of WeChat are read where ours are', async () => {
  const { page, done } = await visitor(official());
  await page.getByText('启动总耗时：两个来源对比').waitFor();
  for (const name of [/微信官方 · 平均/, /MiniOps · 平均/]) await page.getByRole('button', { name }).waitFor();
  await page.getByText('下载耗时', { exact: true }).click();
  await page.getByRole('combobox', { name: '网络' }).waitFor();

  await page.getByRole('link', { name: 'JS 错误', exact: true }).click();
  await page.waitForURL('**/official/errors');
  await page.locator('.ant-table-row-expand-icon').first().click();
  await page.locator('.official-stack').first().waitFor();
  assert.match(await page.locator('.official-stack').first().textContent(), /\S/);

  await page.getByRole('link', { name: '实时日志', exact: true }).click();
  await page.waitForURL('**/official/logs');
  const tools = page.getByRole('search');
  await tools.getByText('错误', { exact: true }).click();
  await page.locator('.official-said-error').first().waitFor();
  await tools.getByRole('searchbox').fill('没有这样的日志');
  await tools.getByRole('searchbox').press('Enter');
  await page.getByText('没有找到实时日志').first().waitFor();

  await page.getByRole('link', { name: '用户反馈', exact: true }).click();
  await page.waitForURL('**/official/feedback');
  await page.locator('.official-said').first().waitFor();
  await done();
});

test('a source is switched off and on; what WeChat refuses is said with its code', async () => {
  const { page, done } = await visitor(official('/sync'), { role: 'admin' });
  const feedback = page.getByRole('switch', { name: '同步用户反馈' });
  await feedback.click();
  await until(async () => (await feedback.getAttribute('aria-checked')) === 'false', 'the switch off');
  assert.equal(await page.getByRole('button', { name: '立即同步用户反馈' }).isDisabled(), true);
  await feedback.click();
  await until(async () => (await feedback.getAttribute('aria-checked')) === 'true', 'the switch on');
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { unauthorized_apis: ['log/get_scene'] });
  await page.getByRole('button', { name: '立即同步场景' }).click();
  await page.getByText('errcode 48001').waitFor();
  await screenshot(page, 'official-refused');
  await product.sandbox.call('PATCH', `/sandbox/apps/${product.appid}`, { unauthorized_apis: [] });
  await page.getByRole('button', { name: '立即同步场景' }).click();
  await until(async () => (await page.getByText('errcode 48001').count()) === 0, 'it works again');
  await done();
});

const windows = [
  { name: 'zh-desktop', language: 'zh', viewport: desktop },
  { name: 'zh-phone', language: 'zh', viewport: phone },
  { name: 'en-desktop', language: 'en', viewport: desktop },
  { name: 'en-phone', language: 'en', viewport: phone },
  { name: 'zh-desktop-dark', language: 'zh', viewport: desktop, theme: 'dark' },
];
for (const { name, ...options } of windows) {
  test(`each part draws, without a complaint: ${name}`, async () => {
    const { page, done } = await visitor(official(), options);
    for (const section of sections) {
      await page.goto(product.url + official(section));
      await page.locator('h1').waitFor();
      await settled(page);
      assert.deepEqual(await accessibility(page), [], section);
      assert.equal(await page.locator('.state-red').count(), 0, `${section} shows an error`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${section} is ${wide} px too wide`);
      await screenshot(page, `official${section.replace('/', '-')}-${name}`);
    }
    await done();
  });
}
