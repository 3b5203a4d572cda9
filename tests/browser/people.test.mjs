// 客户, as those who serve them use it: a customer who wrote is found and described, two accounts turn out to be one
// person and are told apart again, somebody is blocked and let in, a segment is counted, and the button of the mini
// program says who comes.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { nextSecond, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { conversationOf, customer } from './scene.mjs';
import { batch, send } from './telemetry_scene.mjs';

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

const people = (rest = '') => `/m/${product.appid}/people${rest}`;
const rowOf = async (openid) => (await product.api.post(`${base}/people/search`, { kind: 'openid', value: openid })).items[0];
const profileOf = async (openid) => (await product.api.get(`${base}/people/${(await rowOf(openid)).profile_id}`)).profiles[0];

// Somebody who has written, so that there is a profile; with what is known already.
async function known(nickname, fields = {}) {
  const one = await customer(product, nickname);
  await one.say(`你好，我是${nickname}`);
  await conversationOf(product, one.openid);
  const { id, version } = await until(() => rowOf(one.openid), 'the profile').then(() => profileOf(one.openid));
  await product.api.patch(`${base}/people/${id}`, { version, nickname, ...fields });
  return { ...one, id };
}

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  return {
    ...window,
    row: (text) => page.locator('.people .ant-table-row', { hasText: text }),
    panel: (text) => page.locator('.panel', { has: page.getByRole('heading', { level: 2, name: text, exact: true }) }),
    dialog: page.getByRole('dialog'),
    button: (name) => page.locator('main').getByRole('button', { name, exact: true }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test('before anybody came the pages say what comes first', async () => {
  const { page, done } = await staff(people());
  await page.getByText('还没有客户').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  for (const [part, words] of [['/segments', '还没有分群'], ['/proposals', '没有需要决定的建议'], ['/blacklist', '黑名单是空的'], ['/settings', '还没有自定义属性']]) {
    await page.goto(product.url + people(part));
    await page.getByText(words).waitFor();
    assert.deepEqual(await accessibility(page), [], part);
  }
  await done();
});

test('a customer who wrote is found by keys, gets a name, a level and tags, and the desk shows the name', async () => {
  const one = await customer(product, '林小满');
  await one.say('在吗');
  await conversationOf(product, one.openid);
  await until(() => rowOf(one.openid), 'the profile');
  const { page, row, button, panel, done } = await staff(people(), { role: 'agent' });
  await row(one.openid).waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const { id } = await profileOf(one.openid);
  await page.waitForURL(`**/people/${id}`);
  await page.getByLabel('称呼').fill('林小满');
  await page.getByLabel('等级').fill('3');
  await page.getByLabel('标签').fill('老客户');
  await page.getByLabel('标签').press('Enter');
  await page.getByLabel('备注').fill('爱喝桂花乌龙');
  await button('保存').click();
  await page.getByRole('heading', { level: 1, name: '林小满' }).waitFor();
  const stored = await profileOf(one.openid);
  assert.deepEqual([stored.nickname, stored.level, stored.level_source, stored.tags, stored.note], ['林小满', 3, 'agent', ['老客户'], '爱喝桂花乌龙']);
  assert.equal((await conversationOf(product, one.openid)).nickname, '林小满');
  await page.getByText('来自：客服填写').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'people-person');
  await panel('会话').getByRole('link').first().click();
  await page.waitForURL('**/desk/workbench/**');
  await page.locator('.bubble-in', { hasText: '在吗' }).waitFor();
  await done();
});

test('a number in the note is masked, shown by who may, and stays when the note is changed', async () => {
  const one = await known('周小川', { note: '家里 13755553333' });
  const { page, button, done } = await staff(people(`/${one.id}`));
  const note = page.getByLabel('备注');
  await note.waitFor();
  assert.equal(await note.inputValue(), '家里 137****3333');
  await button('查看完整的手机号：137****3333').click();
  await page.getByText('13755553333').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'people-number');
  await note.fill('晚上打家里 137****3333');
  await button('保存').click();
  await until(async () => (await profileOf(one.openid)).note.startsWith('晚上'), 'the note');
  const { id, hidden } = await profileOf(one.openid);
  assert.deepEqual(await product.api.post(`${base}/people/${id}/numbers/${hidden[0].id}/reveal`), { value: '13755553333' });
  await done();
});

describe('many customers', () => {
  let zhao;
  let qian;
  before(async () => {
    zhao = await known('赵敏', { level: 5, tags: ['VIP'] });
    qian = await known('钱多多', { tags: ['VIP'] });
    await known('孙悟空');
  });

  test('they are narrowed by name, level and tag, and found by an exact id', async () => {
    const { page, row, button, done } = await staff(people());
    for (const name of ['赵敏', '钱多多', '孙悟空']) await row(name).waitFor();
    const box = page.getByRole('searchbox', { name: '查找客户' });
    await box.fill('多');
    await box.press('Enter');
    await page.waitForURL('**text=**');
    await row('赵敏').waitFor({ state: 'detached' });
    await row('钱多多').waitFor();
    await page.goto(product.url + people('?tag=VIP'));
    await row('孙悟空').waitFor({ state: 'detached' });
    await row('赵敏').waitFor();
    await choose(page, page.locator('main'), '等级', '4 级及以上');
    await page.waitForURL('**level=4**');
    await row('钱多多').waitFor({ state: 'detached' });
    await row('赵敏').waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'people-filtered');
    await page.goto(product.url + people('?tag=VIP&blocked=yes'));
    await page.getByText('看过的客户里没有符合的').waitFor();
    await button('清除全部筛选').click();
    await row('孙悟空').waitFor();
    await choose(page, page.locator('main'), '按什么查找', 'OpenID');
    await box.fill(zhao.openid);
    await box.press('Enter');
    await row('孙悟空').waitFor({ state: 'detached' });
    await row('赵敏').waitFor();
    assert.equal(page.url().includes(zhao.openid), false, 'an id stands in no address');
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('上一位、下一位').waitFor();
    await done();
  });

  test('who shares a phone number is asked about, becomes one person, and is told apart again', async () => {
    const number = '13812345678';
    await product.api.post(`${base}/people/${qian.id}/identities`, { kind: 'phone', value: number });
    const { page, panel, dialog, done } = await staff(people(`/${zhao.id}`));
    await panel('身份标识').getByRole('button', { name: '添加' }).click();
    await dialog.getByLabel('内容').fill('138 1234 5678');
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '添加', exact: true }).click();
    const ids = panel('身份标识');
    await ids.getByText('138****5678').waitFor();
    assert.equal(await page.getByText(number).count(), 0);
    await ids.getByRole('button', { name: '查看完整的手机号' }).click();
    await ids.getByText(number).waitFor();
    assert.equal((await product.api.get(`${base}/audit?action=people.identity.reveal`)).items.length, 1);

    const links = panel('关联');
    await links.getByText('手机号相同').waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'people-proposal');
    await links.getByRole('button', { name: / 是同一个人$/ }).click();
    await panel('同一个人的其他档案').getByRole('link', { name: '钱多多' }).waitFor();
    assert.equal((await rowOf(zhao.openid)).id, (await rowOf(qian.openid)).id);
    await links.getByText('确认了关联建议').waitFor();

    await links.getByRole('button', { name: /^撤销/ }).click();
    await dialog.getByText('档案不会改变').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '撤销关联' }).click();
    await links.getByText('没有与其他档案关联。').waitFor();
    assert.notEqual((await rowOf(zhao.openid)).id, (await rowOf(qian.openid)).id);
    await done();
  });

  test('two are linked by hand, by an exact id', async () => {
    const { page, panel, dialog, done } = await staff(people(`/${zhao.id}`), { role: 'agent' });
    await panel('关联').getByRole('button', { name: '关联另一位客户' }).click();
    const box = dialog.getByRole('searchbox', { name: '查找客户' });
    await box.fill(qian.openid);
    await box.press('Enter');
    await dialog.getByRole('radio', { name: /钱多多/ }).check();
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '是同一个人' }).click();
    await panel('关联').getByText('客服关联').waitFor();
    const { items } = await product.api.get(`${base}/people/${zhao.id}/links`);
    await product.api.delete(`${base}/people/${zhao.id}/links/${items[0].id}`);
    await done();
  });

  test('an agent sees numbers masked, and changes no settings', async () => {
    const { page, panel, button, done } = await staff(people(`/${zhao.id}`), { role: 'agent' });
    await panel('身份标识').getByText('138****5678').waitFor();
    assert.equal(await page.getByRole('button', { name: '查看完整的手机号' }).count(), 0);
    for (const [part, name] of [['/segments', '新建分群'], ['/settings', '新建属性'], ['/entrances', '生成密钥']]) {
      await page.goto(product.url + people(part));
      await page.locator('.panel').first().waitFor();
      await settled(page);
      assert.equal(await button(name).count(), 0, name);
    }
    await done();
  });

  test('somebody is put on the blacklist with a reason and an end, and taken off again', async () => {
    const { page, panel, dialog, button, row, done } = await staff(people(`/${qian.id}`), { role: 'agent' });
    await button('加入黑名单').click();
    const add = dialog.getByRole('button', { name: '加入黑名单' });
    assert.equal(await add.isDisabled(), true);
    await dialog.getByLabel('原因').fill('反复骚扰');
    await choose(page, dialog, '多久', '7 天');
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'people-block');
    await add.click();
    await page.getByText('agent1 已把这位客户加入黑名单：反复骚扰').waitFor();
    const { block } = await profileOf(qian.openid);
    assert.ok(Math.abs(block.ends_at - Date.now() - 7 * 86_400_000) < 60_000);
    assert.deepEqual(await accessibility(page), []);
    await page.goto(product.url + people('?blocked=yes'));
    await row('钱多多').getByText('已拉黑').waitFor();
    await page.goto(product.url + people('/blacklist'));
    await panel('黑名单').getByText('反复骚扰').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'people-blacklist');
    await button('移出黑名单：钱多多').click();
    await dialog.getByRole('button', { name: '移出' }).click();
    await page.getByText('黑名单是空的').waitFor();
    assert.equal((await profileOf(qian.openid)).block, null);
    await done();
  });

  test('an attribute is defined, filled in, and used in a segment that says how many fit', async () => {
    const { page, panel, dialog, button, row, done } = await staff(people('/settings'));
    await button('新建属性').click();
    await dialog.getByLabel('名称').fill('城市');
    await dialog.getByLabel('键').fill('city');
    await dialog.getByText('单选', { exact: true }).click();
    await dialog.getByLabel('选项').fill('杭州');
    await dialog.getByLabel('选项').press('Enter');
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '保存' }).click();
    await panel('自定义属性').getByText('杭州').waitFor();

    await page.goto(product.url + people(`/${zhao.id}`));
    await choose(page, page.locator('main'), '城市', '杭州');
    await button('保存').click();
    await until(async () => (await profileOf(zhao.openid)).attributes.city === '杭州', 'the value');

    await page.goto(product.url + people('/segments'));
    await button('新建分群').click();
    await dialog.getByLabel('名称').fill('杭州的贵客');
    await dialog.getByRole('spinbutton', { name: '值' }).fill('4');
    await dialog.getByRole('button', { name: '添加条件' }).click();
    await choose(page, dialog.locator('.condition-part').nth(1), '看什么', '城市');
    const save = dialog.getByRole('button', { name: '保存' });
    await until(() => save.isDisabled(), 'no saving before a city is said');
    await choose(page, dialog.locator('.condition-part').nth(1), '值', '杭州');
    await settled(page);
    assert.deepEqual(await accessibility(page), []);
    await save.click();
    await dialog.getByText('已保存的条件现在有 1 位客户符合').waitFor();
    await screenshot(page, 'people-segment');
    await dialog.getByRole('link', { name: '查看客户' }).click();
    await page.waitForURL('**/people?segment=**');
    await row('赵敏').waitFor();
    await row('孙悟空').waitFor({ state: 'detached' });
    await page.goto(product.url + people('/segments'));
    await page.getByText('等级 至少 4 且 城市 是 杭州').waitFor();
    await button('统计人数：杭州的贵客').click();
    await page.getByText('1 位', { exact: true }).waitFor();
    assert.deepEqual(await accessibility(page), []);
    await done();
  });
});

test('the button is generated, a key is made, and what the shown code signs is trusted', async () => {
  const one = await customer(product, '入口');
  const { page, panel, dialog, button, done } = await staff(people('/entrances'));
  await page.getByRole('textbox', { name: '值' }).fill('pages/goods/detail');
  await page.locator('.code pre', { hasText: 'session-from="page=pages%2Fgoods%2Fdetail"' }).waitFor();
  await page.getByRole('switch', { name: /提示客户发送小程序卡片/ }).click();
  await page.getByLabel('卡片标题').fill('12" 唱片');
  await page.locator('.code pre', { hasText: 'send-message-title="{{contactTitle}}"' }).waitFor();
  await page.getByRole('switch', { name: /带上签名的参数/ }).click();
  await page.getByText('签名在小程序自己的服务器上完成').waitFor();
  await button('生成密钥').click();
  const key = await dialog.locator('.copy-text .mono').textContent();
  assert.deepEqual(await accessibility(page), []);
  await dialog.getByRole('button', { name: '关闭' }).last().click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.getByText(key).count(), 0);
  await panel('session-from 签名密钥').getByText('有效', { exact: true }).waitFor();

  const code = await page.locator('.code pre', { hasText: 'signSessionFrom' }).textContent();
  const sign = new Function('require', `${code}\nreturn signSessionFrom;`)(createRequire(import.meta.url));
  const text = `${sign(key, { level: 7, login_id: 'u77' }, one.openid)}&page=pages%2Fgoods%2Fdetail`;
  await page.getByLabel('session-from').fill(text);
  await button('检查').click();
  await page.getByText('是为另一位客户签名的').waitFor();
  await page.getByLabel('谁发来的（OpenID）').fill(one.openid);
  await button('检查').click();
  await page.getByText('签名正确').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'people-entrance');

  await one.say({ event: 'user_enter_tempsession', session_from: text });
  await until(async () => (await rowOf(one.openid))?.level === 7, 'the level');
  await page.goto(product.url + people(`/${(await rowOf(one.openid)).profile_id}`));
  await page.getByText('来自：签名的 session-from').waitFor();
  await page.getByText('u77').waitFor();
  await page.locator('.facts').getByText('pages/goods/detail').first().waitFor();
  await done();
});

test('the page tells how the customer rated, and what their phone reported', async () => {
  const one = await known('钱老师');
  const key = await product.api.post(`${base}/telemetry/keys`, { name: '正式版' });
  const now = Date.now();
  const visit = batch('install-0009', 1, [
    { kind: 'event', name: 'page_view', t: now - 8000, page: 'pages/pay/pay' },
    { kind: 'event', name: 'PayOrder', t: now - 5000, page: 'pages/pay/pay' },
    { kind: 'error', name: 'TypeError', t: now - 3000, page: 'pages/pay/pay', level: 'error', text: 'requestPayment:fail', props: { handled: false } },
  ]);
  visit.context.user.openid = one.openid;
  assert.ok((await send(key, visit)).ok);
  await until(async () => (await product.api.get(`${base}/customers/${one.openid}/signals?events=true&days=90`)).items.length === 3, 'the signals');
  await product.api.patch(`${base}/satisfaction/settings`, { enabled: true, form: 'text' });
  const agent = await product.login('agent');
  await agent.put(`${base}/presence`, { presence: 'online' });
  const { id } = await conversationOf(product, one.openid);
  await agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: '已为您处理' } });
  await until(async () => (await agent.get(`/conversations/${id}/messages`)).items.some((line) => line.sender_kind === 'agent' && line.state === 'sent'), 'the answer to be sent');
  await agent.post(`/conversations/${id}/close`, { reason: '已解决' });
  await until(async () => (await agent.get(`/conversations/${id}/messages`)).items.some((line) => line.cause === 'satisfaction' && line.state === 'sent'), 'the question to be sent');
  await one.say('2');
  await until(async () => (await product.api.get(`${base}/satisfaction/results?profile=${one.id}`)).items.length === 1, 'the score');
  await one.say('等了太久');
  await until(async () => (await product.api.get(`${base}/satisfaction/results?profile=${one.id}`)).items[0].comment === '等了太久', 'the comment');

  const { page, panel, done } = await staff(people(`/${one.id}`));
  await panel('满意度').getByText('2 分').waitFor();
  await panel('满意度').getByText('等了太久').waitFor();
  const lines = panel('手机上报').getByRole('listitem');
  await lines.getByText('PayOrder').waitFor();  // what is shown until then has lines of its own
  const texts = await lines.allTextContents();
  assert.equal(texts.length, 3);
  assert.match(texts[0], /requestPayment:fail/);
  assert.match(texts[1], /PayOrder/);
  assert.match(texts[2], /pages\/pay\/pay/);
  await panel('手机上报').getByText('只看 90 天内的').waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'people-ratings');
  await panel('满意度').getByRole('link', { name: '评了 2 分的会话' }).click();
  await page.waitForURL(`**/desk/workbench/${id}**`);
  await done();
});

test('entries are counted by page, and lead to their conversations', async () => {
  const one = await customer(product, '来过两次');
  const enters = () => one.say({ event: 'user_enter_tempsession', session_from: 'page=pages/tea/list' });
  await enters();
  await nextSecond();
  await enters();
  await one.say('有新茶吗');
  await conversationOf(product, one.openid);
  const { page, panel, done } = await staff(people('/entrances'));
  const row = panel('按页面看进入').getByRole('row', { name: /pages\/tea\/list/ });
  await row.waitFor();
  assert.deepEqual(await row.getByRole('cell').allTextContents(), ['2', '1', '1']);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'people-entries');
  await row.getByRole('link', { name: '1 个会话，来自 pages/tea/list' }).click();
  await page.waitForURL('**/reports/conversations**source=pages%2Ftea%2Flist**');
  await page.getByText('pages/tea/list').first().waitFor();
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
    const a = await known('一个称呼特别特别长的客户，长到在手机上放不下', { tags: ['老客户', '茶叶', '特别长的标签特别长的标签'], note: '备注\n第二行', level: 9 });
    const b = await known('另一位');
    const c = await known('第三位');
    await product.api.post(`${base}/people/${a.id}/links`, { person_id: b.id });
    for (const one of [a, c]) await product.api.post(`${base}/people/${one.id}/identities`, { kind: 'login_id', value: 'shared-login' });
    await product.api.put(`${base}/people/${a.id}/block`, { reason: '一个很长的原因，'.repeat(12), ends_at: 0 });
    parts = ['', `/${a.id}`, '/segments', '/proposals', '/blacklist', '/entrances', '/settings'];
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(people(), options);
      for (const part of parts) {
        await page.goto(product.url + people(part));
        await page.locator('.panel').first().waitFor();
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `people${part.replace('/', '-').replace(/\d+/, 'one')}-${name}`);
      }
      await done();
    });
  }
});
