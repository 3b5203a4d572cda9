// 服务时效, as those who promise it use it: targets are written and saved together, the workbench counts down to them, who
// supervises is told, and what was not kept can be looked up.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let levelsApi;
let afterSales;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  levelsApi = `${base}/service-levels`;
  afterSales = await product.api.post(`${base}/teams/groups`, { name: '售后组' });
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const levels = (rest = '') => `/m/${product.appid}/service-levels${rest}`;
const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;
const targetsNow = () => product.api.get(`${levelsApi}/targets`);
const minute = 60_000;
const hour = 60 * minute;

// What is promised to everybody, around the clock.
async function promise(target, warnings = { half_percent: 0, most_percent: 0 }) {
  const { version } = await targetsNow();
  return product.api.put(`${levelsApi}/targets`, { version, warnings, items: [{ group: '', priority: null, business: false, ...target }] });
}

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  const { page } = window;
  // What is told from now on comes to this window.
  const following = new Promise((resolve) => {
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => String(payload).includes('"ready"') && resolve()));
  });
  await signIn(window, product.accounts[role], path);
  const main = page.locator('main');
  return {
    ...window,
    main,
    following,
    button: (name) => main.getByRole('button', { name, exact: true }),
    field: (name) => main.getByRole('spinbutton', { name, exact: true }),
    list: (name) => main.getByRole('combobox', { name, exact: true }),
    row: (text) => page.locator('.wb-row', { hasText: text }),
    toast: page.locator('.ant-notification-notice'),
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

// Somebody asks, and waits in the queue.
async function asks(nickname, text) {
  const one = await customer(product, nickname);
  await one.say(text);
  const conversation = await conversationOf(product, one.openid);
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname });
  return { ...one, id: conversation.id };
}

const marksOf = async ({ id }) => (await product.api.get(`/conversations/${id}`)).service_levels;
const breachesNow = async () => (await product.api.get(`${levelsApi}/breaches`)).items;

test('before anything is promised the pages say what comes first', async () => {
  const { page, done } = await staff(levels());
  for (const [part, words] of [['', '这段时间没有计时'], ['/breaches', '这段时间没有超时'], ['/targets', '还没有时效目标']]) {
    await page.goto(product.url + levels(part));
    await page.getByText(words).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await page.goto(product.url + levels());
  await page.getByRole('link', { name: '去设定目标' }).click();
  await page.waitForURL('**/service-levels/targets');
  await done();
});

test('without targets the workbench says how long customers wait', async () => {
  const one = await asks('孙八', '没有目标时的问题');
  const { page, row, done } = await staff(workbench(`/${one.id}`));
  await row('没有目标时的问题').locator('.wb-wait').waitFor();
  assert.equal(await page.locator('.countdown').count(), 0);
  await page.getByText('没有计时：没有适用的时效目标').waitFor();
  await done();
});

test('targets are written by group and priority, and saved at once', async () => {
  const { page, main, button, field, list, done } = await staff(levels('/targets'));
  await button('添加目标').click();
  await field('第 1 条 首次响应').fill('90');
  await list('第 1 条 首次响应 单位').selectOption('seconds');
  await field('第 1 条 后续响应').fill('');
  await list('第 1 条 计时').selectOption('no');
  await button('添加目标').click();
  await choose(page, main, '第 2 条 客服组', '售后组');
  await field('第 2 条 优先级').fill('5');
  await field('第 2 条 首次响应').fill('1');
  await button('添加目标').click();
  await choose(page, main, '第 3 条 客服组', '售后组');
  await field('第 3 条 优先级').fill('5');
  await page.getByText('已有相同客服组和优先级的一条').first().waitFor();
  assert.equal(await button('保存').isDisabled(), true, 'twice the same');
  await button('删除第 3 条').click();
  await main.getByLabel('第一次预警').fill('60');
  await page.getByText('用掉 60% 和 80% 时预警').waitFor();

  await choose(page, main, '会话的客服组', '售后组');
  await page.getByText('按第 1 条：首次响应 1 分钟 30 秒，解决 24 小时 · 全部时间').waitFor();
  await main.getByLabel('会话的优先级').fill('5');
  await page.getByText('按第 2 条：首次响应 1 分钟').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-editor');

  await button('保存').click();
  await until(async () => (await targetsNow()).version === 1, 'the targets');
  const { warnings, items } = await targetsNow();
  assert.deepEqual(warnings, { half_percent: 60, most_percent: 80 });
  assert.deepEqual(
    items.map((one) => [one.group, one.priority, one.first_answer_ms, one.next_answer_ms, one.resolution_ms, one.business]),
    [
      ['', null, 90_000, null, 24 * hour, false],
      [afterSales.id, 5, minute, 5 * minute, 24 * hour, true],
    ],
  );
  await page.getByText('有未保存的修改').waitFor({ state: 'detached' });
  await done();
});

test('what is written survives a reload, and is taken back step by step', async () => {
  const { page, button, field, done } = await staff(levels('/targets'));
  await field('第 1 条 首次响应').fill('45');
  await field('第 1 条 解决').fill('12');
  await page.reload();
  await page.getByText('有未保存的修改').waitFor();
  assert.equal(await field('第 1 条 解决').inputValue(), '12');
  await button('撤销').click();
  await until(async () => (await field('第 1 条 解决').inputValue()) === '24', 'the hours as they were');
  assert.equal(await field('第 1 条 首次响应').inputValue(), '45');
  await button('撤销').click();
  await page.getByText('有未保存的修改').waitFor({ state: 'detached' });
  assert.equal(await field('第 1 条 首次响应').inputValue(), '90');
  await done();
});

test('somebody else saved meanwhile: the second is told, looks, and saves', async () => {
  const { page, main, button, field, done } = await staff(levels('/targets'));
  await field('第 1 条 首次响应').fill('100');
  await promise({ first_answer_ms: 2 * hour });
  await button('保存').click();
  await page.getByText('boss 刚刚改过时效目标').waitFor();
  await main.getByRole('region', { name: '现在保存的目标' }).getByText('2 小时').waitFor();
  assert.equal(await field('第 1 条 首次响应').inputValue(), '100');
  assert.equal(await button('保存').isDisabled(), true, 'it was not looked at');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-changed');
  await button('继续用我的').click();
  await button('保存').click();
  await until(async () => (await targetsNow()).items[0].first_answer_ms === 100_000, 'the targets of the second');
  await done(['status of 409']);
});

test('the workbench counts down to the answer, and calmly when it is the customer’s turn', async () => {
  await promise({ first_answer_ms: hour, resolution_ms: 4 * hour });
  const one = await asks('林小满', '什么时候发货');
  const { page, row, done } = await staff(workbench(`/${one.id}`));
  const inRow = row('什么时候发货').locator('.countdown');
  await inRow.getByText(/^59:\d\d$/).waitFor();
  assert.equal(await row('什么时候发货').locator('.wb-wait').count(), 0, 'the countdown says it');
  const inHead = page.locator('.wb-head .countdown');
  await inHead.getByText('首次响应').waitFor();
  const before = await inHead.textContent();
  await until(async () => (await inHead.textContent()) !== before, 'the countdown to tick');
  await page.locator('.wb-part', { hasText: '服务时效' }).getByText('目标 1 小时').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-workbench');

  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
  await agent.post(`/conversations/${one.id}/take`);
  await agent.post(`/conversations/${one.id}/messages`, { msgtype: 'text', text: { content: '今天就发' } });
  await until(async () => ((marks) => marks.length === 1 && marks[0].paused)(await marksOf(one)), 'WeChat to accept the answer');
  await inHead.getByText(/^暂停 3 小时 59 分$/).waitFor();
  await page.locator('.wb-head .countdown-paused').waitFor();
  const clocks = page.locator('.wb-part', { hasText: '服务时效' });
  await clocks.getByText('已回复').waitFor();
  await clocks.getByText('agent1').first().waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-paused');
  await agent.put(`${base}/presence`, { presence: 'away' });
  await done();
});

test('who supervises is told once, then of the rest together; who does not is told nothing', async () => {
  await promise({ first_answer_ms: 1000 });
  const { page, toast, following, done } = await staff(`/m/${product.appid}/overview`);
  const agent = await staff(workbench(), { role: 'agent' });
  await Promise.all([following, agent.following]);
  const first = await asks('王阿姨', '退款到哪里了');
  await toast.getByText('首次响应：超时').waitFor();
  assert.equal(await toast.count(), 1);
  const others = await Promise.all([asks('陈思远', '可以开发票吗'), asks('小鹿', '优惠券用不了'), asks('周末露营', '帐篷的尺寸')]);
  await until(async () => (await breachesNow()).filter((one) => others.some(({ id }) => id === one.conversation_id)).length === others.length, 'the others');
  await toast.getByText(/^另有 [12] 条提醒$/).waitFor();
  assert.equal(await toast.count(), 1, 'never two');
  assert.deepEqual(await accessibility(page, '.ant-notification'), []);
  await screenshot(page, 'service-levels-toast');
  await toast.getByRole('link', { name: /^另有/ }).click();
  await page.waitForURL('**/service-levels/breaches?open=yes');
  await page.getByRole('link', { name: `会话 ${first.id}` }).waitFor();
  await page.getByRole('link', { name: `会话 ${others[0].id}` }).click();
  await page.locator('.bubble-in', { hasText: '可以开发票吗' }).waitFor();
  await page.locator('.wb-head .countdown-breached', { hasText: '超时' }).waitFor();
  await page.locator('.wb-events', { hasText: '首次响应：超时' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-breached');
  await done();

  await agent.row('优惠券用不了').locator('.countdown-breached').waitFor();
  assert.equal(await agent.toast.count(), 0);
  await agent.done();
});

test('what was kept and what was not: by kind, day, group and agent, and where it was', async () => {
  const { page, main, done } = await staff(levels());
  await page.getByRole('heading', { name: '首次响应 达标率' }).waitFor();
  const groups = page.locator('.panel', { has: page.getByRole('heading', { level: 2, name: '各客服组', exact: true }) });
  await groups.locator('.ant-table-row', { hasText: '默认客服组' }).waitFor();
  const agents = page.locator('.panel', { has: page.getByRole('heading', { level: 2, name: '各位客服', exact: true }) });
  await agents.locator('.ant-table-row', { hasText: 'agent1' }).waitFor();
  await agents.locator('.ant-table-row', { hasText: '没有人（排队中）' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-summary');

  await choose(page, main, '客服组', '售后组');
  await page.getByText('这段时间没有计时').waitFor();
  await page.getByRole('button', { name: '去掉筛选：客服组: 售后组' }).click();
  await groups.getByRole('link', { name: /^默认客服组 超时 \d+ 次，查看$/ }).click();
  await page.waitForURL('**/breaches?group=1');
  const lines = page.locator('.sl-breaches .ant-table-row');
  await lines.first().waitFor();
  assert.equal(await lines.count(), (await breachesNow()).length);
  await choose(page, main, '状态', '已停止');
  await page.getByText('没有符合筛选的超时').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);

  // A day, as the table of the chart offers it to the keyboard.
  await page.goto(product.url + levels('?range=30d'));
  await page.getByRole('button', { name: '表格', exact: true }).click();
  await page.getByRole('region', { name: '每天开始的计时' }).getByRole('button').first().click();
  await page.waitForURL('**/breaches?from=**');
  await lines.first().waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('who may not configure reads the targets as text', async () => {
  const { page, main, done } = await staff(levels('/targets'), { role: 'agent' });
  await page.getByText('您可以查看').waitFor();
  await main.getByRole('region', { name: '时效目标' }).getByText('1 秒').waitFor();
  for (const name of ['保存', '添加目标']) assert.equal(await main.getByRole('button', { name, exact: true }).count(), 0, name);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'service-levels-read-only');
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
    const long = await product.api.post(`${base}/teams/groups`, { name: '一个名字特别特别长的客服组，长到在手机上放不下' });
    const { version } = await targetsNow();
    const all = { first_answer_ms: 90 * minute, next_answer_ms: 45_000, resolution_ms: 72 * hour };
    await product.api.put(`${levelsApi}/targets`, {
      version,
      warnings: { half_percent: 50, most_percent: 80 },
      items: [{ group: '', priority: null, ...all }, { group: '', priority: 1000, ...all, business: false }, { group: long.id, priority: null, first_answer_ms: minute }, { group: long.id, priority: 5 }],
    });
    const [breach] = await breachesNow();
    parts = {
      summary: ['.tile', levels()],
      'summary-none': ['.state', levels(`?group=${long.id}`)],
      breaches: ['.sl-breaches .ant-table-row', levels('/breaches?kind=first_answer')],
      targets: ['.sl-editor', levels('/targets')],
      conversation: ['.wb-head .countdown', workbench(`/${breach.conversation_id}`)],
      customer: ['.wb-customer', workbench(`/${breach.conversation_id}?pane=customer`)],
    };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(levels(), options);
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `service-levels-${part}-${name}`);
      }
      await done();
    });
  }
});
