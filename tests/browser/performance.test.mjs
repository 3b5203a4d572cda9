// 性能, as a developer uses it: the first record comes, a metric that became worse is seen, found where it is slow, held
// against the release before, followed into one page load, and advice is read.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { projectKey } from './logs_scene.mjs';
import { ask, known, twoReleases } from './performance_scene.mjs';
import { choose } from './quality_scene.mjs';
import { batch, send } from './telemetry_scene.mjs';

let product;
let browser;
let key;
before(async () => {
  product = await startProduct();
  browser = await launch();
  key = await projectKey(product);
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const performance = (rest = '') => `/m/${product.appid}/performance${rest}`;

async function developer(path, { role = 'developer', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    card: (name) => page.getByRole('radio', { name: new RegExp(`^${name}`) }),
    panel: (text) => page.locator('.panel', { hasText: text }),
    dialog: page.getByRole('dialog'),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

// "2.6 s", "400 ms" → milliseconds. What the server tells is within 1 %, and the words are rounded.
function msOf(text) {
  const [, number, unit] = text.match(/([\d.]+) (ms|s)/) ?? assert.fail(`no duration in "${text}"`);
  return Number(number) * (unit === 's' ? 1000 : 1);
}
const assertNear = (text, ms) => assert.ok(Math.abs(msOf(text) - ms) <= ms * 0.015, `${text} is not about ${ms} ms`);

test('before the first record the page says how to send one, and shows it when it comes', async () => {
  const { page, card, done } = await developer(performance());
  await page.locator('pre', { hasText: key.key }).waitFor();
  await page.getByText('正在等待第一条性能数据…').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'performance-waiting');
  // Of no metric that is looked at below, and of the older release: which is newer is known by which came first.
  const answer = await send(key, batch('install-first', 4, [{ kind: 'performance', name: 'lcp', t: Date.now(), page: 'pages/index/index', value: 900 }]));
  assert.equal(answer.status, 200);
  await page.getByText('收到第一条性能数据').first().waitFor();
  await card('启动').waitFor();
  assert.match(await card('启动').textContent(), /没有数据/);
  await done();
});

describe('two releases', () => {
  before(() => twoReleases(product, key));

  test('a metric says how fast it is, whether that is better than before, and what it is made of', async () => {
    const { page, card, panel, done } = await developer(performance());
    const startup = card('启动');
    await startup.getByText(/快了/).waitFor();
    assertNear(await startup.locator('.perf-card-value').textContent(), known.startupP75);
    // Up to 2 s is good: 21 of the older phones; none is poor.
    const { shares } = (await ask(product, 'overview')).metrics.find((one) => one.metric === 'startup');
    assert.ok(Math.abs(shares.good - 21 / known.phones) < 0.03, `${shares.good}`);
    assert.match(await startup.textContent(), /好 2\d(\.\d)?%.*差 0%/);
    await panel('启动由哪些阶段组成').getByRole('row', { name: /代码包下载/ }).waitFor();
    await panel('启动趋势').locator('svg.chart-svg').waitFor();
    await panel('启动分布').locator('svg.chart-svg').getByText(/^p95/).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'performance-overview');

    await startup.press('ArrowRight');
    await page.waitForURL('**metric=page_switch**');
    await page.getByText('页面切换趋势').waitFor();
    assert.equal(await card('页面切换').evaluate((one) => one === document.activeElement), true);
    assert.equal(await page.getByText('启动由哪些阶段组成').count(), 0);
    await done();
  });

  test('lines by release; the place is narrowed by a press, and by the filters', async () => {
    const { page, card, panel, done } = await developer(performance());
    await card('启动').waitFor();
    await choose(page, page.locator('main'), '分组', '按版本');
    await page.waitForURL('**by=release**');
    const legend = page.locator('.chart-legend');
    for (const { release } of [known.older, known.newer]) await legend.getByRole('button', { name: release }).waitFor();
    await page.getByText('天', { exact: true }).click();
    await page.waitForURL('**interval=day**');

    await choose(page, panel('慢在哪里'), '按什么看', '版本');
    await panel('慢在哪里').getByRole('button', { name: known.older.release, exact: true }).click();
    await page.waitForURL(`**release=${known.older.release}**`);
    await page.locator('.chip', { hasText: `版本: ${known.older.release}` }).waitFor();
    await until(async () => Math.abs(msOf(await card('启动').locator('.perf-card-value').textContent()) - known.older.p75) < 32, 'the older release alone');
    await page.getByRole('button', { name: `去掉筛选：版本: ${known.older.release}` }).click();
    await page.waitForURL((url) => !url.searchParams.has('release'));

    await choose(page, page.getByRole('search'), '网络', '4g');
    await page.waitForURL('**network=4g**');
    await page.locator('.chip', { hasText: '网络: 4g' }).waitFor();
    const asked = await ask(product, 'overview', { network: '4g' });
    assert.equal(asked.metrics.find((one) => one.metric === 'startup').count, known.phones / 2);
    await page.getByRole('button', { name: '清除全部筛选' }).click();
    await page.waitForURL((url) => !url.searchParams.has('network'));
    await done();
  });

  test('slow requests: which address, on what its time goes, how often it fails', async () => {
    const { page, card, panel, done } = await developer(performance('/requests'));
    const row = panel('哪些接口让用户等').locator('.ant-table-row', { hasText: known.urls.search });
    await row.waitFor();
    const cells = await row.locator('td').allTextContents();
    assertNear(cells[1], known.requestP75);
    // 20 of the visits' 80, and the one that was recorded entry by entry.
    assert.ok(cells.includes('25.9%'), cells.join(' | '));
    assert.match(cells.join(' | '), /DNS 0 ms · 建连 0 ms · 首字节 1\.8\d? s · 下载 20 ms/);
    await panel('状态码').getByRole('cell', { name: '500', exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await row.getByRole('button').click();
    await page.waitForURL('**/performance?**metric=request**');
    await page.locator('.chip', { hasText: known.urls.search }).waitFor();
    await until(async () => Math.abs(msOf(await card('网络请求').locator('.perf-card-value').textContent()) - known.requestP75) < 28, 'that address alone');
    await done();
  });

  test('two releases are held against each other: slower, and how sure that is', async () => {
    const { page, panel, done } = await developer(performance());
    await page.getByRole('link', { name: '对比', exact: true }).click();
    await page.waitForURL('**/performance/compare**');
    await page.getByText('两个版本').click();
    await page.waitForURL('**against=release**');
    const verdict = page.locator('.perf-verdict');
    await verdict.getByText('变慢了').waitFor();
    const [, a, b] = (await verdict.textContent()).match(/p75 (.+?) → (.+?)，/);
    assertNear(a, known.older.p75);
    assertNear(b, known.newer.p75);
    for (const { release } of [known.older, known.newer]) await panel(release).locator('svg.chart-svg').first().waitFor();
    await panel('什么变化最大').locator('.ant-table-row').first().waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'performance-compare');
    await page.getByText('上一周期', { exact: true }).click();
    await page.waitForURL((url) => !url.searchParams.has('against'));
    await verdict.getByText('变快了').waitFor();
    await done();
  });

  test('a heat map is read as a table, and its cell leads to the trend of its row', async () => {
    const { page, panel, done } = await developer(performance('/heatmap'));
    await panel('启动热力图').locator('svg.chart-svg').waitFor();
    await choose(page, page.locator('main'), '行', '机型');
    await choose(page, page.locator('main'), '列', '指标');
    await page.waitForURL('**rows=device&columns=metric**');
    await panel('各指标热力图').getByRole('button', { name: '表格' }).click();
    const row = page.getByRole('row', { name: /iPhone 15/ });
    await row.waitFor();
    assert.deepEqual(await accessibility(page), []);
    await row.getByRole('button').first().click();
    await page.waitForURL('**/performance?**device=iPhone+15**');
    await page.locator('.chip', { hasText: '机型: iPhone 15' }).waitFor();
    await done();
  });

  test('the slowest page load opens as a waterfall, with its request, its error and its session', async () => {
    const { page, dialog, done } = await developer(performance('/loads'));
    await page.getByRole('button', { name: /^查看 pages\/goods\/detail 的加载过程/ }).click();
    await page.waitForURL('**load=**');
    await dialog.locator('svg.chart-svg').waitFor();
    await dialog.locator('.state-red').waitFor({ state: 'detached' });
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'performance-waterfall');
    await dialog.getByRole('button', { name: '表格' }).click();
    const row = (name) => dialog.getByRole('row', { name });
    await row(/route/).waitFor();
    assert.match(await row(/request GET .*search/).textContent(), /失败1\.2 s4\.7 s/);
    await row(/TypeError/).waitFor();
    assert.equal(await dialog.getByRole('link', { name: '查看这次会话的事件' }).count(), 1);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('load'));
    await dialog.waitFor({ state: 'hidden' });
    await done();
  });

  test('the session of a page load leads to its log', async () => {
    const { items } = await ask(product, 'loads');
    const { page, dialog, done } = await developer(performance(`/loads?${new URLSearchParams({ load: items[0].id })}`));
    await dialog.getByRole('link', { name: '查看这次会话的日志' }).click();
    await page.waitForURL('**/logs?**');
    await page.locator('.log-line', { hasText: '搜索太慢，改用缓存' }).waitFor();
    await done();
  });

  test('advice names what was found, with WeChat’s own words, and what is well or not known', async () => {
    const { page, done } = await developer(performance('/advice'));
    const rule = (name) => page.getByRole('region', { name });
    await rule('主包太大').getByText('发现问题').waitFor();
    assert.match(await rule('主包太大').textContent(), /预计快 .* – .*subPackages.*1\.7 MB/);
    assert.match(await rule('请求一个接一个').textContent(), /数据还不够/);
    assert.match(await rule('setData 太频繁').textContent(), /已检查，没有问题/);
    assert.match(await rule('新版本变慢了').textContent(), /发现问题.*1\.4\.2/s);
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'performance-advice');
    await rule('新版本变慢了').getByRole('link', { name: '打开对比' }).click();
    await page.waitForURL('**/performance/compare?**a=1.4.1&b=1.4.2**');
    await page.locator('.perf-verdict').getByText('变慢了').waitFor();
    await done();
  });

  test('filters that leave nothing say so; an analyst may look, too', async () => {
    const { page, card, done } = await developer(performance('?region=%E6%9C%88%E7%90%83'), { role: 'analyst' });
    await page.getByText('没有符合条件的性能数据').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.locator('.state').getByRole('button', { name: '清除全部筛选' }).click();
    await card('启动').getByText(/快了/).waitFor();
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
      const { items } = await ask(product, 'loads');
      const parts = {
        overview: '', requests: '?metric=request&where=url', compare: '/compare?against=release', heatmap: '/heatmap', 'heatmap-metrics': '/heatmap?rows=device&columns=metric',
        loads: '/loads', load: `/loads?${new URLSearchParams({ load: items[0].id })}`, 'slow-requests': '/requests', advice: '/advice',
      };
      const { page, card, done } = await developer(performance(), options);
      await card(options.language === 'zh' ? '启动' : 'Startup').waitFor();
      for (const [part, path] of Object.entries(parts)) {
        await page.goto(product.url + performance(path));
        await page.locator('h1').waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        assert.equal(await page.locator('.state-red').count(), 0, `${part} shows an error`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `performance-${part}-${name}`);
      }
      await done();
    });
  }
});
