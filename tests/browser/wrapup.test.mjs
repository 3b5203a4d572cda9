// 会话小结: what is asked at closing is set up, answered with a few keys, changed afterwards, found and counted again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn, takeOut } from './browser.mjs';
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

const wrapUp = (rest = '') => `/m/${product.appid}/wrap-up${rest}`;
const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;
const reasonsNow = async () => (await product.api.get(`${base}/contact-reasons`)).items;
const reasonNamed = async (name) => (await reasonsNow()).find((one) => one.name === name);
const now = (id) => product.api.get(`/conversations/${id}`);

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  const main = page.locator('main');
  return {
    ...window,
    main,
    dialog: page.getByRole('dialog'),
    button: (name) => main.getByRole('button', { name, exact: true }),
    async done(but = []) {
      assert.deepEqual(
        window.problems.filter((one) => !but.some((words) => one.includes(words))),
        [],
      );
      await window.close();
    },
  };
}

// Somebody who wrote, with the agent.
async function served(nickname, text) {
  const one = await customer(product, nickname);
  await one.say(text);
  const { id } = await conversationOf(product, one.openid);
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname });
  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'busy' }); // nothing comes by itself
  await agent.post(`/conversations/${id}/take`);
  return { ...one, id };
}

test('before anything is set up the pages say what comes first', async () => {
  const { page, done } = await staff(wrapUp());
  for (const [part, words] of [['', '还没有联系原因'], ['/fields', '还没有会话字段']]) {
    await page.goto(product.url + wrapUp(part));
    await page.getByText(words, { exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await done();
});

test('reasons are listed in two levels and put in order, by keyboard', async () => {
  const { page, main, dialog, button, done } = await staff(wrapUp());
  const add = async (opens, name) => {
    await button(opens).click();
    await dialog.getByLabel('名称', { exact: true }).fill(name);
    await settled(page);
    await dialog.getByRole('button', { name: '保存', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await button(`编辑 ${name}`).waitFor();
  };
  await add('添加原因', '售后');
  await add('在“售后”下添加下级', '退款');
  await add('在“售后”下添加下级', '换货');
  await add('添加原因', '咨询');
  await button('上移 换货').focus();
  await page.keyboard.press('Enter');
  await until(async () => {
    const below = (await reasonsNow()).filter((one) => one.parent_id).map((one) => one.name);
    return below.join() === '换货,退款';
  }, 'the new order');
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-label') === '下移 换货'); // the focus went along
  await button('编辑 换货').click();
  const tags = dialog.getByRole('combobox', { name: '推荐给带这些标签的会话' });
  await tags.fill('尺码');
  await tags.press('Enter');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  assert.deepEqual(await overFoot(page), []);
  await screenshot(page, 'wrapup-reason-dialog');
  await dialog.getByRole('button', { name: '保存', exact: true }).click();
  await main.getByText('#尺码').waitFor();
  assert.deepEqual((await reasonNamed('换货')).tags, ['尺码']);
  await done();
});

test('a field of each kind; one that nobody used is deleted', async () => {
  const { page, dialog, button, main, done } = await staff(wrapUp('/fields'));
  const add = async (name, key, type, more = async () => {}) => {
    await button('添加字段').click();
    await dialog.getByLabel('名称', { exact: true }).fill(name);
    await dialog.getByLabel('标识', { exact: true }).fill(key);
    await dialog.locator('.ant-segmented-item', { hasText: type }).click();
    await more();
    await settled(page);
    await dialog.getByRole('button', { name: '保存', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await button(`编辑 ${name}`).waitFor();
  };
  await add('订单号', 'order_no', '文字');
  await add('退款金额', 'amount', '数字', () => dialog.getByRole('spinbutton', { name: '最小' }).fill('0'));
  await add('渠道', 'channel', '选项', async () => {
    for (const choice of ['门店', '网店']) {
      await dialog.getByRole('combobox', { name: '选项' }).fill(choice);
      await page.keyboard.press('Enter');
    }
  });
  await add('约定日期', 'due', '日期');
  await button('上移 约定日期').click();
  await until(async () => (await product.api.get(`${base}/conversation-fields`)).items.map((one) => one.key).join() === 'order_no,amount,due,channel', 'the order');
  await button('删除 约定日期').click();
  await dialog.locator('.ant-modal-confirm-title', { hasText: '删除“约定日期”？' }).waitFor();
  await settled(page);
  await dialog.getByRole('button', { name: '删除', exact: true }).click();
  await main.getByText('约定日期').waitFor({ state: 'detached' });
  assert.equal((await product.api.get(`${base}/conversation-fields`)).items.length, 3);
  await done();
});

test('without anything required E and Enter still close at once', async () => {
  const { id } = await served('赵小满', '你好');
  const { page, done } = await staff(workbench(`/${id}`), { role: 'agent' });
  await page.locator('.wb-head').waitFor();
  await page.locator('.wb-head').click();
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: '结束会话' }).getByRole('radio', { name: '已解决' }).press('Enter');
  await page.locator('.composer-closed').waitFor();
  assert.equal((await now(id)).reason, null);
  await done();
});

test('what tags suggest is confirmed at closing, and changed beside the conversation afterwards', async () => {
  const { id, openid } = await served('钱多多', '想换大一号');
  await product.api.patch(`${base}/customers/${openid}`, { tags: ['尺码'] });
  const { page, done } = await staff(workbench(`/${id}`), { role: 'agent' });
  await page.locator('.wb-head').waitFor();
  await page.locator('.wb-head').click();
  await page.keyboard.press('e');
  const closing = page.getByRole('dialog', { name: '结束会话' });
  await closing.getByText('按分配规则或标签推荐，请确认').waitFor();
  await closing.getByLabel('订单号', { exact: true }).fill('A-1024');
  const tags = closing.getByRole('combobox', { name: '会话标签' });
  await tags.fill('催办');
  await tags.press('Enter');
  await page.evaluate(() => document.activeElement.blur()); // its list closes
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'wrapup-closing');
  await closing.getByRole('radio', { name: '已解决' }).press('Enter');
  await page.locator('.composer-closed').waitFor();
  const closed = await now(id);
  assert.deepEqual([closed.reason.name, closed.tags, closed.fields], ['售后 / 换货', ['催办'], { order_no: 'A-1024' }]);
  await page.locator('.wb-head', { hasText: '售后 / 换货' }).waitFor();
  await page.locator('.wb-head', { hasText: '#催办' }).waitFor();

  const beside = page.locator('.wb-customer');
  await choose(page, beside, '联系原因', '售后 / 退款');
  await beside.getByRole('button', { name: '保存小结', exact: true }).click();
  await page.locator('.wb-head', { hasText: '售后 / 退款' }).waitFor();
  await page.locator('.wb-events', { hasText: '确认联系原因' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  assert.equal((await now(id)).reason.name, '售后 / 退款');
  await done();
});

test('a reason that is required is asked for; what was used is archived', async () => {
  const chief = await staff(wrapUp());
  await chief.main.getByRole('switch', { name: '必须选择联系原因' }).click();
  await until(async () => (await product.api.get(`${base}/wrap-up-settings`)).reason_required, 'the setting');
  await chief.button('停用 退款').click();
  await chief.button('恢复使用 退款').waitFor();
  await chief.done();

  const { id } = await served('孙悟', '退款到哪了');
  const { page, done } = await staff(workbench(`/${id}`), { role: 'agent' });
  await page.locator('.wb-head').waitFor();
  await page.locator('.wb-head').click();
  await page.keyboard.press('e');
  const closing = page.getByRole('dialog', { name: '结束会话' });
  await closing.getByRole('combobox', { name: '联系原因' }).waitFor();
  await settled(page);
  await closing.getByRole('radio', { name: '已解决' }).press('Enter');
  await closing.getByText('请选择联系原因').waitFor();
  assert.notEqual((await now(id)).state, 'closed');
  await choose(page, closing, '联系原因', '咨询');
  await closing.getByRole('button', { name: '结束会话', exact: true }).click();
  await page.locator('.composer-closed').waitFor();
  assert.equal((await now(id)).reason.name, '咨询');
  await product.api.put(`${base}/wrap-up-settings`, { reason_required: false });
  await done();
});

test('records are found by reason and tag; reports count by them and lead there', async () => {
  const { page, main, done } = await staff(`/m/${product.appid}/desk/records`);
  const hits = main.locator('.rec-hit');
  await choose(page, main, '联系原因', '售后');
  await page.waitForURL((url) => url.searchParams.has('reason_id'));
  await main.getByText('共 1 条', { exact: true }).waitFor();
  await choose(page, main, '会话标签', '催办');
  await page.waitForURL((url) => url.searchParams.get('tag') === '催办');
  await main.getByRole('button', { name: '去掉筛选：会话标签：催办', exact: true }).waitFor();
  await hits.filter({ hasText: '钱多多' }).filter({ hasText: '售后 / 退款 · #催办' }).click();
  await main.locator('.rec-facts', { hasText: '售后 / 退款' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'wrapup-records');

  const figures = () => product.api.get(`${base}/desk/reports/figures?${new URLSearchParams({ from: Date.now() - 86_400_000, to: Date.now() + 60_000, by: 'tag' })}`);
  await until(async () => ((one) => one.pending === 0 && one.rows.some((row) => row.tag === '催办'))(await figures()), 'the tag in reports');
  for (const [section, title, row] of [['reasons', '各联系原因', '售后 / 退款'], ['tags', '各会话标签', '催办']]) {
    await page.goto(`${product.url}/m/${product.appid}/reports/${section}`);
    const link = page.getByRole('region', { name: title, exact: true }).getByRole('link', { name: `${row} 会话量 1，查看会话`, exact: true });
    await link.waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], section);
    await link.click();
    await page.waitForURL('**/reports/conversations**');
    await page.locator('.rep-list .ant-table-row').first().waitFor();
    assert.equal(await page.locator('.rep-list .ant-table-row').count(), 1, section);
  }
  await done();
});

test('an agent reads what is set up, and changes nothing', async () => {
  const { page, main, done } = await staff(wrapUp(), { role: 'agent' });
  await main.getByText('您可以查看，修改需要“客服设置”权限。').waitFor();
  await main.locator('.wu-row', { hasText: '换货' }).waitFor();
  assert.equal(await main.getByRole('button', { name: '添加原因' }).count(), 0);
  assert.equal(await main.getByRole('switch', { name: '必须选择联系原因' }).isDisabled(), true);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

describe('every part in both languages, wide and narrow, light and dark', () => {
  const windows = [
    { name: 'zh-desktop', language: 'zh', viewport: desktop },
    { name: 'zh-phone', language: 'zh', viewport: phone },
    { name: 'en-desktop', language: 'en', viewport: desktop },
    { name: 'en-phone', language: 'en', viewport: phone },
    { name: 'zh-desktop-dark', language: 'zh', viewport: desktop, theme: 'dark' },
  ];
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(wrapUp(), options);
      for (const [part, there, path] of [
        ['reasons', '.wu-row', wrapUp()],
        ['fields', '.wu-row', wrapUp('/fields')],
        ['records', '.rec-hit', `/m/${product.appid}/desk/records?tag=${encodeURIComponent('催办')}`],
        ['report-reasons', '.rep-table .ant-table-row', `/m/${product.appid}/reports/reasons`],
        ['report-tags', '.rep-table .ant-table-row', `/m/${product.appid}/reports/tags`],
      ]) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `wrapup-${part}-${name}`);
      }
      await done();
    });
  }
});

test('a customer ends the conversation with a word that the settings name', async () => {
  const { page, main, button, done } = await staff(`/m/${product.appid}/desk/settings/general`);
  const words = main.getByRole('combobox', { name: '客户只发以下任一内容，即结束会话' });
  await words.fill('5');
  await words.press('Enter');
  await page.getByText('1–5 是满意度评价的答案').waitFor();
  await takeOut(page, '5');
  const long = '没有其他问题了谢谢你今天给我的所有帮助再见';
  await words.fill(long);
  await words.press('Enter');
  await page.getByText(`“${long}”超过 20 个字`).waitFor();
  await takeOut(page, long);
  await words.fill('没有问题了');
  await words.press('Enter');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'wrapup-end-words');
  await button('保存').click();
  await until(async () => (await product.api.get(`${base}/desk-settings`)).end_words.length === 1, 'the words to be stored');
  const one = await served('贺一鸣', '运费多少');
  await one.say('没有问题了！');
  await until(async () => (await now(one.id)).state === 'closed', 'the end of the conversation');
  await page.goto(product.url + workbench(`/${one.id}`));
  await page.locator('.wb-events').getByText('客户结束了会话').waitFor();
  await settled(page);
  await screenshot(page, 'wrapup-ended-by-customer');
  await done();
});
