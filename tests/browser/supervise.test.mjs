// Colleagues and supervisors, as they work together: one asks in a note and is answered, a transfer is accepted, and a
// supervisor sees what is pressing, whispers, watches and takes over.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Api } from '../harness/client.mjs';
import { runBinary, until } from '../harness/process.mjs';
import { password, startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let first;
let second;
let talk;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  await product.api.put(`${base}/desk-settings`, { auto_assign: false });
  // The second agent is of another group.
  const made = await runBinary(['admin', 'create-user', '--username', 'agent2', '--role', 'agent', '--miniprogram', product.appid, '--password-stdin', '--data', product.data], { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  product.accounts.second = { username: 'agent2', password };
  first = await product.login('agent');
  second = await Api.login(product.url, 'agent2', password);
  const group = await product.api.post(`${base}/teams/groups`, { name: '退款组' });
  await product.api.post(`${base}/teams/groups/${group.id}/agents`, { add: [second.session.account.id] });
  await first.put(`${base}/presence`, { presence: 'online' });
  await second.put(`${base}/presence`, { presence: 'online' });
  talk = await served('林小满', '这单还能退吗');
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const live = (rest = '') => `/m/${product.appid}/desk/live${rest}`;
const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;
const now = (id) => product.api.get(`/conversations/${id}`);
const audited = async (action) => (await product.api.get(`${base}/audit?action=${action}`)).items.length;

// Somebody who wrote, with the first agent.
async function served(nickname, text) {
  const one = await customer(product, nickname);
  await one.say(text);
  const { id } = await conversationOf(product, one.openid);
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname });
  await first.post(`/conversations/${id}/take`);
  return { ...one, id };
}

async function staff(role, path, options = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    dialog: page.getByRole('dialog'),
    toast: (text) => page.locator('.ant-notification-notice', { hasText: text }),
    note: (text) => page.locator('.bubble-note', { hasText: text }),
    bar: (name) => page.getByRole('group', { name, exact: true }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('a colleague of another group is asked in a note, reads along and answers', async () => {
  const asks = await staff('agent', workbench(`/${talk.id}`));
  const asked = await staff('second', workbench());
  await asks.page.locator('.composer').getByText('内部备注', { exact: true }).click();
  const box = asks.page.locator('#composer');
  await asks.page.getByRole('combobox', { name: '@ 提及同事' }).waitFor();
  await box.fill('@');
  await asks.page.locator('.ant-select-item-option[title="agent2"]').waitFor();
  await asks.page.keyboard.type('agent2');
  await asks.page.keyboard.press('Enter');
  await until(async () => (await box.inputValue()) === '@agent2 ', 'the name in the text');
  await box.pressSequentially('七天内能退吗');
  await asks.page.getByRole('checkbox', { name: '请他们答复' }).check();
  assert.deepEqual(await accessibility(asks.page), []);
  await screenshot(asks.page, 'supervise-note');
  await asks.page.getByRole('button', { name: '添加备注', exact: true }).click();
  await asks.note('@agent2 七天内能退吗').getByText(/^咨询 · /).waitFor();
  await asks.bar('可以旁观的同事').getByText('等待答复').waitFor();

  await asked.toast('agent1 向您咨询').getByRole('link', { name: '打开会话' }).click();
  await asked.note('七天内能退吗').waitFor();
  await asked.page.getByRole('textbox', { name: '写内部备注' }).fill('可以，原路退回');
  await asked.page.getByRole('button', { name: '添加备注', exact: true }).click();

  await asks.note('可以，原路退回').waitFor();
  await asks.bar('可以旁观的同事').getByText('已答复').waitFor();
  await asks.page.getByRole('button', { name: '提到我的，1 条未读', exact: true }).click();
  await asks.dialog.getByText('agent2 答复了您').waitFor();
  await settled(asks.page);
  assert.deepEqual(await accessibility(asks.page), []);
  await screenshot(asks.page, 'supervise-inbox');
  await asks.dialog.getByRole('button', { name: /agent2 答复了您/ }).click();
  await asks.page.getByRole('button', { name: '提到我的', exact: true }).waitFor();
  await asks.done();
  await asked.done();
});

test('a transfer waits until it is accepted', async () => {
  await product.api.put(`${base}/desk-settings`, { transfer_accept_seconds: 600 });
  const sender = await staff('agent', workbench(`/${talk.id}`));
  const taker = await staff('second', workbench(`/${talk.id}`));
  await sender.page.getByRole('button', { name: '转接', exact: true }).click();
  await sender.dialog.getByRole('radio', { name: /agent2/ }).check();
  await sender.dialog.getByRole('button', { name: '转接', exact: true }).click();
  await sender.page.getByText('已发出转接请求，等同事接受').waitFor();
  await sender.bar('转接').getByText(/^等待 agent2 接受转接/).waitFor();
  assert.equal((await now(talk.id)).assignee.display_name, 'agent1');
  await taker.bar('转接').getByRole('button', { name: '谢绝', exact: true }).click();
  await taker.dialog.getByRole('textbox', { name: '留言' }).fill('正在忙');
  await taker.dialog.getByRole('button', { name: '谢绝', exact: true }).click();
  await sender.toast('agent2 谢绝了转接').waitFor();
  await sender.bar('转接').waitFor({ state: 'detached' });
  await first.post(`/conversations/${talk.id}/transfer`, { account_id: second.session.account.id });
  assert.deepEqual(await accessibility(taker.page), []);
  await screenshot(taker.page, 'supervise-offer');
  await taker.bar('转接').getByRole('button', { name: '接受', exact: true }).click();
  await taker.page.locator('.wb-head', { hasText: 'agent2 接待中' }).waitFor();
  await sender.toast('agent2 接受了转接').waitFor();
  await sender.done();
  await taker.done();
});

test('a supervisor sees, sets, whispers, watches and takes over', async () => {
  const boss = await staff('operator', live());
  const agent = await staff('second', workbench(`/${talk.id}`));
  const row = boss.page.locator('.live-row', { hasText: '林小满' });
  await row.getByText('agent2').waitFor();
  await settled(agent.page); // what tells of others is loaded after the page

  const line = boss.page.locator('.live-agents li', { hasText: 'agent2' });
  await line.getByRole('button', { name: '设置状态', exact: true }).click();
  await boss.page.locator('.live-menu').getByRole('menuitem', { name: '忙碌', exact: true }).click();
  await line.getByText('忙碌').waitFor();
  await agent.toast('operator1 将您设为忙碌').waitFor();
  await boss.page.getByRole('button', { name: '撤销', exact: true }).click();
  await line.getByText('在线').waitFor();

  await line.getByRole('button', { name: 'agent2', exact: true }).click();
  await boss.page.getByRole('heading', { name: 'agent2 的会话' }).waitFor();
  await boss.page.keyboard.press('j');
  await boss.page.locator('.live-current').waitFor();
  await boss.page.keyboard.press('w');
  await boss.dialog.getByRole('textbox', { name: '内容' }).fill('先安抚客户');
  assert.deepEqual(await accessibility(boss.page), []);
  await screenshot(boss.page, 'supervise-whisper');
  await boss.dialog.getByRole('textbox', { name: '内容' }).press('Enter');
  await boss.page.getByText('已告诉 agent2').waitFor();
  await agent.note('先安抚客户').getByText('悄悄话 · 只有接待的客服和督导看得到').waitFor();

  await boss.dialog.waitFor({ state: 'detached' });
  await row.getByRole('link', { name: '旁听', exact: true }).click();
  await boss.bar('督导').getByText('旁听中，已记入审计日志').waitFor();
  await boss.note('先安抚客户').waitFor();
  await until(async () => (await audited('desk.conversation.watch')) === 1, 'the entry in the audit log');
  await boss.bar('督导').getByRole('button', { name: '接管', exact: true }).click();
  await boss.dialog.locator('.ant-modal-confirm-title', { hasText: '接管这个会话？' }).waitFor();
  await boss.dialog.getByRole('button', { name: '接管', exact: true }).click();
  await boss.page.locator('.wb-head', { hasText: 'operator1 接待中' }).waitFor();
  await agent.toast('operator1 接管了您的会话').waitFor();
  assert.equal(await audited('desk.conversation.watch'), 1, 'once for this opening');
  await boss.done();
  await agent.done();
});

test('who supervises nothing finds no place for it', async () => {
  const { page, done } = await staff('agent', workbench());
  assert.equal(await page.getByRole('link', { name: '实时监控' }).count(), 0);
  await page.goto(product.url + live());
  await page.getByText('没有由您督导的客服组').waitFor();
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
    const long = await customer(product, '一个名字特别特别长的客户，长到放不下一行');
    await long.say('https://example.com/a/very/long/path/that/does/not/break/anywhere/at/all?with=a&long=query');
    await conversationOf(product, long.openid);
    const busy = await served('小鹿', '优惠券用不了，提示不在活动范围内');
    await first.post(`/conversations/${busy.id}/messages`, { msgtype: 'note', note: { content: '@agent2 看看', mentions: [second.session.account.id], consult: true } });
    await first.post(`/conversations/${busy.id}/transfer`, { account_id: second.session.account.id });
    parts = {
      live: ['.live-row', live()],
      nobody: ['.live-row', live('?show=nobody')],
      none: ['.state', live('?show=late&agent=1')],
      together: ['.together', workbench(`/${busy.id}`)],
    };
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff('operator', live(), options);
      const looked = async (part) => {
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('.ant-drawer-body')].map((one) => one.scrollWidth - one.clientWidth)));
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        assert.deepEqual(await overFoot(page), [], part);
        await screenshot(page, `supervise-${part}-${name}`);
      };
      for (const [part, [there, path]] of Object.entries(parts)) {
        await page.goto(product.url + path);
        await page.locator(there).first().waitFor();
        await looked(part);
      }
      await page.goto(product.url + workbench());
      await page.getByRole('button', { name: /^(提到我的|Mentions)/ }).click();
      await page.locator('.ant-drawer .state').waitFor();
      await looked('inbox');
      await done();
    });
  }
});
