// What the console is for, in a real browser: a customer writes, the agent sees it at once and answers, the phone
// shows the answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture } from '../harness/picture.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, launch, open, phone, screenshot, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
before(async () => {
  product = await startProduct();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const workbench = () => `/m/${product.appid}/desk/workbench`;
const answered = (one, text) =>
  until(async () => (await one.phone()).find((line) => line.direction === 'out' && line.text?.content === text), `'${text}' on the phone`);

async function agent(options) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts.agent, workbench());
  return window;
}

test('a customer writes, the agent answers, the phone shows it', async () => {
  const window = await agent();
  const { page } = window;
  await page.locator('.rail-account', { hasText: '离线' }).click();
  await page.getByRole('menuitem', { name: /在线/ }).click();
  await page.locator('.rail-account', { hasText: '在线' }).waitFor();

  const one = await customer(product, '林小满');
  await one.say('我的订单什么时候发货？');
  // It shows by itself: nobody reloads.
  await page.locator('.wb-row', { hasText: '我的订单什么时候发货？' }).click();
  await page.locator('.bubble-in', { hasText: '我的订单什么时候发货？' }).waitFor();
  await page.locator('.budget', { hasText: '还可发送 5 条' }).waitFor();

  const composer = page.locator('#composer');
  await composer.fill('您好，');
  await composer.press('Shift+Enter');
  await composer.pressSequentially('今天下午发出。');
  await composer.press('Enter');
  await answered(one, '您好，\n今天下午发出。');
  const bubble = page.locator('.bubble-out', { hasText: '今天下午发出。' });
  await bubble.waitFor();
  assert.equal(await bubble.count(), 1, 'the bubble is there once');
  await page.locator('.bubble-out[data-state=sent]').waitFor();
  await page.locator('.budget', { hasText: '还可发送 4 条' }).waitFor();
  await page.locator('.wb-head', { hasText: 'agent1 接待中' }).waitFor();

  await one.say('谢谢！');
  await page.locator('.bubble-in', { hasText: '谢谢！' }).waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'main-job');
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('a picture is pasted, previewed and sent', async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '图片');
  await one.say('发张图给我看看');
  await page.locator('.wb-row', { hasText: '发张图给我看看' }).click();
  await page.locator('#composer').waitFor();
  await page.locator('input[type=file]').setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer: picture });
  await page.locator('.composer-picture img').waitFor();
  await page.getByRole('button', { name: '发送', exact: true }).click();
  await until(async () => (await one.phone()).find((line) => line.direction === 'out' && line.msgtype === 'image'), 'the picture on the phone');
  const shown = page.locator('.bubble-out img.bubble-picture');
  await shown.waitFor();
  await until(() => shown.evaluate((image) => image.naturalWidth > 0), 'the picture in the bubble');
  await shown.click();
  await page.locator('dialog.viewer[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog.viewer').waitFor({ state: 'detached' });
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('a conversation is parked, counts for nobody, and comes back when the customer writes', async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '挂起');
  await one.say('我回家看一下型号再告诉你');
  await page.locator('.wb-row', { hasText: '我回家看一下型号' }).click();
  const head = page.locator('.wb-head');
  if (await head.getByRole('button', { name: '接入' }).count()) await head.getByRole('button', { name: '接入' }).click();
  await head.getByText('agent1 接待中').waitFor();
  const load = async () => (await (await product.login('agent')).get(`/miniprograms/${product.appid}/presence`)).load;
  const before = await load();
  await page.keyboard.press('z');
  const dialog = page.getByRole('dialog', { name: '挂起会话' });
  await dialog.getByText('客户来信为止').click();
  await dialog.getByLabel('备注（选填）').fill('等型号');
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'park-dialog');
  await dialog.getByRole('button', { name: '挂起', exact: true }).click();
  await head.getByText('已挂起，等待客户来信').waitFor();
  assert.equal(await load(), before - 1);
  await one.say('型号是 A-12');
  await head.getByText('已挂起').waitFor({ state: 'detached' });
  const { id } = await conversationOf(product, one.openid);
  const { items } = await product.api.get(`/conversations/${id}/events`);
  assert.deepEqual(items.map(({ kind }) => kind).filter((kind) => kind.endsWith('parked')), ['unparked', 'parked']);
  await product.api.post(`/conversations/${id}/close`, {}); // an agent has ten at most
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('a private note is yellow and never leaves; a quick reply is found by /', async () => {
  await product.api.post(`/miniprograms/${product.appid}/quick-replies`, { shortcut: 'fh', title: '发货', content: '现货 24 小时内发出。', scope: 'shared' });
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '备注');
  await one.say('在吗');
  await page.locator('.wb-row', { hasText: '在吗' }).first().click();
  await page.locator('.composer').getByText('内部备注').click();
  await page.locator('#composer').fill('这位客户上周投诉过');
  await page.locator('#composer').press('Enter');
  await page.locator('.bubble-note', { hasText: '这位客户上周投诉过' }).waitFor();
  await page.locator('.composer').getByText('回复', { exact: true }).click();
  await page.locator('#composer').fill('/f');
  await page.getByRole('option', { name: /发货/ }).waitFor();
  await page.locator('#composer').press('Enter');
  assert.equal(await page.locator('#composer').inputValue(), '现货 24 小时内发出。');
  await page.locator('#composer').press('Enter');
  await answered(one, '现货 24 小时内发出。');
  assert.equal((await one.phone()).some((line) => line.text?.content?.includes('投诉')), false);
  assert.deepEqual(window.problems, []);
  await window.close();
});

test('drafts are kept per conversation and over a reload', async () => {
  const window = await agent();
  const { page } = window;
  const a = await customer(product, '甲');
  const b = await customer(product, '乙');
  await a.say('甲的问题');
  await b.say('乙的问题');
  await page.locator('.wb-row', { hasText: '甲的问题' }).click();
  await page.locator('#composer').fill('写给甲的一半');
  await page.locator('.wb-row', { hasText: '乙的问题' }).click();
  await page.locator('.wb-head', { hasText: '乙' }).waitFor().catch(() => {});
  await until(async () => (await page.locator('#composer').inputValue()) === '', 'an empty composer');
  await page.locator('.wb-row', { hasText: '甲的问题' }).locator('.wb-draft').waitFor();
  await page.reload();
  await page.locator('.wb-row', { hasText: '甲的问题' }).click();
  await until(async () => (await page.locator('#composer').inputValue()) === '写给甲的一半', 'the draft');
  await page.locator('#composer').fill('');
  await window.close();
});

test('a lost connection says so, comes back by itself and has missed nothing', async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '断线');
  await one.say('第一句');
  await page.locator('.wb-row', { hasText: '第一句' }).click();
  await page.locator('.bubble-in', { hasText: '第一句' }).waitFor();
  await product.server.kill();
  await page.locator('.connection-lost').waitFor();
  await product.restart();
  await one.say('第二句，断线时说的');
  await page.locator('.bubble-in', { hasText: '第二句，断线时说的' }).waitFor({ timeout: 30000 });
  await page.locator('.connection-lost').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.bubble-in', { hasText: '第一句' }).count(), 1);
  await window.close();
});

test('what cannot be sent stays as a bubble and goes out later, once', async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '重试');
  await one.say('能听到吗');
  await page.locator('.wb-row', { hasText: '能听到吗' }).click();
  await page.locator('#composer').waitFor();
  await page.locator('.wb-head', { hasText: '接待中' }).waitFor(); // the agent is online: it was assigned
  await window.context.route('**/messages', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.locator('#composer').fill('听到了');
  await page.locator('#composer').press('Enter');
  await page.locator('.delivery', { hasText: '等待连接，恢复后自动发出' }).waitFor();
  await page.reload();
  await page.locator('.bubble-pending', { hasText: '听到了' }).waitFor();
  await window.context.unroute('**/messages');
  await answered(one, '听到了'); // by itself
  await page.locator('.bubble-pending').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.bubble-out', { hasText: '听到了' }).count(), 1);
  assert.equal((await one.phone()).filter((line) => line.text?.content === '听到了').length, 1);
  await window.close();
});

test("WeChat's refusal is explained, and a resend keeps the history", async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '失败');
  await one.say('请回复');
  await page.locator('.wb-row', { hasText: '请回复' }).click();
  await page.locator('#composer').waitFor();
  await product.sandbox.fault(product.appid, { api: 'message/custom/send', errcode: 40003, times: 1 });
  await page.locator('#composer').fill('收到');
  await page.locator('#composer').press('Enter');
  await page.locator('.delivery-failed', { hasText: '发送失败' }).waitFor();
  await page.locator('.delivery-reason', { hasText: '40003' }).waitFor();
  await screenshot(page, 'main-job-failed');
  await page.getByRole('button', { name: '重发' }).click();
  await answered(one, '收到');
  await page.locator('.bubble-out[data-state=sent]', { hasText: '收到' }).waitFor();
  await page.locator('.delivery-state').last().click();
  await until(async () => (await page.locator('.attempts li').count()) === 2, 'two attempts');
  await product.sandbox.clearFaults(product.appid);
  await window.close();
});

test('an agent who is busy takes from the queue, and may take that back', async () => {
  const window = await agent();
  const { page } = window;
  await (await product.login('agent')).put(`/miniprograms/${product.appid}/presence`, { presence: 'busy' });
  const one = await customer(product, '排队');
  await one.say('有人吗');
  await page.locator('.wb-views').getByRole('button', { name: /等待中/ }).click();
  await page.locator('.wb-row', { hasText: '有人吗' }).click();
  await page.locator('.wb-head', { hasText: '等待接入' }).waitFor();
  await page.keyboard.press('t');
  await page.locator('.wb-head', { hasText: 'agent1 接待中' }).waitFor();
  await page.locator('.ant-message-notice', { hasText: '已接入' }).getByRole('button', { name: '撤销' }).click();
  await page.locator('.wb-head', { hasText: '等待接入' }).waitFor();
  await (await product.login('agent')).put(`/miniprograms/${product.appid}/presence`, { presence: 'online' });
  await window.close();
});

test('closing is undone within five seconds; the keyboard moves and opens', async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '撤销');
  await one.say('键盘打开我');
  const { id } = await conversationOf(product, one.openid);
  await page.locator('.wb-row', { hasText: '键盘打开我' }).waitFor();
  await page.locator('.wb-nothing').click();
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('j');
    if ((await page.locator('.wb-row-cursor', { hasText: '键盘打开我' }).count()) > 0) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/desk/workbench/${id}**`);
  await page.locator('.wb-head').waitFor();
  await page.locator('.wb-head', { hasText: '接待中' }).waitFor();
  await page.keyboard.press('e');
  const closing = page.getByRole('dialog', { name: '结束会话' });
  await closing.getByRole('radio', { name: '未解决' }).check();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'closing');
  await closing.getByRole('radio', { name: '未解决' }).press('Enter');
  await page.locator('.composer-closed').waitFor();
  await page.locator('.ant-message-notice', { hasText: '会话已结束' }).getByRole('button', { name: '撤销' }).click();
  await page.locator('#composer').waitFor();
  await page.locator('.wb-events', { hasText: '会话结束：未解决' }).waitFor();
  await page.locator('.wb-head').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /搜索页面/ }).fill('会话记录');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/desk/records**');
  await window.close();
});

test('two characters find a message', async () => {
  const window = await agent();
  const { page } = window;
  const one = await customer(product, '搜索');
  await one.say('请问包邮吗');
  await conversationOf(product, one.openid);
  await page.goto(`${product.url}/m/${product.appid}/desk/records?q=${encodeURIComponent('包邮')}`);
  await page.locator('.rec-hit', { hasText: '请问包邮吗' }).click();
  await page.locator('.rec-said-in', { hasText: '请问包邮吗' }).waitFor();
  await window.close();
});

test('on a phone one pane at a time, and back goes back', async () => {
  const window = await agent({ viewport: phone });
  const { page } = window;
  const one = await customer(product, '手机');
  await one.say('手机上看得到吗');
  await page.locator('.wb-row', { hasText: '手机上看得到吗' }).click();
  await page.locator('.bubble-in', { hasText: '手机上看得到吗' }).waitFor();
  assert.equal(await page.locator('.wb-list').isVisible(), false);
  await page.getByRole('button', { name: '客户资料' }).click();
  await page.locator('.wb-customer').waitFor();
  assert.equal(await page.locator('.wb-conversation').isVisible(), false);
  await page.goBack();
  await page.locator('.wb-conversation').waitFor();
  await page.goBack();
  await page.locator('.wb-list').waitFor();
  await window.close();
});

test('500 open conversations stay smooth: few rows are drawn, and the last can be reached', async () => {
  const window = await open(browser, product);
  const { page } = window;
  await signIn(window, product.accounts.agent, '/account');
  const item = (n) => ({ id: String(10_000 + n), appid: product.appid, thread_id: String(n), openid: `o${n}`, nickname: `客户 ${n}`, channel: 'wechat', state: 'waiting', stage: 'queued', assignee: null, unread: 1, last_message: { direction: 'in', msgtype: 'text', summary: `第 ${n} 位`, created_at: Date.now() }, last_message_at: Date.now(), waiting_since: 1_000_000 + n, opened_at: 1, closed_at: null, reopened: 0, priority: 0, source: '', budget: { remaining: 5, expires_at: Date.now() + 1e8, opened_by: 'message' }, version: 1 });
  await window.context.route('**/conversations?state=**', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const items = query.get('state') === 'waiting' ? Array.from({ length: 100 }, (_, n) => item(from + n)) : [];
    route.fulfill({ json: { items, next_cursor: items.length > 0 && from + 100 < 500 ? String(from + 100) : null } });
  });
  await page.goto(product.url + workbench());
  await page.locator('.wb-views', { hasText: '500' }).waitFor();
  assert.ok((await page.locator('.wb-row').count()) < 40);
  await page.locator('.wb-rows').evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.locator('.wb-row', { hasText: '客户 499' }).waitFor();
  await window.close();
});
