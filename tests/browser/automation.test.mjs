// 自动化规则, as a supervisor uses them: one is written and tried on what was, before it acts; then it answers, marks and
// tells, and the log says what came of it, or why nothing did.
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
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const automation = (rest = '') => `/m/${product.appid}/automation${rest}`;
const rulesNow = async () => (await product.api.get(`${base}/automation-rules`)).items;
const namesNow = async () => (await rulesNow()).map((one) => one.name).join();
const ruleNamed = async (name) => (await rulesNow()).find((one) => one.name === name);
const has = (...value) => ({ field: 'text', op: 'has', value });
const add = (rule) => product.api.post(`${base}/automation-rules`, rule);

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
    following,
    main,
    sheet: page.locator('.ant-drawer'),
    dialog: page.getByRole('dialog'),
    row: (text) => page.locator('.rule-row', { hasText: text }),
    entry: (text) => page.locator('.auto-rows > li', { hasText: text }),
    button: (name) => main.getByRole('button', { name, exact: true }),
    toast: page.locator('.ant-notification-notice'),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

// Somebody who wrote, and is called by a name.
async function asks(nickname, text) {
  const one = await customer(product, nickname);
  await one.say(text);
  const { id } = await conversationOf(product, one.openid);
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname });
  return { ...one, id };
}
const tagsOf = async ({ openid }) => (await product.api.get(`${base}/customers/${openid}`)).tags;

test('before there is a rule the pages say what it is for', async () => {
  const { page, done } = await staff(automation());
  for (const [part, words] of [['', '还没有自动化规则'], ['/log', '还没有执行记录']]) {
    await page.goto(product.url + automation(part));
    await page.getByText(words, { exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await done();
});

test('one is written as when, if and then, and tried on what was before it is saved', async () => {
  const before = await asks('林小满', '我要退款');
  await asks('陈思远', '可以开发票吗');
  const { page, sheet, row, button, done } = await staff(automation());
  await button('新建自动化规则').click();
  await sheet.getByLabel('名称', { exact: true }).fill('退款安抚');
  await choose(page, sheet, '发生什么', '会话开始');
  const words = sheet.getByRole('combobox', { name: '值', exact: true });
  await words.fill('退款');
  await words.press('Enter');
  await words.blur();
  const step = async (kind) => {
    await sheet.getByRole('button', { name: '添加操作', exact: true }).click();
    await sheet.getByRole('menuitem', { name: kind, exact: true }).click();
  };
  const save = sheet.getByRole('button', { name: '保存', exact: true });
  const dryRun = sheet.getByRole('button', { name: '试运行', exact: true });
  assert.equal(await dryRun.isDisabled(), true, 'it does nothing yet');
  await step('发送文字');
  await sheet.getByLabel('发送文字', { exact: true }).fill('{{customer.nickname|亲}}，退款请稍候');
  await step('设置优先级');
  await sheet.getByRole('spinbutton', { name: '设置优先级', exact: true }).fill('30');
  await step('添加标签');
  assert.equal(await save.isDisabled(), true, 'which tag is not said');
  await sheet.getByLabel('添加标签', { exact: true }).fill('退款');

  await dryRun.click();
  await sheet.getByText('最近 2 个会话里，会在 1 个执行，一共 1 次').waitFor();
  assert.match(await sheet.getByRole('link', { name: '林小满' }).getAttribute('href'), new RegExp(`/desk/workbench/${before.id}$`));
  await sheet.getByText('不会执行（1）', { exact: true }).click();
  await sheet.locator('.auto-rows > li', { hasText: '陈思远' }).getByText('客户的消息 含有 “退款”').waitFor();
  assert.deepEqual(await tagsOf(before), [], 'nothing was done');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  assert.deepEqual(await overFoot(page), []);
  await screenshot(page, 'automation-sheet');
  await sheet.getByRole('button', { name: '上移 添加标签', exact: true }).focus();
  await page.keyboard.press('Enter');
  await sheet.getByText('规则已改动，请再试一次。').waitFor();
  await save.click();
  await row('退款安抚').getByText('优先级设为 30').waitFor();
  const stored = await ruleNamed('退款安抚');
  assert.deepEqual([stored.when.event, stored.condition, stored.actions], ['opened', { all: [has('退款')] }, [{ kind: 'send_text', text: '{{customer.nickname|亲}}，退款请稍候' }, { kind: 'add_tag', tag: '退款' }, { kind: 'set_priority', priority: 30 }]]);
  await done();
});

test('it acts, and the log says what was done, and why not', async () => {
  const one = await asks('王阿姨', '退款到哪里了');
  await until(async () => (await one.phone()).some((line) => line.direction === 'out' && line.text?.content.endsWith('退款请稍候')), 'the text on the phone');
  assert.deepEqual(await tagsOf(one), ['退款']);
  const other = await asks('小鹿', '优惠券用不了');
  const { page, row, entry, button, done } = await staff(automation());
  await row('退款安抚').getByRole('link', { name: '退款安抚 的执行记录', exact: true }).click();
  await page.waitForURL('**/automation/log?rule=*');
  const fired = entry(`会话 ${one.id}`);
  await fired.getByText('已执行', { exact: true }).waitFor();
  assert.equal(await fired.getByRole('img', { name: '完成' }).count(), 3);
  const missed = entry(`会话 ${other.id}`);
  await missed.getByText('条件不符', { exact: true }).waitFor();
  await missed.getByText('客户的消息 含有 “退款”').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'automation-log');
  await choose(page, page.locator('main'), '结果', '已执行');
  await page.waitForURL('**outcome=fired**');
  await missed.waitFor({ state: 'detached' });
  await button('清除全部筛选').click();
  await missed.getByRole('button', { name: `只看这个会话 ${other.id}`, exact: true }).click();
  await page.waitForURL(`**conversation=${other.id}`);
  await fired.waitFor({ state: 'detached' });
  await missed.getByRole('link', { name: `会话 ${other.id}`, exact: true }).click();
  await page.locator('.bubble-in', { hasText: '优惠券用不了' }).waitFor();
  await done();
});

test('a supervisor is told where they are; what could not be done is said', async () => {
  await add({ name: '投诉', when: { event: 'message_received' }, condition: has('投诉'), actions: [{ kind: 'notify_supervisor', text: '有客户投诉' }, { kind: 'park', minutes: 30 }] });
  const { page, toast, entry, following, done } = await staff(`/m/${product.appid}/overview`);
  const agent = await staff(`/m/${product.appid}/desk/workbench`, { role: 'agent' });
  await Promise.all([following, agent.following]);
  const one = await asks('周末露营', '我要投诉');
  await toast.getByText('有客户投诉', { exact: true }).waitFor();
  await toast.getByText('自动化规则“投诉”', { exact: true }).waitFor();
  assert.deepEqual(await accessibility(page, '.ant-notification'), []);
  await screenshot(page, 'automation-toast');
  await toast.getByRole('link', { name: '查看会话', exact: true }).click();
  await page.locator('.bubble-in', { hasText: '我要投诉' }).waitFor();
  const event = page.locator('.wb-events > li', { hasText: '通知主管' });
  await event.getByText('有客户投诉', { exact: true }).waitFor();
  await event.getByText('· 投诉', { exact: true }).waitFor();
  await page.goto(product.url + automation(`/log?conversation=${one.id}&outcome=fired`));
  await entry('投诉').getByText(/会话没有人接待，不能挂起/).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
  assert.equal(await agent.toast.count(), 0, 'agents are told nothing');
  await agent.done();
});

test('rules are put into another order by keyboard and by dragging, switched off, and deleted after a question', async () => {
  const { page, sheet, dialog, row, button, done } = await staff(automation());
  await row('投诉').waitFor();
  await button('上移 投诉').focus();
  await page.keyboard.press('Enter');
  await until(async () => (await namesNow()) === '投诉,退款安抚', 'the order by keyboard');
  await page.getByText('“投诉”现在是第 1 条').waitFor({ state: 'attached' });
  await row('退款安抚').locator('.rule-handle').dragTo(page.locator('.rule-row').first());
  await until(async () => (await namesNow()) === '退款安抚,投诉', 'the order by dragging');
  await page.getByRole('switch', { name: '启用 退款安抚', exact: true }).click();
  await until(async () => (await ruleNamed('退款安抚')).enabled === false, 'switched off');

  await button('编辑 投诉').click();
  const name = sheet.getByLabel('名称', { exact: true });
  await name.fill('投诉与建议');
  await page.keyboard.press('Escape');
  await dialog.locator('.ant-modal-confirm-title', { hasText: '放弃没有保存的修改？' }).waitFor();
  await still(page);
  await dialog.getByRole('button', { name: '放弃修改', exact: true }).click();
  await name.waitFor({ state: 'hidden' });
  await still(page);

  await button('删除 投诉').click();
  await dialog.locator('.ant-modal-confirm-title', { hasText: '删除自动化规则“投诉”？' }).waitFor();
  await still(page);
  await dialog.getByRole('button', { name: '删除', exact: true }).click();
  await row('投诉').waitFor({ state: 'detached' });
  await page.goto(product.url + automation('/log?outcome=fired'));
  await page.locator('.auto-rows > li', { hasText: '投诉' }).getByText('已删除', { exact: true }).waitFor();
  await done();
});

test('an agent reads the rules, and has no log', async () => {
  const { page, main, row, done } = await staff(automation('/log'), { role: 'agent' });
  await row('退款安抚').getByText('客户的消息 含有 “退款”').waitFor();
  await page.getByText('您可以查看，修改需要“客服配置”权限。').waitFor();
  assert.equal(await main.getByRole('button').count(), 0);
  assert.equal(await page.getByRole('switch', { name: '启用 退款安抚', exact: true }).isDisabled(), true);
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
    const long = '一段很长的话，里面有很长的网址 https://example.com/a/very/long/path/that/does/not/break/anywhere/at/all?with=a&long=query，在手机上也要放得下。';
    const group = await product.api.post(`${base}/teams/groups`, { name: '一个名字特别特别长的客服组，长到在手机上放不下' });
    const condition = { all: [has('退款', '退货', long), { any: [{ field: 'level', op: 'at_least', value: 3 }, { field: 'page', op: 'starts_with', value: ['pages/a/very/long/path/that/does/not/break'] }] }] };
    const actions = [{ kind: 'send_text', text: `{{agent.name}}：${long}` }, { kind: 'note', text: long }, { kind: 'add_tag', tag: '老客户' }, { kind: 'remove_tag', tag: '新客户' }, { kind: 'set_level', level: 3 }, { kind: 'set_priority', priority: 500 }, { kind: 'notify_supervisor', text: long }, { kind: 'transfer_group', group_id: group.id }];
    const rule = await add({ name: '一个名字特别特别长的自动化规则，长到放不下一行，里面什么都有', when: { event: 'waiting', minutes: 10 }, condition, actions });
    await add({ name: '每次都发', when: { event: 'message_received' }, condition: null, actions: [{ kind: 'send_text', text: '收到' }] });
    const gone = await product.api.post(`${base}/teams/groups`, { name: '临时组' });
    await add({ name: '转给临时组', when: { event: 'reopened' }, condition: null, actions: [{ kind: 'transfer_group', group_id: gone.id }] });
    await product.api.delete(`${base}/teams/groups/${gone.id}`);
    await asks('陈思远', '在吗');
    parts = {
      rules: ['.rule-warning', automation()],
      sheet: ['.auto-foot', automation(`?rule=${rule.id}`)],
      log: ['.auto-rows > li', automation('/log')],
      none: ['.state', automation('/log?outcome=paused')],
    };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, sheet, done } = await staff(automation(), options);
      const looked = async (part) => {
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('.ant-drawer-body')].map((one) => one.scrollWidth - one.clientWidth)));
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `automation-${part}-${name}`);
      };
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await looked(part);
      }
      await page.goto(product.url + parts.sheet[1]);
      await sheet.locator('.auto-dry button').first().click();
      await sheet.locator('.auto-dry .auto-bar').scrollIntoViewIfNeeded();
      await looked('dry-run');
      await done();
    });
  }
});
