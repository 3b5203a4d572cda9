// 客服报表 and the wallboard, as those who lead a desk use them: figures that lead to the conversations behind them, by
// agent, group, hour and source page, as files, and on a wall that keeps its screen when the server is away.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let afterSales;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  await product.api.put(`${base}/desk-settings`, { reopen_minutes: 30, grace_seconds: 60, load_max_default: 10, auto_assign: false });
  afterSales = await product.api.post(`${base}/teams/groups`, { name: '售后组' });
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const reports = (rest = '') => `/m/${product.appid}/reports${rest}`;
const dayMs = 86_400_000;
const figuresNow = (more = {}) => product.api.get(`${base}/desk/reports/figures?${new URLSearchParams({ from: Date.now() - 2 * dayMs, to: Date.now() + dayMs, ...more })}`);
// All that happened until now is counted, and it comes to this.
const counted = (what, holds) => until(async () => ((one) => one.pending === 0 && !one.rebuilding && holds(one.totals) && one)(await figuresNow()), what);

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  const main = page.locator('main');
  return {
    ...window,
    main,
    button: (name) => main.getByRole('button', { name, exact: true }),
    link: (name) => main.getByRole('link', { name, exact: true }),
    table: (name) => main.getByRole('region', { name, exact: true }),
    lines: page.locator('.rep-list .ant-table-row'),
    // but: what the browser also says when the server refuses, or is away
    async done(but = []) {
      assert.deepEqual(
        window.problems.filter((one) => !but.some((words) => one.includes(words))),
        [],
      );
      await window.close();
    },
  };
}

async function asks(nickname, text, source) {
  const one = await customer(product, nickname);
  if (source) await one.say({ event: 'user_enter_tempsession', session_from: source });
  await one.say(text);
  const { id } = await conversationOf(product, one.openid);
  return { ...one, id };
}

test('before anything happened the pages say so', async () => {
  const { page, done } = await staff(reports());
  for (const [part, words] of [['', '这段时间没有会话'], ['/agents', '这段时间没有会话'], ['/sources', '这段时间没有会话'], ['/conversations', '没有这样的会话'], ['/wallboard', '没有人等待']]) {
    await page.goto(product.url + reports(part));
    await page.getByText(words).first().waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await done();
});

describe('when four customers came', () => {
  before(async () => {
    const agent = await product.login('agent');
    await agent.put(`${base}/presence`, { presence: 'online' });
    let answered = 0;
    const serve = async ({ id }, outcome) => {
      await agent.post(`/conversations/${id}/take`);
      await agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: '马上为您查看' } });
      answered += 1;
      await counted('the answer', ({ first_answer }) => first_answer.count === answered);
      await agent.post(`/conversations/${id}/close`, { outcome });
    };
    await serve(await asks('林小满', '什么时候发货', '商品详情页'), 'resolved');
    await serve(await asks('陈思远', '可以开发票吗'), 'unresolved');
    const gaveUp = await asks('王阿姨', '退款到哪里了');
    await agent.post(`/conversations/${gaveUp.id}/close`, {});
    await asks('小鹿', '优惠券用不了');
    await counted('all four', ({ conversations, resolution, wait }) => conversations.count === 4 && resolution.count === 2 && wait.missed === 1 && wait.open === 1);
  });

  test('each chief figure leads to its conversations, and from there to the workbench', async () => {
    const { page, main, link, lines, done } = await staff(reports());
    await page.getByRole('heading', { name: /^首次人工响应/ }).waitFor();
    await link('会话量 4，查看会话').waitFor();
    await link('排队时长 排队放弃 1，查看会话').waitFor();
    assert.equal(await page.getByRole('heading', { name: /^满意度/ }).count(), 0, 'customers are not asked');
    assert.equal(await page.getByText('数字还不完整').count(), 0);
    await page.locator('.rep-plots .chart-svg').nth(3).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'reports-overview');

    await main.getByRole('button', { name: '首次人工响应怎么算' }).click();
    await page.getByText('从会话第一次来到人工').waitFor();
    assert.deepEqual(await accessibility(page, '.ant-popover'), []);
    await screenshot(page, 'reports-definition');
    await page.locator('h1').click();
    await page.getByText('从会话第一次来到人工').waitFor({ state: 'hidden' });

    await link('解决率 占比 50%，查看会话').click();
    await page.waitForURL('**/reports/conversations?metric=resolution**');
    await lines.filter({ hasText: '未解决' }).waitFor();
    assert.equal(await lines.count(), 2);
    await choose(page, main, '其中', '已解决');
    await page.waitForURL('**part=hits**');
    await lines.filter({ hasText: '未解决' }).waitFor({ state: 'detached' });
    assert.equal(await lines.count(), 1);
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'reports-conversations');
    await lines.getByRole('link').click();
    await page.locator('.bubble-in', { hasText: '什么时候发货' }).waitFor();
    await page.locator('.wb-events', { hasText: '会话结束：已解决' }).waitFor();
    await done();
  });

  test('a day of a plot, as its table offers it to the keyboard', async () => {
    const { page, main, button, lines, done } = await staff(reports('?range=30d'));
    await button('表格').first().click();
    await main.getByRole('region', { name: '会话量', exact: true }).getByRole('button').first().click();
    await page.waitForURL('**/reports/conversations?from=**');
    await lines.first().waitFor();
    await done();
  });

  test('by agent, group, hour and source page, and narrowed down', async () => {
    const { page, main, link, table, lines, done } = await staff(reports('/agents'));
    await table('各位客服').getByText('没有人（排队中）').waitFor();
    await table('在线时长与负载').locator('.ant-table-row', { hasText: 'agent1' }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'reports-agents');
    await link('agent1 会话量 2，查看会话').click();
    await page.waitForURL('**/reports/conversations?agent=**');
    await lines.nth(1).waitFor();
    assert.equal(await lines.count(), 2);
    await main.getByRole('button', { name: '去掉筛选：客服: agent1' }).click();
    await lines.nth(3).waitFor();

    for (const [part, name, number] of [['/groups', '默认客服组', 4], ['/sources', '商品详情页', 1], ['/sources', '没有来源页', 3], ['/programs', '示例小程序', 4]]) {
      await page.goto(product.url + reports(part));
      await link(`${name} 会话量 ${number}，查看会话`).click();
      await page.waitForURL('**/reports/conversations?**');
      await lines.nth(number - 1).waitFor();
      assert.equal(await lines.count(), number, name);
    }
    await page.goto(product.url + reports('/hours'));
    await page.locator('.chart-svg').waitFor();
    await table('一天的各个时段').getByRole('link').first().click();
    await page.waitForURL('**/reports/conversations?hour=**');
    await lines.first().waitFor();

    await page.goto(product.url + reports());
    await choose(page, main, /^客服组$/, '默认客服组');
    await link('会话量 4，查看会话').waitFor();
    await choose(page, main, /^来源页$/, '商品详情页');
    await link('会话量 1，查看会话').waitFor();
    await page.reload();
    await link('会话量 1，查看会话').waitFor();
    await main.getByRole('button', { name: '清除全部筛选' }).click();
    await link('会话量 4，查看会话').waitFor();
    await done();
  });

  test('what is shown is taken along, as CSV and for Excel', async () => {
    const { page, button, table, lines, done } = await staff(reports('/agents'));
    await table('各位客服').waitFor();
    const file = async (name, format) => {
      await button(name).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format, exact: true }).click()]);
      await page.getByRole('menuitem', { name: format, exact: true }).waitFor({ state: 'hidden' });
      assert.ok(download.suggestedFilename().endsWith(format === 'CSV' ? '.csv' : '.xlsx'));
      return readFile(await download.path());
    };
    const taken = async () => (await file('导出', 'CSV')).toString('utf8');
    await button('导出').click();
    await page.getByRole('menuitem', { name: 'CSV', exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page, '.ant-dropdown'), []);
    await screenshot(page, 'reports-export');
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'CSV', exact: true }).waitFor({ state: 'hidden' });
    const figures = await taken();
    assert.match(figures, /^\ufefffrom,id,agent,conversations,/);
    assert.match(figures, /"agent1"/);
    for (const name of ['导出', '导出时长']) assert.equal((await file(name, 'Excel（.xlsx）')).subarray(0, 2).toString(), 'PK', name);
    await page.goto(product.url + reports('/conversations?metric=wait&part=missed'));
    await lines.first().waitFor();
    assert.equal((await taken()).trim().split('\r\n').length, 2, 'the heading and the one who gave up');
    await done();
  });

  test('the administrator has everything counted anew, which gives the same', async () => {
    const { totals } = await figuresNow();
    const { page, button, done } = await staff(reports(), { role: 'boss' });
    await button('重新计算').click();
    await page.locator('.ant-modal').getByText('完成以前数字不完整').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.locator('.ant-modal').getByRole('button', { name: '重新计算' }).click();
    await page.getByText('开始重新计算').waitFor();
    const { totals: again } = await counted('everything anew', ({ conversations }) => conversations.count === totals.conversations.count);
    assert.deepEqual(again, totals);
    await page.getByText('数字还不完整').waitFor({ state: 'detached' });
    await done();
  });

  test('an agent reads what is their own', async () => {
    const { page, main, link, done } = await staff(reports(), { role: 'agent' });
    await page.getByText('没有“督导”权限时只看得到自己的数据').waitFor();
    await link('会话量 2，查看会话').waitFor();
    assert.equal(await main.getByRole('button', { name: /^导出/ }).count(), 0);
    assert.equal(await main.getByRole('navigation', { name: '客服报表' }).getByRole('link', { name: '小程序' }).count(), 0);
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await page.goto(product.url + reports('/conversations?metric=satisfaction'));
    await page.getByText('只能查看自己的数据').first().waitFor();
    await done(['status of 403']);
  });

  test('the wallboard follows by itself, and keeps its screen while the server is away', async () => {
    await (await product.login('agent')).put(`${base}/presence`, { presence: 'online' });
    const { page, main, done } = await staff(reports());
    await main.getByRole('link', { name: '打开大屏' }).click();
    await page.waitForURL('**/reports/wallboard');
    const tile = (name) => page.locator('.board-tile', { has: page.getByRole('heading', { name, exact: true }) });
    const waiting = tile('排队中').locator('.board-value');
    await until(async () => (await waiting.textContent()) === '1', 'one who waits');
    await tile('最长等待').getByText(/\d/).waitFor();
    await tile('今天首次人工响应').getByText('秒').first().waitFor();
    await tile('今天没有回复').getByText('排队放弃 1').waitFor();
    await page.locator('.board-agents li', { hasText: 'agent1' }).waitFor();
    assert.equal(await page.locator('.rail').count(), 0, 'it has the screen for itself');
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'reports-wallboard');

    // Each number leads to its conversations.
    for (const [name, there] of [['排队中 1，查看会话', '.live-rows'], ['今天的会话 4，查看会话', '.rep-list .ant-table-row'], ['排队放弃 1', '.rep-list .ant-table-row'], ['已回复 2 轮', '.rep-list .ant-table-row'], [/^最近一小时/, '.rep-list .ant-table-row']]) {
      await page.getByRole('link', typeof name === 'string' ? { name, exact: true } : { name }).click();
      await page.waitForURL(/\/(desk\/live|reports\/conversations)\?/);
      await page.locator(there).first().waitFor();
      await page.goBack();
      await page.locator('.board-tile').first().waitFor();
    }

    await asks('周末露营', '帐篷的尺寸');
    await until(async () => (await waiting.textContent()) === '2', 'the second');

    await product.server.stop();
    await page.getByText(/画面停在/).waitFor();
    assert.equal(await waiting.textContent(), '2');
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'reports-wallboard-lost');
    await product.restart();
    await page.getByText(/画面停在/).waitFor({ state: 'detached' });
    assert.equal(await waiting.textContent(), '2');
    await page.getByRole('link', { name: '返回报表' }).click();
    await page.locator('.rail').waitFor();
    await done(['net::ERR_', 'status of 50']);
  });
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
    await asks('一位名字特别特别长的客户', '你好', 'pages/goods/detail?id=1234567890&from=share&campaign=double-eleven-2026-preview-for-members-only');
    await counted('the last one', ({ conversations }) => conversations.count === 6);
    parts = {
      overview: ['.rep-plots .chart-svg', reports()],
      filtered: ['.chip', reports(`?range=24h&group=1&source=${encodeURIComponent('商品详情页')}`)],
      none: ['.state', reports(`?group=${afterSales.id}`)],
      agents: ['.rep-table .ant-table-row', reports('/agents')],
      groups: ['.rep-table .ant-table-row', reports('/groups?view=work')],
      hours: ['.chart-svg', reports('/hours?view=outcome')],
      sources: ['.rep-table .ant-table-row', reports('/sources')],
      programs: ['.rep-table .ant-table-row', reports('/programs')],
      conversations: ['.rep-list .ant-table-row', reports('/conversations?metric=response&order=largest')],
      wallboard: ['.board-tile', reports('/wallboard')],
    };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(reports(), options);
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `reports-${part}-${name}`);
      }
      await done();
    });
  }
});
