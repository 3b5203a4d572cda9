// 告警, as an operator uses it: a group robot is added and tried, receivers and a rule are written, what the rule would
// have done is looked at first, a silence is made and ended; an analyst only reads.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { addRobot, choose, groupMessages, robot } from './quality_scene.mjs';
import { shopDay } from './telemetry_scene.mjs';

let product;
let browser;
before(async () => {
  product = await startProduct();
  browser = await launch();
  await addRobot(product);
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const alerts = (rest = '') => `/m/${product.appid}/alerts${rest}`;
const get = (rest) => product.api.get(`/miniprograms/${product.appid}${rest}`);

async function operator(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    dialog: page.getByRole('dialog'),
    row: (text) => page.locator('.ant-table-row', { hasText: text }),
    button: (name) => page.locator('main').getByRole('button', { name, exact: true }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('without channels and receivers the pages say what comes first', async () => {
  const { page, done } = await operator(alerts());
  await page.getByText('现在没有告警').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await page.goto(product.url + alerts('/channels'));
  await page.getByText('还没有通知渠道').waitFor();
  await page.goto(product.url + alerts('/receivers'));
  await page.getByText('告警只会显示在这里，不会通知任何人').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await done();
  // Not before: its errors are new, and the default rules tell of them as soon as they are there.
  await shopDay(product);
});

test('a group robot is added, its key never shown again, and a test message arrives in the group', async () => {
  const { page, row, dialog, button, done } = await operator(alerts('/channels'));
  await button('新建渠道').click();
  await dialog.getByLabel('名称').fill('值班群');
  const save = dialog.getByRole('button', { name: '保存' });
  assert.equal(await save.isDisabled(), true);
  await dialog.getByLabel('机器人 key 或完整 Webhook 地址').fill(robot.key);
  assert.deepEqual(await accessibility(page), []);
  await save.click();
  await row('值班群').waitFor();
  await row('值班群').getByRole('button', { name: '测试' }).click();
  await page.getByText(/“值班群”发送成功/).waitFor();
  assert.equal((await groupMessages(product)).length, 1);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'alerts-channel-tested');

  await row('值班群').getByRole('button', { name: '值班群 的更多操作' }).click();
  await page.getByRole('menuitem', { name: '编辑' }).click();
  assert.equal(await dialog.getByLabel('机器人 key 或完整 Webhook 地址').inputValue(), '');
  await dialog.getByLabel('名称').fill('质量值班群');
  await save.click();
  await row('质量值班群').waitFor();
  await row('质量值班群').getByRole('button', { name: '测试' }).click();
  await until(async () => (await groupMessages(product)).length === 2, 'the key to be the same');
  await done();
});

test('a channel that cannot send says at which step it failed, and is removed', async () => {
  const { page, row, dialog, button, done } = await operator(alerts('/channels'));
  await button('新建渠道').click();
  await dialog.getByLabel('名称').fill('旧群');
  await dialog.getByLabel('机器人 key 或完整 Webhook 地址').fill('no-such-robot');
  await dialog.getByRole('button', { name: '保存' }).click();
  await row('旧群').getByRole('button', { name: '测试' }).click();
  await page.getByText('“旧群”没有发出').waitFor();
  await page.locator('.channel-steps .mark-failed').first().waitFor();
  assert.deepEqual(await accessibility(page), []);
  await row('旧群').getByRole('button', { name: '旧群 的更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await dialog.getByText('还没发出的消息会改走下一个渠道').waitFor();
  await dialog.getByRole('button', { name: '删除' }).click();
  await row('旧群').waitFor({ state: 'detached' });
  await done();
});

test('a receiver is written, and gets what no route takes', async () => {
  const { page, button, done } = await operator(alerts('/receivers'));
  await page.locator('.panel', { hasText: '一个接收人是一串渠道' }).getByRole('button', { name: '添加' }).click();
  await page.getByRole('textbox', { name: '名称，如 值班' }).fill('值班');
  await choose(page, page.locator('main'), '渠道，按先后', '质量值班群');
  await choose(page, page.locator('.alert-line', { hasText: '其余的通知' }), '通知谁', '值班');
  await page.getByLabel('P1 响应（分钟）').fill('10');
  assert.deepEqual(await accessibility(page), []);
  await button('保存').click();
  const stored = await until(async () => ((table) => table.otherwise.length === 1 && table)(await get('/alerts/receivers')), 'the table to be stored');
  assert.equal(stored.receivers[0].name, '值班');
  assert.equal(stored.response_ms.P1, 600_000);
  await until(() => button('保存').isDisabled(), 'nothing left to save');
  await screenshot(page, 'alerts-receivers');
  await done();
});

test('a rule is tried on the past week, saved, switched off, changed, and deleted by its name', async () => {
  const { page, row, dialog, button, done } = await operator(alerts('/rules'));
  await button('新建规则').click();
  await dialog.getByLabel('名称').fill('结算页报错');
  await choose(page, dialog, '看什么', '错误次数');
  await dialog.getByRole('spinbutton', { name: '阈值' }).fill('30');
  await choose(page, dialog, '接收人', '值班');
  await dialog.getByRole('button', { name: '用过去 7 天试一下' }).click();
  await dialog.getByText(/过去 7 天/).last().waitFor();
  await page.mouse.move(0, 0);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'alerts-rule');
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.waitFor({ state: 'detached' });
  const rule = async () => (await get('/alerts/rules')).items.find((one) => one.name === '结算页报错');
  assert.deepEqual(((one) => [one.kind, one.condition.threshold, one.receivers])(await rule()), ['error_count', 30, ['值班']]);
  await row('结算页报错').getByRole('switch', { name: '启用 结算页报错' }).click();
  await until(async () => (await rule()).enabled === false, 'the rule to be off');
  await row('结算页报错').getByText('已停用').waitFor();
  await row('结算页报错').getByRole('button', { name: '结算页报错 的更多操作' }).click();
  await page.getByRole('menuitem', { name: '编辑' }).click();
  await dialog.getByRole('spinbutton', { name: '阈值' }).fill('50');
  await dialog.getByRole('button', { name: '保存' }).click();
  await until(async () => (await rule()).condition.threshold === 50, 'the new threshold');
  await dialog.waitFor({ state: 'detached' });
  await row('结算页报错').getByRole('button', { name: '结算页报错 的更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await dialog.locator('.ant-modal-confirm-title', { hasText: '删除规则 结算页报错？' }).waitFor();
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '删除' }).click();
  await until(async () => (await rule()) === undefined, 'the rule to be gone');
  await done();
});

test('a silence is made for a page, and ended', async () => {
  const { page, dialog, button, done } = await operator(alerts('/silences'));
  await button('新建静默').click();
  await dialog.getByRole('textbox', { name: '页面前缀' }).fill('pages/activity');
  const add = dialog.getByRole('button', { name: '新建静默' });
  assert.equal(await add.isDisabled(), true);
  await dialog.getByRole('textbox', { name: '为什么' }).fill('活动页改版');
  assert.deepEqual(await accessibility(page), []);
  await add.click();
  const silence = page.locator('.alert-review li', { hasText: 'pages/activity' });
  await silence.getByText('活动页改版').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await silence.getByRole('button', { name: '结束' }).click();
  await silence.waitFor({ state: 'detached' });
  assert.deepEqual((await get('/alerts/silences')).items, []);
  await done();
});

test('an analyst reads it all, and changes nothing', async () => {
  const { page, row, button, done } = await operator(alerts('/channels'), { role: 'analyst' });
  await row('质量值班群').waitFor();
  for (const name of ['新建渠道', '测试']) assert.equal(await button(name).count(), 0, name);
  await page.goto(product.url + alerts('/receivers'));
  await until(() => page.getByRole('textbox', { name: '名称，如 值班' }).isDisabled(), 'the form to be read-only');
  assert.deepEqual(await accessibility(page), []);
  await page.goto(product.url + alerts('/rules'));
  await page.getByText('每周回顾').waitFor();
  for (const name of ['新建规则', '补回默认规则']) assert.equal(await button(name).count(), 0, name);
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
      const { page, done } = await operator(alerts(), options);
      for (const part of ['', '/rules', '/incidents', '/channels', '/receivers', '/silences']) {
        await page.goto(product.url + alerts(part));
        await page.locator('h1').waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `alerts${part.replace('/', '-')}-${name}`);
      }
      await done();
    });
  }
});
