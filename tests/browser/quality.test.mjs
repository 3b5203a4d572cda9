// The whole way of 质量: phones of a new release report an error, it becomes an issue and an alert, the group of the people
// on duty is told, somebody takes it, finds the cause, resolves it, and writes the review.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { addRobot, choose, groupMessages, issueSeen, meet, price, robot } from './quality_scene.mjs';

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

const m = (rest) => `/m/${product.appid}${rest}`;
const get = (rest) => product.api.get(`/miniprograms/${product.appid}${rest}`);
const ruleName = '页面报错';
const alertOf = async (state) => (await get(`/alerts?state=${state}`)).items.find((one) => one.rule_name === ruleName);

async function person(role, path, options) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    dialog: page.getByRole('dialog'),
    button: (name) => page.locator('main').getByRole('button', { name, exact: true }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('an operator says who is told of what: a group robot, a receiver, a rule', async () => {
  const { page, dialog, button, done } = await person('operator', m('/alerts/channels'));
  await button('新建渠道').click();
  await dialog.getByLabel('名称').fill(robot.name);
  await dialog.getByLabel('机器人 key 或完整 Webhook 地址').fill(robot.key);
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.locator('.ant-table-row', { hasText: robot.name }).getByRole('button', { name: '测试' }).click();
  await page.getByText(`“${robot.name}”发送成功`).waitFor();

  await page.getByRole('link', { name: '接收与升级' }).click();
  await page.locator('.panel', { hasText: '一个接收人是一串渠道' }).getByRole('button', { name: '添加' }).click();
  await page.getByRole('textbox', { name: '名称，如 值班' }).fill('值班');
  await choose(page, page.locator('main'), '渠道，按先后', robot.name);
  await button('保存').click();
  await until(async () => (await get('/alerts/receivers')).receivers.length === 1, 'the receiver to be stored');

  await page.getByRole('link', { name: '规则', exact: true }).click();
  await button('新建规则').click();
  await dialog.getByLabel('名称').fill(ruleName);
  await choose(page, dialog, '看什么', '新问题');
  await choose(page, dialog, '接收人', '值班');
  await dialog.getByLabel('收到后先做什么（写进通知）').fill('先看最近的发布');
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.waitFor({ state: 'detached' });
  const rule = (await get('/alerts/rules')).items.find((one) => one.name === ruleName);
  assert.deepEqual([rule.kind, rule.receivers, rule.advice], ['new_issue', ['值班'], '先看最近的发布']);
  await done();
});

test('an error of phones becomes an issue, an alert, and a message in the group', async () => {
  const key = await product.api.post(`/miniprograms/${product.appid}/telemetry/keys`, { name: '正式版' });
  for (const one of [1, 2, 3]) await meet(key, one, '1.4.2', price);
  const issue = await issueSeen(product, price, 3);
  const alert = await until(() => alertOf('open'), 'the alert', 60_000);
  assert.equal(alert.issue_id, issue.id);
  await until(async () => (await groupMessages(product)).some((one) => JSON.stringify(one).includes(ruleName)), 'the message in the group', 60_000);

  const group = await open(browser, product, { viewport: desktop });
  await group.page.goto(product.sandboxUrl);
  await group.page.locator(`[data-robot="${robot.key}"]`).first().click();
  const message = group.page.locator(`article.group[data-robot="${robot.key}"] .bubble`, { hasText: ruleName });
  await message.waitFor();
  assert.match(await message.textContent(), /price/);
  assert.match(await message.textContent(), /先看最近的发布/);
  await screenshot(group.page, 'quality-group');
  await group.close();
});

test('it is looked at, taken, traced to its issue, resolved, gathered in an incident, and closed with a review', async () => {
  const { page, dialog, button, done } = await person('developer', m('/alerts'));
  const { id, issue_id } = await alertOf('open');
  await page.locator('.ant-table-row', { hasText: ruleName }).getByRole('link').click();
  await page.waitForURL(`**/alerts/${id}`);
  const timeline = page.locator('.alert-timeline');
  await timeline.getByText('已通知').first().waitFor();
  await page.locator('.panel', { hasText: '发送记录' }).getByText('已送达').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'quality-alert');

  await button('我来处理').click();
  await timeline.getByText('认领').waitFor();
  assert.equal((await get(`/alerts/${id}`)).acknowledged_by, 'developer1');
  await page.locator('.facts').getByRole('link', { name: price.name }).click();
  await page.waitForURL(`**/issues/${issue_id}`);
  await page.getByRole('heading', { level: 1, name: /price/ }).waitFor();
  await button('标为已解决').click();
  await dialog.getByRole('button', { name: '标为已解决' }).click();
  await page.locator('.activity').getByText(/修复版本/).waitFor();
  await page.goBack();

  await button('新建事件').click();
  const what = dialog.getByRole('textbox', { name: '发生了什么' });
  assert.match(await what.inputValue(), /price/);
  await what.fill('1.4.2 商品页打不开');
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '新建事件' }).click();
  await page.waitForURL('**/alerts/incidents/*');
  await page.getByRole('heading', { level: 1, name: '1.4.2 商品页打不开' }).waitFor();
  await page.getByRole('textbox', { name: '做了什么，或者发现了什么' }).fill('已回滚到 1.4.1');
  await button('添加').click();
  await timeline.getByText('已回滚到 1.4.1').waitFor();
  await choose(page, page.locator('.alert-actions'), '状态', '已解决');
  await page.locator('.alert-actions .mark', { hasText: '已解决' }).waitFor();
  const incident = page.url().split('/').at(-1);

  await page.locator('.alert-review').getByRole('link').click();
  await page.waitForURL(`**/alerts/${id}`);
  await button('标为已恢复').click();
  await button('关闭并复盘').click();
  const close = dialog.getByRole('button', { name: '关闭并复盘' });
  assert.equal(await close.isDisabled(), true);
  await dialog.getByRole('textbox', { name: '原因是什么，做了什么' }).fill('套餐商品没有 price；1.4.3 修复。');
  assert.deepEqual(await accessibility(page), []);
  await close.click();
  await page.locator('.facts').getByText('套餐商品没有 price').waitFor();
  const closed = await get(`/alerts/${id}`);
  assert.deepEqual([closed.state, closed.verdict, closed.incident_id], ['closed', 'useful', incident]);

  await page.goto(product.url + m(`/alerts/incidents/${incident}`));
  const review = page.getByRole('textbox', { name: '复盘' });
  await until(async () => (await review.inputValue()).includes('已回滚到 1.4.1'), 'the template to be filled from the timeline');
  await review.fill(`${await review.inputValue()}\n发布前加一条套餐商品的用例。\n`);
  await button('保存').click();
  await page.getByText('已写好的复盘。').waitFor();
  assert.match((await get(`/alerts/incidents/${incident}/review`)).markdown, /发布前加一条/);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('what happened is shown in both languages, on a desktop and a phone', async () => {
  const { id, issue_id, incident_id } = await alertOf('all');
  for (const [name, language, viewport] of [['zh-desktop', 'zh', desktop], ['en-desktop', 'en', desktop], ['zh-phone', 'zh', phone], ['en-phone', 'en', phone]]) {
    const { page, done } = await person('developer', m('/alerts'), { language, viewport });
    for (const [part, path] of Object.entries({ alert: `/alerts/${id}`, issue: `/issues/${issue_id}`, incident: `/alerts/incidents/${incident_id}`, list: '/alerts?state=all' })) {
      await page.goto(product.url + m(path));
      await page.locator('h1').waitFor();
      await settled(page);
      assert.deepEqual(await accessibility(page), [], `${part} ${name}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${part} is ${wide} px too wide (${name})`);
      await screenshot(page, `quality-${part}-${name}`);
    }
    await done();
  }
});
