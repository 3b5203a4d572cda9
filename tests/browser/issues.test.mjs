// 错误, as a developer uses it: an error that phones reported is found, understood through its source, assigned, resolved
// in a release, seen to come back, merged with another, and what was done is taken back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { choose, issueOf, issueSeen, meet, price, sourceMap, stock } from './quality_scene.mjs';

let product;
let browser;
let key;
before(async () => {
  product = await startProduct();
  browser = await launch();
  key = await product.api.post(`/miniprograms/${product.appid}/telemetry/keys`, { name: '正式版' });
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const issues = (rest = '') => `/m/${product.appid}/issues${rest}`;
const get = (rest) => product.api.get(`/miniprograms/${product.appid}/issues${rest}`);

async function developer(path, { role = 'developer', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    row: (text) => page.locator('.issues .ant-table-row', { hasText: text }),
    dialog: page.getByRole('dialog'),
    history: page.locator('.activity'),
    button: (name) => page.locator('main').getByRole('button', { name, exact: true }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('before the first error the page says so, and leads to the snippet', async () => {
  const { page, done } = await developer(issues());
  await page.getByText('没有未解决的问题').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await page.getByRole('link', { name: '查看接入代码' }).click();
  await page.waitForURL('**/telemetry/intake/connect');
  await done();
});

describe('a release went wrong', () => {
  let priceIssue;
  let stockIssue;
  before(async () => {
    for (const one of [1, 2, 3, 5]) await meet(key, one, '1.4.2', price);
    for (const one of [6, 7]) await meet(key, one, '1.4.2', stock);
    priceIssue = await issueSeen(product, price, 4);
    stockIssue = await issueSeen(product, stock, 2);
  });

  test('the error is found among others by keys, and says why its events are one', async () => {
    const { page, row, dialog, done } = await developer(issues());
    await row(price.text).waitFor();
    await row(stock.text).waitFor();
    await page.getByRole('textbox', { name: '标题、位置或编号' }).or(page.getByRole('searchbox', { name: '标题、位置或编号' })).fill('price');
    await page.keyboard.press('Enter');
    await page.waitForURL('**text=price**');
    await row(stock.text).waitFor({ state: 'detached' });
    assert.match(await row(price.text).textContent(), /1\.4\.2/);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await dialog.getByText('上一个、下一个').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/issues/${priceIssue.id}`);
    await page.getByRole('heading', { level: 1, name: /price/ }).waitFor();
    const why = page.locator('.panel', { hasText: '为什么归为一个问题' });
    await why.getByText('小程序自己的调用栈').waitFor();
    await why.getByText(/pages\/goods\/detail/).first().waitFor();
    await page.locator('.story-here', { hasText: price.text }).waitFor();
    await page.locator('.story-text', { hasText: 'pages/index/index' }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'issues-found');
    await done();
  });

  test('after its source map is uploaded, the stack is read in source', async () => {
    const { page, done } = await developer(issues(`/${priceIssue.id}`));
    await page.getByText('这个版本还没有上传 Source Map').waitFor();
    await page.locator('.frame', { hasText: 'pages/goods/detail.js:1:40' }).waitFor();
    await page.getByRole('link', { name: '检查 Source Map' }).click();
    await page.waitForURL('**/issues/source-maps?release=1.4.2');
    await page.getByText('没有上传任何 Source Map').waitFor();
    await page.getByRole('textbox', { name: '编译后的文件' }).fill('pages/goods/detail.js');
    await page.locator('input[type=file]').setInputFiles({ name: 'detail.js.map', mimeType: 'application/json', buffer: Buffer.from(sourceMap()) });
    await page.getByRole('cell', { name: 'pages/goods/detail.js', exact: true }).waitFor();
    await page.locator('.findings', { hasText: /对得上：\d+ \/ \d+ 个位置/ }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'issues-source-maps');
    await page.goto(product.url + issues(`/${priceIssue.id}`));
    await page.locator('.frame', { hasText: 'src/pages/goods/price.ts:42:17' }).waitFor();
    await page.locator('.frame-line-here', { hasText: 'return format(goods.items[0].price);' }).waitFor();
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'issues-in-source');
    await done();
  });

  test('it is assigned, said about, and resolved in the release; a newer one brings it back', async () => {
    const { page, row, dialog, history, button, done } = await developer(issues(`/${priceIssue.id}`));
    await page.getByRole('heading', { level: 1, name: /price/ }).waitFor();
    await page.keyboard.press('a');
    await page.getByRole('menuitem', { name: 'developer1' }).click();
    await history.getByText(/负责人.*developer1/).waitFor();
    await page.getByRole('textbox', { name: '写一条评论' }).fill('套餐商品没有 price，已经修好。');
    await button('发表').click();
    await history.getByText('套餐商品没有 price').waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('e');
    await dialog.getByText('如果之后在更新的版本里再次出现').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '标为已解决' }).click();
    await history.getByText(/修复版本.*1\.4\.2/).waitFor();
    const resolved = await get(`/${priceIssue.id}`);
    assert.equal(resolved.assignee.name, 'developer1');
    assert.equal(resolved.fixed_in, '1.4.2');
    await page.goto(product.url + issues());
    await row(stock.text).waitFor();
    assert.equal(await row(price.text).count(), 0);

    await meet(key, 11, '1.4.3', price);
    await until(async () => (await get(`/${priceIssue.id}`)).regressed_at !== null, 'the issue to have come back');
    await button('刷新').click();
    await row(price.text).getByText('复发').waitFor();
    await row(price.text).getByRole('link').click();
    await history.getByText(/复发于.*1\.4\.3/).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'issues-regressed');
    await done();
  });

  test('two are merged into one, and taken apart again', async () => {
    const { page, dialog, history, button, done } = await developer(issues(`/${priceIssue.id}`));
    await button('合并其他问题').click();
    const others = dialog.getByRole('combobox', { name: '搜索要并入的问题' });
    await others.fill('stock');
    await page.locator('.ant-select-item-option', { hasText: stock.text }).click();
    await dialog.getByText(stock.text).locator('visible=true').first().waitFor();
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '合并其他问题' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('由这些问题合并而来').waitFor();
    assert.equal((await get(`/${stockIssue.id}`)).id, priceIssue.id);
    const step = history.locator('li', { hasText: '合并' });
    await step.getByRole('button', { name: '撤销' }).click();
    await until(async () => (await get(`/${stockIssue.id}`)).id === stockIssue.id, 'the other to stand by itself again');
    await page.getByText('由这些问题合并而来').waitFor({ state: 'detached' });
    await done();
  });

  test('several are ignored at once, hidden, found again, and no longer ignored', async () => {
    const { page, row, dialog, button, done } = await developer(issues());
    await row(stock.text).waitFor();
    await row(stock.text).getByRole('checkbox').check();
    await page.getByText('已选 1 个问题').waitFor();
    await button('忽略').click();
    await dialog.getByText('再出现若干次之后').click();
    await dialog.getByRole('spinbutton', { name: '再出现若干次之后' }).fill('500');
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '忽略' }).click();
    await row(stock.text).waitFor({ state: 'detached' });
    assert.equal((await issueOf(product, stock.text)).ignored.until_count, 500);
    await choose(page, page.getByRole('search'), '忽略', '只看已忽略');
    await page.waitForURL('**ignored=only**');
    await row(stock.text).getByRole('link').click();
    await button('取消忽略').click();
    await until(async () => (await issueOf(product, stock.text)).ignored === null, 'the ignoring to end');
    await page.locator('.activity').getByText(/忽略.*再出现 500 次/).first().waitFor();
    await done();
  });

  test('releases: who was free of errors, and which of two is the newer', async () => {
    const { page, button, done } = await developer(issues('/releases'));
    const cells = page.locator('.ant-table-row');
    await cells.filter({ hasText: '1.4.2' }).waitFor();
    const order = async () => (await get('/releases')).items.map((one) => one.release);
    assert.deepEqual(await order(), ['1.4.3', '1.4.2']);
    assert.deepEqual(await accessibility(page), []);
    await button('把 1.4.2 排得更新').click();
    await until(async () => (await order())[0] === '1.4.2', 'the other order');
    await button('把 1.4.3 排得更新').click();
    await until(async () => (await order())[0] === '1.4.3', 'the first order');
    await done();
  });

  test('an analyst reads it all, and changes nothing', async () => {
    const { page, row, button, done } = await developer(issues(), { role: 'analyst' });
    await row(stock.text).waitFor();
    assert.equal(await page.getByRole('checkbox').count(), 0);
    await row(stock.text).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: /stock/ }).waitFor();
    await page.locator('.activity').getByText('首次发现').waitFor();
    for (const name of ['标为已解决', '指派', '合并其他问题', '发表', '撤销']) assert.equal(await button(name).count(), 0, name);
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
      const parts = { list: issues('?state=all'), none: issues('?text=nothing-like-this'), one: issues(`/${priceIssue.id}`), oldest: issues(`/${priceIssue.id}?event=oldest`), releases: issues('/releases'), maps: issues('/source-maps?release=1.4.2') };
      const { page, done } = await developer(issues(), options);
      for (const [part, path] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator('h1').waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `issues-${part}-${name}`);
      }
      await done();
    });
  }
});
