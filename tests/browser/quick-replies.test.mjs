// 快捷回复, as those who answer use it: what is often said is written once, found by its initials and sent with the
// customer's name in it; what is often done is put together, run, and taken back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { picture } from '../harness/picture.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
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

const replies = (rest = '') => `/m/${product.appid}/quick-replies${rest}`;
const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;
const repliesNow = async () => (await product.api.get(`${base}/quick-replies`)).items;
const replyNamed = async (title) => (await repliesNow()).find((one) => one.title === title);

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  const main = page.locator('main');
  return {
    ...window,
    main,
    sheet: page.locator('.ant-drawer'),
    dialog: page.getByRole('dialog'),
    row: (text) => page.locator('.qr-row', { hasText: text }),
    button: (name) => main.getByRole('button', { name, exact: true }),
    toast: page.locator('.ant-notification-notice'),
    async done() {
      assert.deepEqual(window.problems, []);
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

test('before anything is kept the pages say what comes first', async () => {
  const { page, done } = await staff(replies());
  for (const [part, words] of [['', '还没有快捷回复'], ['/macros', '还没有组合操作']]) {
    await page.goto(product.url + replies(part));
    await page.getByText(words, { exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await done();
});

test('one is written with a variable, a picture and a folder, as it will read', async () => {
  const { page, sheet, row, button, done } = await staff(replies());
  await button('添加快捷回复').click();
  await sheet.getByLabel('标题', { exact: true }).fill('退款到账');
  const text = sheet.getByLabel('内容', { exact: true });
  await text.fill('您好，退款三天内到账。');
  await text.press('Home');
  await sheet.getByRole('button', { name: '客户称呼', exact: true }).click();
  assert.equal(await text.inputValue(), '{{customer.nickname|亲}}您好，退款三天内到账。');
  await sheet.getByText('林小满您好，退款三天内到账。').waitFor();
  await sheet.getByText('都不知道时', { exact: true }).click();
  await sheet.getByText('亲您好，退款三天内到账。').waitFor();
  await sheet.locator('input[type=file]').setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer: picture });
  await sheet.getByRole('img', { name: '“退款到账”的图片' }).waitFor();
  await sheet.getByLabel('文件夹', { exact: true }).fill('售后 / 退款');
  await sheet.getByText('共用', { exact: true }).click();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  assert.deepEqual(await overFoot(page), []);
  await screenshot(page, 'quick-replies-sheet');
  await sheet.getByRole('button', { name: '保存', exact: true }).click();
  await row('退款到账').getByText('tkdz').waitFor();
  await row('退款到账').getByText('客户称呼 | 亲').waitFor();
  await page.getByRole('heading', { level: 2, name: '售后/退款' }).waitFor();
  const stored = await replyNamed('退款到账');
  assert.deepEqual([stored.scope, stored.folder, stored.content, stored.initials_by_hand, stored.uses], ['shared', '售后/退款', '{{customer.nickname|亲}}您好，退款三天内到账。', false, 0]);
  assert.notEqual(stored.picture_id, '');
  await done();
});

test('a variable that is none is said and not saved; closing asks before it forgets', async () => {
  const { page, sheet, row, dialog, button, done } = await staff(replies());
  await button('编辑 退款到账').click();
  const text = sheet.getByLabel('内容', { exact: true });
  await text.fill('您好{{nobody}}');
  await sheet.getByText('第 3 个字处没有这样的变量').waitFor();
  assert.equal(await sheet.getByRole('button', { name: '保存', exact: true }).isDisabled(), true);
  await page.keyboard.press('Escape');
  await dialog.locator('.ant-modal-confirm-title', { hasText: '放弃没有保存的修改？' }).waitFor();
  await dialog.getByRole('button', { name: '放弃修改', exact: true }).click();
  await text.waitFor({ state: 'hidden' });
  await row('退款到账').getByText('您好，退款三天内到账。').waitFor();
  await done();
});

test('a table is brought in with its bad lines named, and taken out again', async () => {
  const { page, main, dialog, row, button, done } = await staff(replies());
  await button('导入').click();
  const table = 'folder,shortcut,title,content\n评价,hp,好评感谢,谢谢您的好评\n,,坏的,{{nobody}}\n评价,hp,好评感谢,谢谢您的好评\n,,公式,=1+1\n';
  await dialog.locator('#import-file').setInputFiles({ name: 'replies.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await dialog.getByText('共用', { exact: true }).click();
  await dialog.getByRole('button', { name: '导入', exact: true }).click();
  await dialog.getByText('新增 2 条，已有 1 条，1 行不能使用').waitFor();
  await dialog.locator('.ant-table-row', { hasText: '3' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'quick-replies-import');
  await dialog.locator('.ant-modal-footer').getByRole('button', { name: '关闭', exact: true }).click();
  await row('好评感谢').getByText('hpgx').waitFor();

  const [download] = await Promise.all([page.waitForEvent('download'), main.getByRole('link', { name: '导出', exact: true }).click()]);
  const out = readFileSync(await download.path(), 'utf8');
  for (const words of ['"评价","hp","好评感谢","谢谢您的好评"', "'=1+1", '售后/退款']) assert.ok(out.includes(words), words);
  await done();
});

test('found by what is typed, narrowed and ordered; a folder is moved', async () => {
  const { page, main, dialog, row, button, done } = await staff(replies());
  await main.getByPlaceholder('快捷码、拼音首字母、标题或内容').fill('hpg');
  await page.getByText('显示 1 条，共 3 条').waitFor();
  await row('好评感谢').waitFor();
  await page.waitForURL('**q=hpg**');
  await button('去掉筛选：搜索: hpg').click();
  await choose(page, main, '文件夹', '售后（1）');
  await page.getByText('显示 1 条，共 3 条').waitFor();
  await page.reload();
  await row('退款到账').waitFor();
  assert.equal(await row('好评感谢').count(), 0, 'the address holds the folder');
  await button('移动文件夹 售后/退款').click();
  await dialog.getByLabel('新的路径').fill('退款');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '移动', exact: true }).click();
  await until(async () => (await replyNamed('退款到账')).folder === '退款', 'the folder');
  await page.getByText('没有符合的快捷回复').waitFor();
  await button('清除全部筛选').click();
  await page.getByRole('heading', { level: 2, name: '退款', exact: true }).waitFor();
  await main.getByText('用得最多的在前', { exact: true }).click();
  await page.waitForURL('**sort=uses**');
  await page.locator('.qr-folder').first().waitFor({ state: 'detached' });
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('an agent puts a macro together, by keyboard, for herself', async () => {
  const { page, sheet, row, button, done } = await staff(replies('/macros'), { role: 'agent' });
  const { id } = await replyNamed('好评感谢');
  const add = async (kind) => {
    await sheet.getByRole('button', { name: '添加操作', exact: true }).click();
    await sheet.getByRole('menuitem', { name: kind, exact: true }).click();
  };
  await button('添加组合操作').click();
  await sheet.getByLabel('名称', { exact: true }).fill('好评收尾');
  assert.equal(await sheet.getByRole('radio', { name: '共用' }).isDisabled(), true, 'shared ones are others’');
  await add('结束会话');
  await add('添加标签');
  await sheet.getByLabel('添加标签', { exact: true }).fill('好评');
  await add('发送快捷回复');
  const save = sheet.getByRole('button', { name: '保存', exact: true });
  assert.equal(await save.isDisabled(), true, 'which quick reply is not said');
  await choose(page, sheet, '发送快捷回复', '好评感谢');
  const steps = () => sheet.locator('.qr-editor > li').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  assert.deepEqual(await steps(), ['第 1 个 添加标签', '第 2 个 发送快捷回复', '第 3 个 结束会话']);
  await sheet.getByRole('button', { name: '上移 发送快捷回复', exact: true }).focus();
  await page.keyboard.press('Enter');
  await sheet.getByText('“发送快捷回复”现在是第 1 个').waitFor({ state: 'attached' });
  assert.deepEqual(await steps(), ['第 1 个 发送快捷回复', '第 2 个 添加标签', '第 3 个 结束会话']);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), '下移 发送快捷回复', 'the focus went along');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  assert.deepEqual(await overFoot(page), []);
  await screenshot(page, 'quick-replies-macro-sheet');
  await save.click();
  await row('好评收尾').getByText('发送快捷回复“好评感谢”').waitFor();
  const agent = await product.login('agent');
  const [macro] = (await agent.get(`${base}/macros`)).items;
  assert.deepEqual([macro.scope, macro.actions], ['personal', [{ kind: 'send_reply', quick_reply_id: id }, { kind: 'add_tag', tag: '好评' }, { kind: 'close' }]]);
  assert.deepEqual((await product.api.get(`${base}/macros`)).items, [], 'nobody else has it');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('in the workbench / finds by initials, the name and the picture go along, and the use is counted', async () => {
  const one = await served('王阿姨', '退款到了吗');
  const { page, done } = await staff(workbench(`/${one.id}`), { role: 'agent' });
  const composer = page.locator('#composer');
  await composer.waitFor();
  await composer.fill('/tkd');
  await page.getByRole('option', { name: /退款到账/ }).getByText('亲您好，退款三天内到账。').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'quick-replies-composer');
  await composer.press('Enter');
  await until(async () => (await composer.inputValue()) === '王阿姨您好，退款三天内到账。', 'the name in its place');
  await page.locator('.composer-picture img[alt="退款到账"]').waitFor();
  await composer.press('Enter');
  await until(async () => (await one.phone()).some((line) => line.direction === 'out' && line.text?.content === '王阿姨您好，退款三天内到账。'), 'the text on the phone');
  await until(async () => (await one.phone()).some((line) => line.direction === 'out' && line.msgtype === 'image'), 'the picture on the phone');
  assert.equal((await replyNamed('退款到账')).uses, 1);
  await done();
});

test('a macro closes a conversation with thanks and a tag; what was not said is taken back', async () => {
  const one = await served('陈思远', '东西很好');
  const { page, toast, done } = await staff(workbench(`/${one.id}`), { role: 'agent' });
  const tags = async () => (await product.api.get(`${base}/customers/${one.openid}`)).tags;
  await page.locator('.wb-head').getByRole('button', { name: '组合操作', exact: true }).waitFor();
  await page.locator('.wb-head h2').click();
  await page.keyboard.press('m');
  const item = page.getByRole('menuitem', { name: /好评收尾/ });
  await item.getByText('发送快捷回复“好评感谢” → 添加标签“好评” → 结束会话').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'quick-replies-menu');
  await item.click();
  await page.locator('.composer-closed').waitFor();
  await page.locator('.bubble-out', { hasText: '谢谢您的好评' }).waitFor();
  await toast.getByText('陈思远 · 发送文字、添加标签、结束会话').waitFor();
  assert.deepEqual(await tags(), ['好评']);
  assert.equal((await replyNamed('好评感谢')).uses, 1);
  assert.deepEqual(await accessibility(page, '.ant-notification'), []);
  await screenshot(page, 'quick-replies-toast');
  await toast.getByRole('button', { name: '撤销', exact: true }).click();
  await page.getByText('已撤销“好评收尾”；已经发出的消息和备注不能撤回').waitFor();
  await page.locator('#composer').waitFor();
  assert.deepEqual(await tags(), []);
  await page.locator('.wb-events').getByText('撤销组合操作').first().waitFor();
  await until(async () => (await one.phone()).filter((line) => line.text?.content === '谢谢您的好评').length === 1, 'what was said to be said once');
  await done();
});

test('a quick reply is deleted after a question; a macro that sends it says so', async () => {
  await product.api.post(`${base}/quick-replies`, { title: '临时', content: '临时的', scope: 'shared' });
  const { id } = await replyNamed('临时');
  await product.api.post(`${base}/macros`, { name: '临时组合', scope: 'shared', actions: [{ kind: 'send_reply', quick_reply_id: id }] });
  const { page, dialog, row, button, done } = await staff(replies());
  await button('删除 临时').click();
  await dialog.locator('.ant-modal-confirm-title', { hasText: '删除快捷回复“临时”？' }).waitFor();
  await dialog.getByRole('button', { name: '删除', exact: true }).click();
  await row('临时').waitFor({ state: 'detached' });
  await page.goto(product.url + replies('/macros'));
  await row('临时组合').getByText('发送快捷回复“已删除的快捷回复”').waitFor();
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
  let conversation;
  before(async () => {
    const long = '一段很长的快捷回复，里面有很长的网址 https://example.com/a/very/long/path/that/does/not/break/anywhere/at/all?with=a&long=query，在手机上也要放得下。';
    const { id } = await product.api.post(`${base}/quick-replies`, { folder: '一个名字特别特别长的文件夹/下面还有一级也特别长', shortcut: 'a-shortcut-that-is-rather-long', title: '一个名字特别特别长的快捷回复，长到放不下一行', content: `{{customer.nickname|亲}}，${long}`, scope: 'shared' });
    const group = await product.api.post(`${base}/teams/groups`, { name: '一个名字特别特别长的客服组，长到在手机上放不下' });
    const actions = [{ kind: 'send_text', text: `{{agent.name}}：${long}` }, { kind: 'send_reply', quick_reply_id: id }, { kind: 'note', text: long }, { kind: 'add_tag', tag: '老客户' }, { kind: 'remove_tag', tag: '新客户' }, { kind: 'set_level', level: 3 }, { kind: 'transfer_group', group_id: group.id }];
    const macro = await product.api.post(`${base}/macros`, { name: '一个名字很长的组合操作，里面什么都有', scope: 'shared', actions });
    conversation = await served('小鹿', '优惠券用不了');
    parts = {
      list: ['.qr-row', replies()],
      uses: ['.qr-bar', replies('?sort=uses')],
      none: ['.state', replies('?q=nothing-at-all')],
      sheet: ['.qr-foot', replies(`?reply=${id}`)],
      macros: ['.qr-steps', replies('/macros')],
      macro: ['.qr-foot', replies(`/macros?macro=${macro.id}`)],
    };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(replies(), options);
      const looked = async (part) => {
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('.ant-drawer-body')].map((one) => one.scrollWidth - one.clientWidth)));
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `quick-replies-${part}-${name}`);
      };
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await looked(part);
      }
      await page.goto(product.url + workbench(`/${conversation.id}`));
      await page.locator('#composer').fill('/');
      await page.locator('.quick-menu').waitFor();
      await looked('composer');
      await page.locator('#composer').fill('');
      await page.locator('.wb-head').getByRole('button', { name: /^(组合操作|Macros)$/ }).click();
      await page.locator('.macro-menu').getByRole('menuitem').first().waitFor();
      await looked('menu');
      await done();
    });
  }
});
