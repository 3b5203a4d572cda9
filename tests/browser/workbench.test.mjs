// The workbench of somebody with many conversations: views that are kept, several done at once, drafts that outlive a
// reload and a second tab, and an agent who answers from a train.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { picture } from '../harness/picture.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { morning } from './scene.mjs';

let product;
let browser;
let base;
let named; // the customers of the morning
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  const { customers } = await morning(product);
  named = Object.fromEntries(customers.map((one) => [one.nickname, one]));
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;
const of = (nickname) => named[nickname].conversation.id;
const now = (nickname) => product.api.get(`/conversations/${of(nickname)}`);
const said = async (nickname, text) => (await named[nickname].phone()).filter((line) => line.direction === 'out' && line.text?.content === text).length;

async function staff(path = workbench(), { role = 'agent', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    dialog: page.getByRole('dialog'),
    composer: page.locator('#composer'),
    row: (text) => page.locator('.wb-row', { hasText: text }),
    view: (name) => page.locator('.wb-saved button', { hasText: name }),
    button: (name) => page.getByRole('button', { name, exact: true }),
    box: (name) => page.getByRole('checkbox', { name: `选择 ${name}`, exact: true }),
    bulk: page.locator('.wb-bulk'),
    // `expected`: what the browser writes down of answers that are refused here by design.
    async done(expected) {
      assert.deepEqual(window.problems.filter((one) => !expected?.test(one)), []);
      await window.close();
    },
  };
}

test('a view is written with its count, kept, and for the chief to share', async () => {
  for (const nickname of ['王阿姨', '小鹿']) await product.api.patch(`/conversations/${of(nickname)}/wrap-up`, { tags: ['退款'] });
  const { page, dialog, row, view, button, done } = await staff();
  await row('Alex').waitFor();
  await button('管理视图').click();
  await dialog.getByRole('button', { name: '添加视图', exact: true }).click();
  await dialog.getByLabel('名称', { exact: true }).fill('没人管的退款');
  assert.equal(await dialog.getByRole('radio', { name: '共用' }).count(), 0, 'shared ones are others’');
  await dialog.getByLabel('会话标签', { exact: true }).fill('退款');
  await choose(page, dialog, '客服', '没有客服');
  await dialog.getByText('现在有 2 个会话符合').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'workbench-view');
  await dialog.getByRole('button', { name: '保存', exact: true }).click();
  await view('没人管的退款').getByText('2', { exact: true }).waitFor();
  await page.waitForURL('**saved=**');
  await row('Alex').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.wb-row').count(), 2);
  await page.reload();
  await row('王阿姨').waitFor();
  assert.equal(await view('没人管的退款').getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('.wb-row').count(), 2);

  // Its count is live.
  await product.api.patch(`/conversations/${of('Alex')}/wrap-up`, { tags: ['退款'] });
  await view('没人管的退款').getByText('3', { exact: true }).waitFor();
  await row('Alex').waitFor();
  await product.api.patch(`/conversations/${of('Alex')}/wrap-up`, { tags: [] });
  await row('Alex').waitFor({ state: 'detached' });
  await view('没人管的退款').click();
  await row('Alex').waitFor();
  await done();

  const chief = await staff(workbench(), { role: 'operator' });
  await chief.button('管理视图').click();
  for (const name of ['等太久', '快关窗']) {
    await chief.dialog.getByRole('button', { name: '添加视图', exact: true }).click();
    await chief.dialog.getByLabel('名称', { exact: true }).fill(name);
    await chief.dialog.getByText('共用', { exact: true }).click();
    if (name === '等太久') await chief.dialog.getByLabel('客户等待至少（分钟）', { exact: true }).fill('600');
    else await chief.dialog.getByLabel('回复时限剩余不超过（分钟）', { exact: true }).fill('120');
    await chief.dialog.getByRole('button', { name: '保存', exact: true }).click();
    await chief.view(name).waitFor();
    await chief.button('管理视图').click();
  }
  await chief.dialog.getByText('进行中和等待中 · 等待 ≥ 600 分钟').waitFor();
  await chief.dialog.getByRole('button', { name: '上移 快关窗', exact: true }).click();
  await until(async () => (await product.api.get(`${base}/conversation-views`)).items.map((one) => one.name).join() === '快关窗,等太久', 'the order');
  assert.equal(await chief.dialog.getByText('没人管的退款').count(), 0, 'an own one is nobody else’s');
  await settled(chief.page);
  assert.deepEqual(await accessibility(chief.page), []);
  await screenshot(chief.page, 'workbench-views');
  await chief.dialog.getByRole('button', { name: '删除 快关窗', exact: true }).click();
  await chief.dialog.locator('.ant-modal-confirm-title', { hasText: '删除视图“快关窗”？' }).waitFor();
  await chief.dialog.getByRole('button', { name: '删除', exact: true }).click();
  await chief.view('快关窗').waitFor({ state: 'detached' });
  await chief.done();
});

test('the list counts down how long, and how often, each customer may be written to', async () => {
  const { page, row, done } = await staff();
  await row('Alex').getByText(/^[1-5] 条 · 47 小时$/).waitFor();
  await row('Alex').click();
  await page.locator('.budget').getByText(/还可发送 [1-5] 条/).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('several are taken at once: what failed says why, and the rest is taken back', async () => {
  const { page, dialog, bulk, box, button, done } = await staff();
  await button('选择多个会话').click();
  for (const nickname of ['王阿姨', 'Alex', '小鹿']) await box(nickname).check();
  await bulk.getByText('已选 3 个').waitFor();
  await bulk.getByRole('button', { name: '接入', exact: true }).click();
  await dialog.getByText('接入：3 个会话').waitFor();
  const other = await product.login('operator');
  await other.post(`/conversations/${of('Alex')}/take`);
  await dialog.getByRole('button', { name: '开始', exact: true }).click();
  await dialog.getByText('成功 2 个，没有成功 1 个').waitFor();
  await dialog.locator('li', { hasText: 'Alex' }).getByText('已被同事接入').waitFor();
  assert.equal((await now('王阿姨')).assignee.display_name, 'agent1');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'workbench-bulk');
  await dialog.getByRole('button', { name: '撤销', exact: true }).click();
  await dialog.getByText('已撤销 2 个，没有撤销 0 个').waitFor();
  assert.deepEqual([(await now('王阿姨')).assignee, (await now('小鹿')).assignee], [null, null]);
  await dialog.locator('.ant-modal-footer').getByRole('button', { name: '关闭', exact: true }).click();
  await bulk.waitFor({ state: 'detached' });
  await other.post(`/conversations/${of('Alex')}/release`);
  await done(/status of 409/);
});

test('by keyboard: the map says how, rows are chosen, closed with what is said, and reopened', async () => {
  const { page, dialog, bulk, row, done } = await staff(workbench('?view=waiting'));
  await row('陈思远').waitFor();
  await page.keyboard.press('?');
  await dialog.getByText('选择或取消选择会话').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'workbench-keys');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await bulk.getByText('已选 1 个').waitFor();
  await page.keyboard.press('Shift+J');
  await bulk.getByText('已选 2 个').waitFor();
  const chosen = await page.locator('.wb-rows li', { has: page.locator('.wb-check:checked') }).locator('.wb-row-name').allTextContents();
  await bulk.getByRole('button', { name: '结束', exact: true }).click();
  await dialog.getByText('未解决', { exact: true }).click();
  await dialog.getByRole('button', { name: '开始', exact: true }).click();
  await dialog.getByText('成功 2 个，没有成功 0 个').waitFor();
  for (const nickname of chosen) assert.equal((await now(nickname)).state, 'closed', nickname);
  await dialog.getByRole('button', { name: '撤销', exact: true }).click();
  await dialog.getByText('已撤销 2 个，没有撤销 0 个').waitFor();
  for (const nickname of chosen) assert.notEqual((await now(nickname)).state, 'closed', nickname);
  await dialog.locator('.ant-modal-footer').getByRole('button', { name: '关闭', exact: true }).click();
  await done();
});

test('a draft is in both tabs, is sent once, and a note stays a note', async () => {
  const path = workbench(`/${of('林小满')}`);
  const { page, context, composer, done } = await staff(path);
  const second = await context.newPage();
  await second.goto(product.url + path);
  const other = second.locator('#composer');
  await other.waitFor();
  await composer.fill('查到了');
  await until(async () => (await other.inputValue()) === '查到了', 'the draft in the second tab');
  await other.fill('查到了，明天到。');
  await until(async () => (await composer.inputValue()) === '查到了，明天到。', 'the draft in the first tab');
  await Promise.all([composer.press('Enter'), other.press('Enter')]);
  await until(async () => (await said('林小满', '查到了，明天到。')) > 0, 'the answer on the phone');
  await until(async () => (await composer.inputValue()) === '' && (await other.inputValue()) === '', 'both to be empty');
  await page.locator('.bubble-out[data-state=sent]', { hasText: '查到了，明天到。' }).waitFor();
  assert.equal(await page.locator('.bubble-out', { hasText: '查到了，明天到。' }).count(), 1);
  await second.close();

  await page.locator('.wb-head h2').click();
  await page.keyboard.press('n');
  await page.getByLabel('写内部备注', { exact: true }).fill('这位脾气急');
  await page.reload();
  const note = page.getByLabel('写内部备注', { exact: true });
  await until(async () => (await note.inputValue()) === '这位脾气急', 'the note to be a note');
  await note.fill('');
  assert.equal(await said('林小满', '查到了，明天到。'), 1);
  await done(/status of 409/); // whoever was second was told
});

test('pictures that a reload took are named; signing out forgets all drafts', async () => {
  const { page, composer, row, button, done } = await staff(workbench(`/${of('林小满')}`));
  await composer.waitFor();
  await page.locator('.composer input[type=file]').setInputFiles({ name: '快递单.png', mimeType: 'image/png', buffer: picture });
  await page.locator('.composer-picture').waitFor();
  await page.reload();
  await page.getByText('选好的 快递单.png 没能留住，请重新选择').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'workbench-lost-picture');
  await button('不要了').click();
  await page.getByText('没能留住').waitFor({ state: 'detached' });
  await composer.fill('还没写完');
  await row('王阿姨').click();
  await row('林小满').locator('.wb-draft').waitFor();
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('miniops.own.')).length);
  assert.equal(await kept(), 1);
  await page.getByRole('button', { name: 'A agent1', exact: true }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.locator('#username').waitFor();
  assert.equal(await kept(), 0);
  await done(/status of 401/); // what was being asked when they left
});

test('from a train: list, conversation and back; what is written without a connection goes once, in order', async () => {
  await named['林小满'].say('还在吗？');
  await until(async () => (await now('林小满')).budget.remaining >= 3, 'enough that may still be sent');
  const { page, composer, row, button, close } = await staff(workbench(), { viewport: phone });
  await row('林小满').click();
  await composer.waitFor();
  const inSight = async () => {
    const { y, height } = await page.locator('.composer').boundingBox();
    return y + height <= phone.height + 1;
  };
  assert.ok(await inSight());
  await button('返回').click();
  await row('陈思远').waitFor();
  await page.goBack();
  await composer.waitFor();

  await product.server.kill();
  await page.locator('.connection-lost').waitFor();
  await page.getByText('连接断开：发出的消息先留在这里').waitFor();
  for (const text of ['在火车上，', '马上给您查。']) {
    await composer.fill(text);
    await composer.press('Enter');
    await page.locator('.bubble-pending', { hasText: text }).waitFor();
  }
  await page.locator('.delivery', { hasText: '等待连接，恢复后自动发出' }).nth(1).waitFor();
  assert.equal(await page.locator('.delivery-failed').count(), 0);
  assert.ok(await inSight());
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'workbench-train');
  await product.restart();
  await until(async () => (await said('林小满', '马上给您查。')) > 0, 'the answers on the phone', 30000);
  const lines = (await named['林小满'].phone()).filter((line) => ['在火车上，', '马上给您查。'].includes(line.text?.content)).map((line) => line.text.content);
  assert.deepEqual(lines, ['在火车上，', '马上给您查。']);
  await page.locator('.bubble-pending').first().waitFor({ state: 'detached' });
  await page.locator('.connection-lost').waitFor({ state: 'detached' });
  await close();
});

test('a part of the page that a tunnel keeps away comes after it, and the page stays', async () => {
  const { page, composer, dialog, row, button, done } = await staff(workbench());
  const kept = [/\/assets\/TransferDialog[^/]*\.js/, '**/healthz'];
  for (const one of kept) await page.route(one, (route) => route.abort());
  await row('林小满').click();
  await composer.waitFor();
  const asked = page.waitForRequest('**/healthz');
  await button('转接').click();
  await asked;
  assert.ok(await composer.isVisible());
  assert.equal(await dialog.count(), 0);
  for (const one of kept) await page.unroute(one);
  await dialog.getByRole('button', { name: '取消', exact: true }).click();
  await done(/net::ERR_FAILED/);
});

describe('each part draws, without a complaint', () => {
  const windows = [
    { name: 'zh-desktop', language: 'zh', viewport: desktop },
    { name: 'zh-phone', language: 'zh', viewport: phone },
    { name: 'en-desktop', language: 'en', viewport: desktop },
    { name: 'en-phone', language: 'en', viewport: phone },
    { name: 'zh-desktop-dark', language: 'zh', viewport: desktop, theme: 'dark' },
  ];
  before(async () => {
    const long = '一个名字特别特别长的视图，长到在手机上一行放不下';
    for (const name of [long, '退款', '大客户', '快关窗']) await product.api.post(`${base}/conversation-views`, { scope: 'shared', name, filter: { tag: '退款', waiting_minutes: 5, unread: true } });
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, dialog, bulk, done } = await staff(workbench(), { role: 'operator', ...options });
      const looked = async (part) => {
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('.wb-list, .wb-bulk, .ant-modal-body')].map((one) => one.scrollWidth - one.clientWidth)));
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `workbench-${part}-${name}`);
      };
      const press = (text) => page.getByRole('button', { name: text }).first().click();
      await page.locator('.wb-saved button').first().waitFor();
      await page.locator('.wb-row').first().waitFor();
      await looked('list');
      await press(/^(管理视图|Manage views)$/);
      await dialog.locator('.views-list li').first().waitFor();
      await looked('views');
      await dialog.getByRole('button', { name: /^(添加视图|Add a view)$/ }).click();
      await dialog.locator('#view-name').waitFor();
      await looked('view');
      await dialog.getByRole('button', { name: /^(取消|Cancel)$/ }).click();
      await dialog.locator('.views-list li').first().waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await press(/^(选择多个会话|Choose several)$/);
      await page.locator('.wb-check').first().check();
      await bulk.waitFor();
      await looked('choosing');
      for (const [part, label] of [['transfer', /^(转接|Transfer)$/], ['park', /^(挂起|Park)$/], ['close', /^(结束|Close)$/]]) {
        await bulk.getByRole('button', { name: label }).click();
        await dialog.getByRole('button', { name: /^(开始|Start)$/ }).waitFor();
        await looked(`bulk-${part}`);
        await dialog.getByRole('button', { name: /^(取消|Cancel)$/ }).click();
        await dialog.waitFor({ state: 'detached' });
      }
      await done();
    });
  }
});
