// 日志, as a developer uses it: the first line arrives, a failure is searched, narrowed, looked at with what stands around
// it, saved, exported, and watched live.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn, still } from './browser.mjs';
import { burst, linesOf, projectKey, report, shopLogs } from './logs_scene.mjs';

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

const logs = (rest = '') => `/m/${product.appid}/logs${rest}`;
const look = (query, more = {}) => logs(`?${new URLSearchParams({ query, ...more })}`);

async function developer(path, options) {
  const window = await open(browser, product, options);
  await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(window, product.accounts.developer, path);
  const { page } = window;
  return {
    ...window,
    rows: page.locator('.log-line'),
    box: page.getByRole('textbox', { name: '查询语句' }),
    count: (text) => page.locator('.log-line', { hasText: text }).count(),
    // Nothing that the browser complains about, and gone.
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('before the first line the page says how to send one, and shows it when it comes', async () => {
  const key = await projectKey(product);
  const { page, rows, done } = await developer(logs());
  await page.locator('pre', { hasText: key.key }).waitFor();
  await page.getByText('正在等待第一条日志…').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'logs-waiting');
  await report(key, 'install-0001', 1, [{ kind: 'log', t: Date.now(), page: 'pages/index/index', level: 'info', text: '小程序启动完成' }]);
  await rows.filter({ hasText: '小程序启动完成' }).waitFor();
  await page.getByText('收到第一条日志').waitFor();
  await done();
});

describe('an evening in a shop', () => {
  let scene;
  before(async () => {
    scene = await shopLogs(product);
  });

  test('a query is typed with help, and finds what it means', async () => {
    const { page, rows, box, done } = await developer(logs());
    await rows.first().waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('/');
    await page.keyboard.type('支付失败 lev');
    const offers = page.getByRole('listbox', { name: '可以填入的内容' });
    await offers.getByRole('option', { name: /^level/ }).first().waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(async () => (await box.inputValue()) === '支付失败 level:', 'the field to be put in');
    await page.keyboard.type('error');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('query') === '支付失败 level:error');
    await until(async () => (await rows.count()) > 0 && (await rows.filter({ hasText: '支付失败' }).count()) === (await rows.count()), 'only failures');
    assert.equal(await page.locator('.log-line mark').first().textContent(), '支付失败');
    await page.getByText(`已列出 ${burst.lines} 条`).waitFor();
    await done();
  });

  test('a query that cannot be read is underlined where it is wrong, and mended with one press', async () => {
    const { page, rows, done } = await developer(look('支付失败 (level:error'));
    await page.getByText(/第 6 个字符：括号没有闭合/).waitFor();
    assert.equal(await page.locator('.query-under u').textContent(), '(');
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-wrong-query');
    await page.getByRole('button', { name: /改为/ }).click();
    await page.waitForURL((url) => url.searchParams.get('query') === '支付失败 (level:error)');
    await rows.first().waitFor();
    await done();
  });

  test('level and source narrow, and one press takes it back when nothing is left', async () => {
    const { page, rows, done } = await developer(logs('?range=24h'));
    await rows.first().waitFor();
    await page.locator('.log-levels').getByText('错误 +').click();
    await page.waitForURL('**level=error**');
    await until(async () => (await rows.filter({ hasText: '支付失败' }).count()) === (await rows.count()) && (await rows.count()) > 0, 'only errors');
    await page.locator('.log-levels').getByText('致命').click();
    await page.getByText('没有符合条件的日志').waitFor();
    await page.getByRole('button', { name: '清除查询条件' }).click();
    await page.waitForURL((url) => !url.searchParams.has('level'));
    await rows.first().waitFor();
    await done();
  });

  test('the histogram shows the burst by level; dragging over it zooms in, and the way back leads out', async () => {
    const { page, rows, done } = await developer(logs('?range=24h'));
    await rows.first().waitFor();
    const plot = page.locator('.chart-svg');
    await page.locator('.chart-legend', { hasText: `错误 ${burst.lines}` }).waitFor();
    await settled(page);
    const box = await plot.boundingBox();
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.9, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 12, y, { steps: 5 });
    await screenshot(page, 'logs-brush');
    await page.mouse.up();
    await page.waitForURL((url) => url.searchParams.has('from') && url.searchParams.has('to'));
    const search = new URL(page.url()).searchParams;
    const span = Number(search.get('to')) - Number(search.get('from'));
    assert.ok(span > 0 && span < 6 * 3_600_000, `zoomed to ${span} ms`);
    await rows.first().waitFor();
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('from'));
    // A week is counted in parts, the newest first, and nothing is lost between them.
    await page.goto(product.url + logs('?range=7d'));
    await page.locator('.chart-legend', { hasText: `错误 ${burst.lines}` }).waitFor();
    await page.goBack();
    await rows.first().waitFor();
    // The same by keyboard: the table's rows zoom, too.
    await page.getByRole('button', { name: '表格' }).click();
    const first = page.locator('.chart-table').getByRole('rowheader').first().getByRole('button');
    await first.waitFor();
    assert.deepEqual(await accessibility(page), []);
    await first.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('from'));
    await done();
  });

  test('a line is unfolded by keys; its values narrow the query or are left out; it is copied', async () => {
    const { page, rows, done } = await developer(look('支付失败'));
    await rows.first().waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.locator('.log-line.log-current').first().waitFor();
    await page.keyboard.press('Enter');
    const detail = page.locator('.log-detail');
    await detail.getByText('wxpay').or(detail.getByText('card')).first().waitFor();
    await page.waitForURL('**open=**');
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-detail');
    await detail.getByRole('button', { name: '复制 JSON' }).click();
    await page.getByText('已复制').waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.match(copied.text, /支付失败/);
    // The address holds what is open.
    await page.reload();
    await detail.waitFor();
    await detail.getByRole('button', { name: '加入查询：properties.channel:card' }).or(detail.getByRole('button', { name: '加入查询：properties.channel:wxpay' })).last().click();
    await page.waitForURL((url) => /^支付失败 properties\.channel:/.test(url.searchParams.get('query')));
    await page.getByText(`已列出 ${burst.lines / 2} 条`).waitFor();
    await rows.first().click();
    await detail.getByRole('button', { name: /^排除：properties\.channel:/ }).click();
    await page.waitForURL((url) => /^支付失败 -properties\.channel:/.test(url.searchParams.get('query')));
    await page.getByText(`已列出 ${burst.lines / 2} 条`).waitFor();
    await done();
  });

  test('what stands before and after a line, and what else has its trace', async () => {
    const { page, rows, done } = await developer(look('SPRING_7713'));
    await rows.first().waitFor();
    assert.equal(await rows.count(), 1);
    await rows.first().click();
    await page.getByRole('button', { name: '前后文' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.locator('li[aria-current]', { hasText: 'SPRING_7713' }).waitFor();
    const texts = await sheet.locator('.log-context-text').allTextContents();
    assert.deepEqual(texts, ['打开首页', '搜索 桂花乌龙', '打开商品 42', '加入购物车', '优惠券 SPRING_7713 校验未通过', '重新选择优惠券', '提交订单', '支付成功']);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-context');
    await sheet.getByText('整个小程序').click();
    await page.waitForURL('**within=miniprogram**');
    await until(async () => (await sheet.locator('.log-context-text').count()) > texts.length, 'the lines of others');
    // A link shows a colleague the same.
    await page.reload();
    await sheet.locator('li[aria-current]', { hasText: 'SPRING_7713' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('context'));
    const trace = page.locator('.log-jumps li', { hasText: '同一追踪号' });
    await trace.getByRole('link', { name: '性能 1' }).waitFor();
    await trace.getByRole('link', { name: '错误 1' }).click();
    await page.waitForURL('**/telemetry/records?**trace=coupon-check**');
    await page.locator('.records .ant-table-row', { hasText: "Cannot read property 'price'" }).waitFor();
    await done();
  });

  test('fields: how values are spread, and over time', async () => {
    const { page, rows, done } = await developer(look('支付失败'));
    await rows.first().waitFor();
    await page.getByRole('button', { name: '字段统计' }).click();
    await page.waitForURL('**fields=1**');
    const panel = page.getByRole('complementary', { name: '字段统计' });
    await panel.getByRole('button', { name: '“标签”的分布' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.locator('.log-share-name', { hasText: 'pay' }).waitFor();
    await sheet.locator('.chart-svg').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-field');
    await page.keyboard.press('Escape');
    await panel.locator('.log-share', { hasText: 'pages/pay/index' }).click();
    await page.waitForURL((url) => url.searchParams.get('query')?.includes('page:'));
    await page.getByText(`已列出 ${burst.lines} 条`).waitFor();
    await done();
  });

  test('templates: what lines have in common leads to its lines', async () => {
    const { page, rows, done } = await developer(logs('/templates'));
    const failure = page.locator('.log-template', { hasText: '支付失败' });
    await failure.waitFor();
    await page.locator('.log-template', { hasText: '下单接口返回' }).first().waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-templates');
    await failure.click();
    await page.waitForURL((url) => /template:\d+/.test(url.searchParams.get('query') ?? ''));
    await page.getByText(`已列出 ${burst.lines} 条`).waitFor();
    assert.equal(await rows.filter({ hasText: '支付失败' }).count(), await rows.count());
    await done();
  });

  test('a query is saved, found by a colleague, renamed, and deleted when nobody takes it back', async () => {
    const saved = async () => (await product.api.get(`/miniprograms/${product.appid}/logs/queries`)).items.map((one) => one.name);
    const { page, rows, done } = await developer(look('支付失败 level:error'));
    await rows.first().waitFor();
    await page.getByRole('button', { name: '查询模板' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('还没有保存的查询').waitFor();
    await sheet.getByLabel('模板名称').fill('支付失败');
    await sheet.getByRole('button', { name: '保存当前查询' }).click();
    await until(async () => (await saved()).includes('支付失败'), 'the query to be saved');
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-saved');

    const colleague = await developer(logs(), { language: 'zh' });
    await colleague.page.getByRole('button', { name: '查询模板' }).click();
    await colleague.page.getByRole('dialog').getByRole('button', { name: /^支付失败/ }).click();
    await colleague.page.waitForURL((url) => url.searchParams.get('query') === '支付失败 level:error');
    await colleague.rows.first().waitFor();
    await colleague.done();

    await sheet.getByRole('button', { name: '重命名“支付失败”' }).click();
    const name = sheet.locator('.log-saved').getByLabel('模板名称');
    await name.fill('余额不足');
    await name.press('Enter');
    await until(async () => (await saved()).includes('余额不足'), 'the new name');
    await sheet.getByRole('button', { name: '删除“余额不足”' }).click();
    await page.getByRole('button', { name: '撤销' }).click();
    await sheet.getByRole('button', { name: '删除“余额不足”' }).waitFor();
    assert.deepEqual(await saved(), ['余额不足']);
    await sheet.getByRole('button', { name: '删除“余额不足”' }).click();
    await until(async () => (await saved()).length === 0, 'the query to be deleted', 15_000);
    await done();
  });

  test('an export runs in the background and is downloaded', async () => {
    const { page, rows, done } = await developer(look('支付失败'));
    await rows.first().waitFor();
    await page.getByRole('button', { name: '导出', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`约 ${burst.lines} 条`).waitFor();
    await dialog.getByText('JSONL（每行一个 JSON）').click();
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '开始导出' }).click();
    await page.waitForURL('**/logs/exports**');
    const download = page.getByRole('button', { name: '下载', exact: true });
    await download.waitFor();
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-exports');
    const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
    assert.match(file.suggestedFilename(), /^logs-\d{4}-\d\d-\d\d-\d+\.jsonl$/);
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.length, burst.lines);
    for (const { text } of lines) assert.match(text, /支付失败/);
    await page.getByRole('button', { name: '删除导出' }).click();
    await page.getByRole('dialog').waitFor();
    await still(page); // a button that is clicked while its dialog grows may miss the click
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
    await page.getByText('最近 24 小时没有导出').waitFor();
    await done();
  });

  test('live: new lines come above, wait while somebody reads, and are counted', async () => {
    const { page, rows, count, done } = await developer(logs());
    await rows.first().waitFor();
    await page.getByRole('button', { name: '实时刷新' }).click();
    await page.waitForURL('**tail=1**');
    const tell = (number, text) => report(scene.key, 'install-2001', number, Array.from({ length: 5 }, (_, n) => ({ kind: 'log', t: Date.now(), page: 'pages/index/index', level: 'info', text: `${text} ${n}` })));
    await tell(1, '直播间开播');
    await until(async () => (await count('直播间开播')) === 5, 'the new lines');
    await page.getByText('正在实时刷新，新到 5 条').waitFor();
    await page.locator('.log-list').evaluate((list) => list.scrollTo({ top: 600 }));
    await page.getByText('已暂停').waitFor();
    await tell(2, '直播间下播');
    const show = page.getByRole('button', { name: '显示 5 条新日志' });
    await show.waitFor();
    assert.equal(await count('直播间下播'), 0);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'logs-live');
    await show.click();
    await until(async () => (await count('直播间下播')) === 5, 'the lines that waited');
    await done();
  });

  test('columns are chosen and remembered; ? shows the keys', async () => {
    const { page, rows, done } = await developer(look('支付失败'));
    await rows.first().waitFor();
    await page.getByRole('button', { name: '显示的列' }).click();
    await page.getByRole('checkbox', { name: '追踪号' }).click();
    await page.getByRole('columnheader', { name: '追踪号' }).waitFor();
    await page.waitForURL((url) => url.searchParams.get('columns')?.split(',').includes('trace'));
    await page.goto(product.url + look('支付失败'));
    await page.getByRole('columnheader', { name: '追踪号' }).waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('写查询语句').waitFor();
    assert.deepEqual(await accessibility(page), []);
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
      const failure = (await linesOf(product, 'SPRING_7713'))[0].id;
      const parts = { lines: logs(), detail: look('SPRING_7713', { open: failure }), 'context-sheet': look('SPRING_7713', { context: failure }), week: logs('?range=7d&wrap=1'), templates: logs('/templates'), exports: logs('/exports') };
      const { page, done } = await developer(logs(), options);
      for (const [part, path] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator('h1').waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `logs-${part}-${name}`);
      }
      await done();
    });
  }
});
