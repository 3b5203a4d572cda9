// 事件推送, as those who connect another program use it: an address is added and tried, its program checks signatures with
// the code of the page, what fails is seen and redelivered, the secret is replaced. The receiver is a real one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { customer } from './scene.mjs';

// A program that takes what it is told, and answers as it is told.
async function startReceiver() {
  const receiver = { requests: [], status: 200, text: 'ok' };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      receiver.requests.push({ id: headers['miniops-event-id'], kind: headers['miniops-event-kind'], signature: headers['miniops-signature'], body: Buffer.concat(chunks) });
      response.writeHead(receiver.status, { 'content-type': 'text/plain' });
      response.end(receiver.text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${server.address().port}/in`;
  receiver.of = (kind) => receiver.requests.filter((one) => one.kind === kind);
  receiver.answers = (status, text) => Object.assign(receiver, { status, text });
  receiver.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return receiver;
}

let product;
let browser;
let receiver;
let base;
let isGenuine; // the code that the page offers
let secret;
before(async () => {
  product = await startProduct({ serverArgs: ['--notify-private-addresses-allowed', '127.0.0.1'] });
  [browser, receiver] = await Promise.all([launch(), startReceiver()]);
  base = `/miniprograms/${product.appid}/webhooks`;
});
after(async () => {
  await browser?.close();
  await product?.stop();
  receiver?.stop();
});

const hooks = (rest = '') => `/m/${product.appid}/webhooks${rest}`;
const webhooksNow = async () => (await product.api.get(base)).items;
const webhookNamed = async (description) => (await webhooksNow()).find((one) => one.description === description);
const deliveriesOf = async ({ id }, query = '') => (await product.api.get(`${base}/${id}/deliveries${query}`)).items;
const minute = 60_000;

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  const { page } = window;
  // What is told from now on comes to this window.
  const following = new Promise((resolve) => {
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => String(payload).includes('"ready"') && resolve()));
  });
  await signIn(window, product.accounts[role], path);
  const main = page.locator('main');
  const button = (name) => main.getByRole('button', { name, exact: true });
  return {
    ...window,
    main,
    following,
    button,
    dialog: page.getByRole('dialog'),
    lines: page.locator('.hook-log .ant-table-row'),
    shownSecret: page.locator('.hook-secret .mono'),
    async menu(name, item) {
      await button(`${name} 的更多操作`).click();
      await page.getByRole('menuitem', { name: item, exact: true }).click();
    },
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

test('before there is an address the page says what comes first, and offers code', async () => {
  const { page, main, done } = await staff(hooks());
  await page.getByText('还没有推送地址').waitFor();
  const code = main.getByRole('group', { name: '代码' });
  isGenuine = (await import(`data:text/javascript,${encodeURIComponent(await code.textContent())}`)).isGenuine;
  assert.equal(typeof isGenuine, 'function');
  await main.getByText('Python', { exact: true }).click();
  await page.waitForURL('**?code=python');
  await code.filter({ hasText: 'def is_genuine' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-none');
  await done();
});

test('an address is added, its secret is shown once, and a test event is genuine', async () => {
  const { page, dialog, button, shownSecret, done } = await staff(hooks());
  await button('添加推送地址').click();
  const save = dialog.getByRole('button', { name: '添加推送地址', exact: true });
  const address = dialog.getByLabel('地址', { exact: true });
  await address.fill('shop.example/in');
  await dialog.getByText('请填写完整的 http 或 https 地址').waitFor();
  await address.fill('http://10.0.0.9/in');
  await dialog.getByLabel('说明').fill('订单系统');
  await dialog.getByRole('button', { name: '全选', exact: true }).click();
  await dialog.getByText(/^已选 (\d+) \/ \1$/).waitFor();
  await dialog.getByRole('button', { name: '全不选', exact: true }).click();
  assert.equal(await save.isDisabled(), true, 'no event is chosen');
  await dialog.getByRole('checkbox', { name: /^新会话/ }).check();
  await dialog.getByRole('checkbox', { name: /^客户来信/ }).check();
  await save.click();
  await page.getByText('这个地址不在公网，管理员也没有放行').waitFor();
  await address.fill(receiver.url);
  await dialog.getByText('http 不加密').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-add');
  await save.click();
  await shownSecret.waitFor();
  secret = await shownSecret.textContent();
  assert.match(secret, /^whsec_[A-Za-z0-9]{43}$/);
  await page.keyboard.press('Escape');
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-secret');
  await dialog.getByRole('button', { name: '已保存好', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.ok(!(await page.content()).includes(secret), 'it is shown once');

  await page.locator('.hook-list .ant-table-row', { hasText: '订单系统' }).getByText('还没有投递').waitFor();
  await button('发送测试事件').click();
  await page.getByText(/“订单系统”收到了测试事件：HTTP 200/).waitFor();
  const [ping] = receiver.of('ping');
  assert.equal(isGenuine(ping.signature, ping.body, secret), true);
  assert.equal(isGenuine(ping.signature, Buffer.concat([ping.body, Buffer.from(' ')]), secret), false);
  assert.equal(isGenuine(ping.signature, ping.body, `${secret}x`), false);
  await page.locator('.hook-list .ant-table-row', { hasText: '订单系统' }).getByText('正常').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-tested');
  await done(['status of 422']);
});

test('what happens is in the log, with what was sent', async () => {
  const one = await customer(product, '林小满');
  await one.say('你好，还没有发货');
  const message = await until(() => receiver.of('message.received')[0], 'the event');
  assert.equal(isGenuine(message.signature, message.body, secret), true);

  const { page, main, dialog, lines, done } = await staff(hooks());
  await main.getByRole('link', { name: '订单系统', exact: true }).click();
  await page.waitForURL('**/webhooks/*');
  await lines.filter({ hasText: message.id }).getByText('已投递').waitFor();
  await lines.filter({ hasText: message.id }).getByRole('button', { name: '客户来信' }).click();
  await page.waitForURL(`**event=${message.id}`);
  await dialog.getByRole('group', { name: '代码' }).filter({ hasText: '"kind": "message.received"' }).waitFor();
  await dialog.getByText('原样', { exact: true }).click();
  await until(async () => (await dialog.getByRole('group', { name: '代码' }).textContent()) === message.body.toString(), 'the bytes that came');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-delivery');
  await dialog.locator('.ant-drawer-close').click();
  await page.locator('.ant-drawer-open').waitFor({ state: 'detached' });

  await choose(page, main, '事件', '会话 · 新会话');
  await page.waitForURL('**kind=conversation.opened**');
  await lines.filter({ hasText: message.id }).waitFor({ state: 'detached' });
  await lines.filter({ hasText: '新会话' }).waitFor();
  await choose(page, main, '状态', '失败');
  await page.getByText('没有符合筛选的投递').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await page.getByRole('button', { name: '去掉筛选：状态: 失败' }).click();
  await page.getByRole('button', { name: '清除全部筛选' }).click();
  await lines.filter({ hasText: message.id }).waitFor();
  await done();
});

test('a receiver that fails is said to; when it works again the page shows it by itself', async () => {
  receiver.answers(500, 'out of order');
  const { id } = await webhookNamed('订单系统');
  const { page, dialog, lines, done } = await staff(hooks(`/${id}?kind=message.received`));
  const one = await customer(product, '陈思远');
  await one.say('请问可以开发票吗');
  const first = lines.first();
  await first.getByText('接收方出错（5xx）').waitFor();
  await first.getByText('待投递').waitFor();
  await page.getByText(/^从 .+ 起没有一条送达，正在重试$/).waitFor();
  await first.getByRole('button', { name: '客户来信' }).click();
  await dialog.getByText('下次尝试').waitFor();
  await dialog.getByRole('group', { name: '接收方的答复' }).filter({ hasText: 'out of order' }).waitFor();
  await screenshot(page, 'webhooks-failing');
  receiver.answers(200, 'ok');
  await dialog.getByText('已投递', { exact: true }).waitFor({ timeout: 2 * minute });
  await dialog.locator('.ant-drawer-close').click();
  await page.locator('.ant-drawer-open').waitFor({ state: 'detached' });
  await first.getByText('已投递').waitFor();
  await page.getByText(/^从 .+ 起没有一条送达，正在重试$/).waitFor({ state: 'detached' });
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await done();
});

test('a receiver that wants nothing more is switched off; later what it missed is redelivered', async () => {
  const webhook = await webhookNamed('订单系统');
  const { page, button, dialog, lines, following, done } = await staff(hooks(`/${webhook.id}`));
  await following;
  receiver.answers(410, 'gone');
  const before = receiver.requests.length;
  const one = await customer(product, '王阿姨');
  await one.say('退款什么时候到账');
  await page.getByText(/^接收方答复 410 表示不再接收，已于 .+ 自动停用$/).waitFor();
  const enabled = page.getByRole('switch', { name: '启用 订单系统' });
  assert.equal(await enabled.isChecked(), false);
  // The second one failed, too, or is given up.
  const missed = await until(async () => ((items) => items.length === 2 && items)([...(await deliveriesOf(webhook, '?state=failed')), ...(await deliveriesOf(webhook, '?state=dropped'))]), 'both to be given up');
  const [failed] = await deliveriesOf(webhook, '?state=failed');
  await lines.filter({ hasText: failed.event_id }).getByText('失败').waitFor();
  assert.equal(await button('重新投递失败的').isDisabled(), true);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-off');
  await page.getByRole('link', { name: '全部推送地址' }).click();
  await page.getByText('自动停用记录').waitFor();
  await page.locator('.hook-list .ant-table-row', { hasText: '订单系统' }).getByText('已自动停用').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-notices');

  receiver.answers(200, 'ok');
  await page.getByRole('link', { name: '订单系统', exact: true }).first().click();
  await enabled.click();
  await page.getByText(/^接收方答复 410 表示不再接收，已于 .+ 自动停用$/).waitFor({ state: 'detached' });
  await lines.filter({ hasText: failed.event_id }).getByRole('button', { name: '重新投递', exact: true }).click();
  await lines.filter({ hasText: failed.event_id }).getByText('已投递').waitFor();
  const attempts = receiver.requests.slice(before).filter((each) => each.id === failed.event_id);
  assert.equal(attempts.length, 2);
  assert.deepEqual(attempts[0].body, attempts[1].body, 'the same bytes');

  await button('重新投递失败的').click();
  await dialog.getByText('按原来的 ID 和正文再投递一次').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-redeliver');
  await dialog.getByRole('button', { name: '开始投递', exact: true }).click();
  await dialog.getByText('1 条已排入投递').waitFor();
  await dialog.locator('.ant-modal-footer').getByRole('button', { name: '关闭', exact: true }).click();
  const other = missed.find(({ event_id }) => event_id !== failed.event_id);
  await lines.filter({ hasText: other.event_id }).getByText('已投递').waitFor();
  assert.equal((await deliveriesOf(webhook, '?state=delivered')).filter(({ event_id }) => missed.some((each) => each.event_id === event_id)).length, 2);
  await done();
});

test('the secret is replaced, and both sign for a day', async () => {
  const { id } = await webhookNamed('订单系统');
  const { page, dialog, button, menu, shownSecret, done } = await staff(hooks(`/${id}`));
  await button('发送测试事件').waitFor();
  await menu('订单系统', '更换密钥');
  await choose(page, dialog, '旧密钥保留', '不保留');
  await dialog.getByText('旧密钥立刻失效').waitFor();
  await choose(page, dialog, '旧密钥保留', '24 小时');
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-rotate');
  await dialog.getByRole('button', { name: '更换密钥', exact: true }).click();
  await shownSecret.waitFor();
  const other = await shownSecret.textContent();
  assert.notEqual(other, secret);
  await dialog.getByRole('button', { name: '已保存好', exact: true }).click();
  await page.getByText('旧密钥有效到').waitFor();
  const before = receiver.of('ping').length;
  await button('发送测试事件').click();
  await page.getByText(/“订单系统”收到了测试事件/).waitFor();
  const ping = receiver.of('ping')[before];
  for (const each of [secret, other]) assert.equal(isGenuine(ping.signature, ping.body, each), true);
  await done();
});

test('two edit the same address: the second is told, and saves after a look', async () => {
  const webhook = await webhookNamed('订单系统');
  const { page, dialog, menu, following, done } = await staff(hooks());
  await following;
  await menu('订单系统', '编辑');
  await dialog.getByRole('checkbox', { name: /^客户资料变化/ }).check();
  await product.api.patch(`${base}/${webhook.id}`, { version: webhook.version, description: '仓库' });
  await dialog.getByText('在您修改期间，这个推送地址有了变化').waitFor();
  assert.equal(await dialog.getByLabel('说明').inputValue(), '仓库');
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'webhooks-changed');
  await dialog.getByRole('button', { name: '保存', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: '仓库', exact: true }).first().waitFor();
  assert.deepEqual((await webhookNamed('仓库')).kinds, ['conversation.opened', 'message.received', 'customer.changed']);
  await done();
});

test('one is switched off by hand, and deleted after a look at what goes with it', async () => {
  const { id } = await webhookNamed('仓库');
  const { page, dialog, menu, done } = await staff(hooks(`/${id}`));
  await page.getByRole('switch', { name: '启用 仓库' }).click();
  await page.getByText('已停用', { exact: true }).waitFor();
  assert.equal((await webhookNamed('仓库')).enabled, false);
  await menu('仓库', '删除');
  await dialog.getByText('它的密钥和投递日志会一起删除').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '删除', exact: true }).click();
  await page.waitForURL((url) => url.pathname === hooks());
  await page.getByText('还没有推送地址').waitFor();
  assert.deepEqual(await webhooksNow(), []);
  await done();
});

test('an agent does not see it, and is told what it takes', async () => {
  const { page, done } = await staff(hooks(), { role: 'agent' });
  await page.getByText('您还不能管理事件推送').waitFor();
  assert.equal(await page.getByRole('link', { name: '事件推送', exact: true }).count(), 0);
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
    receiver.answers(200, 'ok');
    const kinds = ['conversation.opened', 'conversation.closed', 'message.received', 'message.sent', 'service_level.warned', 'service_level.breached'];
    const { webhook } = await product.api.post(base, { address: `${receiver.url}/a-very-long-path-that-has-no-place-to-break/on-a-phone/and-goes-on?token=0123456789`, description: '一个名字特别特别长的推送地址，长到在手机上放不下，只好换行', kinds });
    const { webhook: plain } = await product.api.post(base, { address: receiver.url, kinds: ['message.received'] });
    const calm = await customer(product, '小鹿');
    await calm.say('优惠券用不了');
    const [delivered] = await until(async () => ((items) => items.length > 0 && items)(await deliveriesOf(plain, '?state=delivered')), 'a delivery');
    // One is off, with something that failed; the other is tried again.
    receiver.answers(410, 'gone');
    await calm.say('提示不在活动范围内');
    await until(async () => (await webhooksNow()).every((one) => !one.enabled), 'both to be switched off');
    await product.api.patch(`${base}/${webhook.id}`, { version: (await product.api.get(`${base}/${webhook.id}`)).version, enabled: true });
    receiver.answers(500, 'out of order\n'.repeat(20));
    await (await customer(product, '周末露营')).say('帐篷的尺寸');
    const [pending] = await until(async () => ((items) => items.some((one) => one.reason) && items)(await deliveriesOf(webhook, '?state=pending')), 'one that is tried again');
    parts = {
      list: ['.hook-list .ant-table-row', hooks()],
      python: ['.hook-list .ant-table-row', hooks('?code=python')],
      failing: ['.hook-log .ant-table-row', hooks(`/${webhook.id}`)],
      off: ['.hook-log .ant-table-row', hooks(`/${plain.id}`)],
      none: ['.state', hooks(`/${plain.id}?kind=customer.changed&range=24h`)],
      pending: ['.ant-drawer-body .code', hooks(`/${webhook.id}?event=${pending.event_id}`)],
      delivered: ['.ant-drawer-body .code', hooks(`/${plain.id}?event=${delivered.event_id}`)],
      gone: ['.state', hooks('/1')],
    };
  });
  const tooWide = (page) => page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('.ant-drawer-body, .ant-modal-body')].map((one) => one.scrollWidth - one.clientWidth)));
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, dialog, done } = await staff(hooks(), options);
      const look = async (part) => {
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        assert.ok((await tooWide(page)) <= 0, `${part} is ${await tooWide(page)} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `webhooks-${part}-${name}`);
      };
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await look(part);
      }
      await page.goto(product.url + hooks());
      await page.locator('.page-actions .ant-btn-primary').click();
      await dialog.getByRole('checkbox').first().waitFor();
      await look('dialog');
      await done();
    });
  }
});
