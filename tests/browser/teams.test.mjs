// 客服团队, as those who lead a desk use it: groups get members, agents get skills, rules say which customer goes where
// and are tried before they count; agents say why they are away, and hand customers to another group.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn, still } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let teamsApi;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  teamsApi = `${base}/teams`;
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const teams = (rest = '') => `/m/${product.appid}/teams${rest}`;
const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;
const groupsNow = async () => (await product.api.get(`${teamsApi}/groups`)).items;
const groupNamed = async (name) => (await groupsNow()).find((one) => one.name === name);
const agentNamed = async (username) => (await product.api.get(`${teamsApi}/agents`)).items.find((one) => one.username === username);
const rulesNow = async () => (await product.api.get(`${teamsApi}/routing-rules`)).items;
const namesOfRules = async () => (await rulesNow()).map((one) => one.name);
const has = (texts) => ({ field: 'text', op: 'has', value: texts });
const addRule = (name, group, condition, target = {}) => product.api.post(`${teamsApi}/routing-rules`, { name, condition, target: { group, ...target } });

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    row: (text) => page.locator('.team-rows > li, .rule-row', { hasText: text }),
    panel: (text) => page.locator('.panel', { has: page.getByRole('heading', { level: 2, name: text, exact: true }) }),
    dialog: page.getByRole('dialog'),
    button: (name) => page.locator('main').getByRole('button', { name, exact: true }),
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

// Writes into one of the console's lists of words.
async function write(scope, label, words) {
  const box = scope.getByRole('combobox', { name: label });
  for (const word of words) {
    await box.fill(word);
    await box.press('Enter');
  }
  await box.blur();
}

test('before anything is set up the pages say what comes first', async () => {
  const { page, done } = await staff(teams());
  await page.getByText('默认客服组', { exact: true }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  for (const [part, words] of [['/settings', '还没有技能'], ['/rules', '还没有分配规则'], ['/try', '填好左边的内容'], ['/replay', '开始回放']]) {
    await page.goto(product.url + teams(part));
    await page.getByText(words).first().waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await done();
});

test('a group is added, gets members and busy mode, and loses them again', async () => {
  const { page, row, dialog, button, done } = await staff(teams());
  await button('新建客服组').click();
  await dialog.getByLabel('名称').fill('售后组');
  await dialog.getByRole('button', { name: '添加', exact: true }).click();
  const sheet = page.locator('.ant-drawer');
  await sheet.getByText('组里还没有客服').waitFor();
  await sheet.getByRole('button', { name: '添加客服' }).click();
  const adding = page.locator('.ant-modal');
  const box = adding.getByRole('combobox', { name: '选择客服' });
  await box.focus();
  await box.press('ArrowDown');
  for (const name of ['agent1', 'operator1']) await page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="${name}"]`).click();
  await box.blur();
  assert.deepEqual(await accessibility(page), []);
  await adding.getByRole('button', { name: '添加', exact: true }).click();
  await sheet.getByRole('link', { name: 'agent1' }).waitFor();
  assert.equal((await groupNamed('售后组')).agents, 2);
  await sheet.getByText('自动', { exact: true }).click();
  await sheet.getByLabel('排队人数达到').fill('5');
  await sheet.getByRole('button', { name: '保存' }).click();
  await until(async () => (await groupNamed('售后组')).busy.set === 'automatic', 'busy mode');
  assert.equal((await groupNamed('售后组')).busy.from_waiting, 5);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-group');
  await sheet.getByRole('checkbox', { name: '选择 operator1' }).check();
  await sheet.getByRole('button', { name: '移出 1 位' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '移除' }).click();
  await sheet.getByRole('link', { name: 'operator1' }).waitFor({ state: 'detached' });
  assert.equal((await groupNamed('售后组')).agents, 1);
  await sheet.locator('.ant-drawer-close').click();
  await page.locator('.ant-drawer-open').waitFor({ state: 'detached' });
  await row('售后组').getByText('排队达到 5 人时上限 150%').waitFor();
  await done();
});

test('a skill is added and an agent gets it, with a level, a language and a limit', async () => {
  const { page, row, dialog, button, done } = await staff(teams('/settings'));
  await button('添加技能').click();
  await dialog.getByLabel('技能名称').fill('退款');
  await dialog.getByRole('button', { name: '保存' }).click();
  await row('退款').waitFor();
  await page.goto(product.url + teams('/agents'));
  await page.locator('main').getByRole('button', { name: 'agent1' }).click();
  const sheet = page.locator('.ant-drawer');
  await sheet.getByLabel('最多同时接待').fill('8');
  await choose(page, sheet, '添加技能', '退款');
  await choose(page, sheet, '退款 的级别', '4 级');
  await write(sheet, '语言', ['zh_CN']);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await sheet.getByRole('button', { name: '保存' }).click();
  const agent = await until(async () => ((one) => one.load_max === 8 && one)(await agentNamed('agent1')), 'the limit');
  assert.equal(agent.skills[0].level, 4);
  assert.deepEqual(agent.languages, ['zh_CN']);
  await sheet.locator('.ant-drawer-close').click();
  await page.locator('.ant-drawer-open').waitFor({ state: 'detached' });
  await still(page);
  await page.locator('.team-agents .ant-table-row', { hasText: '退款 4 级' }).waitFor();
  await screenshot(page, 'teams-agents');
  await choose(page, page.locator('main'), '技能', '退款');
  await page.waitForURL('**skill=**');
  await page.locator('.team-agents .ant-table-row', { hasText: 'operator1' }).waitFor({ state: 'detached' });
  await page.locator('.team-agents .ant-table-row', { hasText: 'agent1' }).waitFor();
  await page.getByRole('searchbox', { name: '按名称查找客服' }).fill('nobody');
  await page.getByRole('searchbox', { name: '按名称查找客服' }).press('Enter');
  await page.getByText('没有符合筛选的客服').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('reasons and points are changed; the example goes along', async () => {
  const { page, panel, done } = await staff(teams('/settings'));
  await write(panel('状态原因'), '原因', ['盘点']);
  await panel('状态原因').getByRole('button', { name: '保存' }).click();
  await until(async () => (await product.api.get(`${teamsApi}/settings`)).presence_reasons.includes('盘点'), 'the reason');
  const points = panel('排队时增加的优先级');
  await points.getByText('相当于提前 1000 分钟').waitFor();
  await points.getByLabel('每分钟增加').fill('20');
  await points.getByText('相当于提前 50 分钟').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-settings');
  await points.getByRole('button', { name: '保存' }).click();
  await until(async () => (await product.api.get(`${teamsApi}/settings`)).points_per_minute === 20, 'the points');
  await done();
});

test('an agent says why they are away, and it is in their history', async () => {
  const agent = await staff(workbench(), { role: 'agent' });
  const { page } = agent;
  const mine = page.locator('.rail-account', { has: page.locator('.presence-now') });
  await mine.click();
  await page.getByRole('menuitem', { name: /^在线/ }).click();
  await page.locator('.rail-account', { hasText: '在线' }).waitFor();
  await mine.click();
  assert.deepEqual(await accessibility(page, '.presence-menu'), []);
  await screenshot(page, 'teams-presence');
  await page.getByRole('menuitem', { name: /^离开\s+盘点/ }).click();
  await page.locator('.rail-account', { hasText: '离开 · 盘点' }).waitFor();
  await agent.done();

  const { page: lead, done } = await staff(teams('/agents?presence=away'));
  await lead.locator('.team-agents .ant-table-row', { hasText: '离开 · 盘点' }).waitFor();
  await lead.locator('main').getByRole('button', { name: 'agent1' }).click();
  const sheet = lead.locator('.ant-drawer');
  await sheet.getByText('状态记录', { exact: true }).click();
  await sheet.locator('summary').first().click();
  await sheet.locator('.team-stays li', { hasText: '离开 · 盘点' }).first().waitFor();
  await settled(lead);
  assert.deepEqual(await accessibility(lead), []);
  await screenshot(lead, 'teams-history');
  await done();
});

describe('routing rules', () => {
  let afterSales;
  before(async () => {
    afterSales = (await groupNamed('售后组')) ?? (await product.api.post(`${teamsApi}/groups`, { name: '售后组' }));
  });

  test('one is written with its condition, its skill and its overflow', async () => {
    const { page, row, button, done } = await staff(teams('/rules'));
    await button('新建规则').click();
    const sheet = page.locator('.ant-drawer');
    const save = sheet.getByRole('button', { name: '保存' });
    await sheet.getByLabel('名称').fill('退款');
    assert.equal(await save.isDisabled(), true, 'the keywords are not said');
    await write(sheet.locator('.condition-part').first(), '值', ['退款', '退货']);
    await sheet.getByRole('button', { name: '添加条件' }).click();
    const second = sheet.locator('.condition-part').nth(1);
    await choose(page, second, '看什么', '参数');
    await second.getByLabel('参数名称').fill('level');
    await second.getByText('等级和身份只有签名后才可信').waitFor();
    await choose(page, second, '看什么', '客户等级');
    await choose(page, second, '怎样比较', '至多');
    await second.getByRole('spinbutton', { name: '值' }).fill('9');
    await choose(page, sheet, '客服组', '售后组');
    await choose(page, sheet, '添加技能', '退款');
    await sheet.getByRole('button', { name: '添加一步' }).click();
    assert.equal(await save.isDisabled(), true, 'the step allows nothing');
    await sheet.getByText('这一步没有放宽任何要求').waitFor();
    await sheet.getByText('不再要求技能').click();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'teams-rule');
    await save.click();
    await row('退款').getByText('客户的消息 含有 “退款”或“退货” 且 客户等级 至多 9').waitFor();
    const [rule] = await rulesNow();
    assert.deepEqual(rule.condition, { all: [has(['退款', '退货']), { field: 'level', op: 'at_most', value: 9 }] });
    assert.equal(rule.target.group, afterSales.id);
    assert.deepEqual(rule.target.overflow, [{ after_s: 60, groups: [], drop_skills: true, drop_language: false }]);
    await done();
  });

  test('they are put into another order by buttons, by keyboard and by dragging; what looks wrong is said', async () => {
    await addRule('都来', '1', null);
    await addRule('发票', '1', has(['发票']));
    const { page, row, button, done } = await staff(teams('/rules'));
    await row('都来').getByText('它适用于所有会话，后面的规则都不会起作用').waitFor();
    await row('发票').getByText('永远轮不到它：“都来”').waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'teams-rules');
    await button('上移 发票').click();
    await until(async () => (await namesOfRules()).join() === '退款,发票,都来', 'the order');
    await row('发票').getByText('永远轮不到它').waitFor({ state: 'detached' });
    // The focus went along with the row.
    await page.keyboard.press('Enter');
    await until(async () => (await namesOfRules()).join() === '发票,退款,都来', 'the order by keyboard');
    await page.locator('.rule-row', { hasText: '都来' }).locator('.rule-handle').dragTo(page.locator('.rule-row').first());
    await until(async () => (await namesOfRules()).join() === '都来,发票,退款', 'the order by dragging');
    await button('下移 都来').click();
    await until(async () => (await namesOfRules()).join() === '发票,都来,退款', 'one down');
    await page.getByRole('switch', { name: '启用 都来' }).click();
    await until(async () => (await rulesNow()).find((one) => one.name === '都来').enabled === false, 'switched off');
    await done();
  });

  test('a group that rules go to stays: the refusal names them', async () => {
    const { page, dialog, button, done } = await staff(teams());
    await button('删除客服组 售后组').click();
    await dialog.getByRole('button', { name: '删除' }).click();
    await dialog.getByText('还不能删除客服组“售后组”').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('link', { name: '退款' }).click();
    await page.waitForURL('**/teams/rules?rule=**');
    await page.locator('.ant-drawer').getByLabel('名称').waitFor();
    await done(['status of 409']);
  });

  test('two write the same rule: the second is told, and saves after a look', async () => {
    const { page, row, button, done } = await staff(teams('/rules'));
    await button('编辑 发票').click();
    const sheet = page.locator('.ant-drawer');
    await sheet.getByLabel('名称').fill('开发票');
    const [rule] = await rulesNow();
    await product.api.patch(`${teamsApi}/routing-rules/${rule.id}`, { version: rule.version, target: { ...rule.target, priority: 50 } });
    await sheet.getByText('在您修改期间改过这条规则').waitFor();
    await sheet.getByRole('button', { name: '保存' }).click();
    await row('开发票').getByText('优先级 +50').waitFor();
    assert.deepEqual((await namesOfRules())[0], '开发票');
    await done();
  });

  test('the simulator says who would get somebody, and why; also by a rule that is not saved', async () => {
    const agent = await product.login('agent');
    await agent.put(`${base}/presence`, { presence: 'online' });
    const { page, button, done } = await staff(teams('/try'));
    // As where the end of a motion is missed: no button may keep the sign that it is busy.
    await page.addStyleTag({ content: '.ant-btn * { transition: none !important; }' });
    const run = button('看看会怎样');
    await page.getByLabel('客户说').fill('我要退款');
    await run.click();
    await page.getByText('进入售后组的队列：规则“退款”适用。').waitFor();
    await page.getByText('客户的消息 含有 “退款”或“退货”：找到了“退款”').waitFor();
    await page.getByText('由agent1接待').waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'teams-try');

    await page.goto(product.url + teams('/rules'));
    await button('编辑 退款').click();
    const sheet = page.locator('.ant-drawer');
    await write(sheet.locator('.condition-part').first(), '值', ['换货']);
    await sheet.getByRole('link', { name: '先模拟' }).click();
    await page.waitForURL('**/teams/try?rules=draft');
    await page.getByLabel('客户说').fill('想换货');
    await run.click();
    await page.getByText('进入售后组的队列：规则“退款”适用。').waitFor();
    await page.getByText('已保存的规则', { exact: true }).click();
    await run.click();
    await page.getByText('没有规则适用，进入默认客服组的队列').waitFor();
    assert.deepEqual((await rulesNow()).find((one) => one.name === '退款').condition.all[0], has(['退款', '退货']), 'nothing was saved');
    await done();
  });
});

test('conversations go where rules send them; they are filtered by group, transferred and replayed', async () => {
  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'away', reason: 'lunch' });
  const refund = await customer(product, '王阿姨');
  await refund.say('退款什么时候到账');
  const other = await customer(product, '陈思远');
  await other.say('请问几点营业');
  const conversation = await conversationOf(product, refund.openid);
  await conversationOf(product, other.openid);
  const afterSales = await groupNamed('售后组');
  await until(async () => (await conversationOf(product, refund.openid)).group_id === afterSales.id, 'the group');

  const { page, dialog, done } = await staff(workbench());
  const line = (text) => page.locator('.wb-row', { hasText: text });
  await line('退款什么时候到账').getByText('售后组').waitFor();
  await line('请问几点营业').waitFor();
  await page.getByRole('combobox', { name: '客服组' }).selectOption({ label: '售后组' });
  await page.waitForURL('**group=**');
  await line('请问几点营业').waitFor({ state: 'detached' });
  await line('退款什么时候到账').click();
  await page.locator('.wb-events', { hasText: '按分配规则“退款”分到售后组' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-workbench');
  await page.getByRole('button', { name: '转接', exact: true }).click();
  await dialog.getByText('离开 · 用餐').waitFor();
  await dialog.getByText('客服组', { exact: true }).click();
  await dialog.getByText('排队').first().waitFor();
  await dialog.getByRole('searchbox', { name: '按名称查找' }).fill('默认');
  await dialog.getByRole('radio', { name: /默认客服组/ }).check();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-transfer');
  await dialog.getByRole('button', { name: '转接', exact: true }).click();
  await page.locator('.wb-events', { hasText: '转接到默认客服组' }).waitFor();
  await until(async () => (await conversationOf(product, refund.openid)).group_id === '1', 'the default group');

  // By the rules that sent it there nothing changes; without them it would not have gone there.
  await page.goto(product.url + teams('/replay'));
  const replay = page.getByRole('button', { name: '开始回放' });
  await replay.click();
  await page.getByText('0 个会进入另一个组').waitFor();
  for (const { id, version, enabled } of await rulesNow()) if (enabled) await product.api.patch(`${teamsApi}/routing-rules/${id}`, { version, enabled: false });
  await replay.click();
  await page.getByText('1 个会进入另一个组').waitFor();
  await page.getByText('不说会分给哪一位').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-replay');
  await page.getByRole('link', { name: `会话 ${conversation.id}` }).click();
  await page.locator('.bubble-in', { hasText: '退款什么时候到账' }).waitFor();
  await done();
});

test('a group becomes one of experts, another escalates to it, and a conversation is handed up', async () => {
  const { page, row, button, dialog, done } = await staff(teams());
  await button('编辑 默认客服组').click();
  const sheet = page.locator('.ant-drawer');
  await sheet.getByRole('switch', { name: '等待无人接待' }).click();
  await sheet.getByRole('spinbutton', { name: '等待无人接待的分钟数' }).fill('15');
  await sheet.getByText('还没有专家/主管级别的客服组').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-escalation');
  await sheet.getByRole('button', { name: '保存' }).click();
  await until(async () => (await groupNamed('默认客服组')).escalation.waiting_minutes === 15, 'the minutes');
  await sheet.locator('.ant-drawer-close').click();
  await page.locator('.ant-drawer-open').waitFor({ state: 'detached' });
  await row('默认客服组').getByText('等待 15 分钟升级').waitFor();
  await button('编辑 售后组').click();
  await sheet.getByText('专家/主管', { exact: true }).click();
  assert.equal(await sheet.getByRole('switch', { name: '等待无人接待' }).count(), 0, 'nothing is above them');
  await sheet.getByRole('button', { name: '保存' }).click();
  await until(async () => (await groupNamed('售后组')).tier === 'expert', 'the tier');

  await page.goto(product.url + teams('/try'));
  await page.getByText('专家/主管', { exact: true }).click();
  await button('看看会怎样').click();
  await page.locator('.team-answer', { hasText: '售后组' }).first().waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);

  const asks = await customer(product, '林小满');
  await asks.say('要找主管');
  const conversation = await conversationOf(product, asks.openid);
  await page.goto(product.url + workbench(`/${conversation.id}`));
  await page.getByRole('button', { name: '转接', exact: true }).click();
  await still(page); // a choice that is clicked while its dialog grows may miss the click
  await dialog.getByText('服务级别', { exact: true }).click();
  await dialog.getByRole('radio', { name: /专家\/主管/ }).check();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-transfer-tier');
  await dialog.getByRole('button', { name: '转接', exact: true }).click();
  await page.locator('.wb-events', { hasText: '转接到售后组' }).waitFor();
  await until(async () => (await conversationOf(product, asks.openid)).group_id === (await groupNamed('售后组')).id, 'the experts');
  await done();
});

test('once there are experts, a macro hands up to them', async () => {
  const { page, button, done } = await staff(`/m/${product.appid}/quick-replies/macros`);
  const sheet = page.locator('.ant-drawer');
  await button('添加组合操作').click();
  await sheet.getByLabel('名称', { exact: true }).fill('升级给专家');
  await sheet.getByRole('button', { name: '添加操作', exact: true }).click();
  await sheet.getByRole('menuitem', { name: '转到服务级别', exact: true }).click();
  await sheet.getByText('请选择服务级别').waitFor();
  await choose(page, sheet, '转到服务级别', '专家/主管');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'teams-macro-tier');
  await sheet.getByRole('button', { name: '保存', exact: true }).click();
  await page.locator('.qr-steps', { hasText: '转到服务级别“专家/主管”' }).waitFor();
  const [macro] = (await (await product.login('operator')).get(`${base}/macros`)).items;
  assert.deepEqual(macro.actions, [{ kind: 'transfer_tier', tier: 'expert' }]);
  await done();
});

test('an agent may look, and changes nothing', async () => {
  const { page, done } = await staff(teams(), { role: 'agent' });
  await page.getByText('您可以查看').waitFor();
  assert.equal(await page.getByRole('link', { name: '模拟', exact: true }).count(), 0);
  for (const [part, name] of [['', '新建客服组'], ['/settings', '添加技能'], ['/rules', '新建规则']]) {
    await page.goto(product.url + teams(part));
    await page.locator('.panel').first().waitFor();
    await settled(page);
    assert.equal(await page.getByRole('button', { name }).count(), 0, name);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await page.goto(product.url + teams(`/rules?rule=${(await rulesNow())[0].id}`));
  const sheet = page.locator('.ant-drawer');
  await sheet.getByLabel('名称').waitFor();
  assert.equal(await sheet.getByRole('button', { name: '保存' }).count(), 0);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
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
    const hours = [{ from: '09:00', to: '12:00' }, { from: '13:30', to: '18:00' }];
    const group = await product.api.post(`${teamsApi}/groups`, { name: '一个名字特别特别长的客服组，长到在手机上放不下', calendar: { time_zone: 'Asia/Shanghai', days: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] }, special: [{ date: '2027-02-06', name: '春节', spans: [] }] } });
    const tree = { all: [has(['一个很长很长很长很长很长很长的关键词']), { any: [{ field: 'page', op: 'starts_with', value: ['pages/goods'] }, { all: [{ field: 'time', op: 'within', value: group.calendar }, { field: 'signed_parameter', op: 'is', key: 'channel', value: ['vip'] }] }] }] };
    const rule = await addRule('一个名字很长的规则，里面什么都有', group.id, tree, { priority: 100, match_language: true, strategy: 'round_robin', overflow: [{ after_s: 60, groups: ['1'] }, { after_s: 300, groups: [], drop_skills: true, drop_language: true }] });
    const { account_id } = await agentNamed('agent1');
    parts = { groups: '', group: `?group=${group.id}`, agents: '/agents', agent: `/agents?agent=${account_id}`, settings: '/settings', rules: '/rules', rule: `/rules?rule=${rule.id}`, try: '/try', replay: '/replay' };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(teams(), options);
      for (const [part, path] of Object.entries(parts)) {
        await page.goto(product.url + teams(path));
        await page.locator('.panel').first().waitFor();
        if (/[?]/.test(path)) await page.locator('.ant-drawer-body').waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('.ant-drawer-body')].map((one) => one.scrollWidth - one.clientWidth)));
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `teams-${part}-${name}`);
      }
      await done();
    });
  }
});
