// 满意度, from both sides: a leader decides how customers are asked, customers score on their phones and on the rating
// page, scores and comments are read where they belong, and low ones are followed up.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { picture } from '../harness/picture.mjs';
import { until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn, takeOut } from './browser.mjs';
import { choose } from './quality_scene.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let api;
let agent;
before(async () => {
  product = await startProduct({ serverArgs: ['--server-public-url', 'http://ops.example.cn'] });
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  api = `${base}/satisfaction`;
  agent = await product.login('agent');
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const satisfaction = (rest = '') => `/m/${product.appid}/satisfaction${rest}`;
const settingsNow = () => product.api.get(`${api}/settings`);
const set = (part) => product.api.patch(`${api}/settings`, part);
const resultsNow = async () => (await product.api.get(`${api}/results`)).items;
const followUpsNow = async () => (await product.api.get(`${api}/follow-ups`)).items;
const hour = 3_600_000;

async function staff(path, { role = 'operator', ...options } = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts[role], path);
  const { page } = window;
  const main = page.locator('main');
  return {
    ...window,
    main,
    dialog: page.getByRole('dialog'),
    row: (text) => page.locator('.sat-list > li', { hasText: text }),
    panel: (text) => page.locator('.panel', { has: page.getByRole('heading', { level: 2, name: text, exact: true }) }),
    button: (name) => main.getByRole('button', { name, exact: true }),
    turn: (name) => main.getByRole('switch', { name, exact: true }),
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

const questionOn = async (one) => (await one.phone()).findLast((line) => line.direction === 'out' && (line.text?.content.includes('1–5') || line.msgtype === 'miniprogrampage'));

// Somebody asks, is answered, and their conversation is closed: they are asked how it was.
async function served(nickname) {
  await agent.put(`${base}/presence`, { presence: 'online' }); // a window that was closed meanwhile may have ended it
  const one = await customer(product, nickname);
  await one.say('在吗');
  const { id } = await conversationOf(product, one.openid);
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname });
  await until(async () => (await agent.get(`/conversations/${id}`)).state === 'active', 'the agent to have it');
  await agent.post(`/conversations/${id}/messages`, { msgtype: 'text', text: { content: '已为您处理' } });
  await until(async () => (await agent.get(`/conversations/${id}/messages`)).items.some((line) => line.sender_kind === 'agent' && line.state === 'sent'), 'the answer to be sent');
  await agent.post(`/conversations/${id}/close`, { reason: '已解决' });
  const question = await until(() => questionOn(one), 'the question on the phone');
  return { ...one, id, question };
}

async function scored(nickname, answer, comment = '') {
  const one = await served(nickname);
  await one.say(answer);
  const mine = async () => (await resultsNow()).find((result) => result.conversation_id === one.id);
  await until(mine, 'the score');
  if (comment) {
    await one.say(comment);
    await until(async () => (await mine()).comment === comment, 'the comment');
  }
  return one;
}

// Writes into one of the lists of words.
async function write(main, label, word) {
  const box = main.getByRole('combobox', { name: label, exact: true });
  await box.fill(word);
  await box.press('Enter');
  return box;
}

test('before anybody is asked the pages say what comes first', async () => {
  const { page, done } = await staff(satisfaction());
  for (const [part, words] of [['', '这段时间没有结束的会话'], ['/follow-ups', '没有待回访的低分'], ['/follow-ups?state=done', '还没有完成的回访']]) {
    await page.goto(product.url + satisfaction(part));
    await page.getByText(words).waitFor();
    await settled(page);
    assert.deepEqual(await accessibility(page), [], part);
  }
  await page.goto(product.url + satisfaction());
  await page.getByText('邀评没有开启').waitFor();
  await page.getByRole('link', { name: '去设置' }).click();
  await page.waitForURL('**/satisfaction/settings');
  await done();
});

test('asking is switched on, with its text, its words and who follows up', async () => {
  const { page, main, panel, button, turn, done } = await staff(satisfaction('/settings'));
  await turn('会话结束时邀请客户评价').click();
  const text = main.getByLabel('内容（中文）');
  await text.fill('');
  await page.getByText('请填写内容').waitFor();
  assert.equal(await button('保存').isDisabled(), true, 'nothing would be asked');
  await text.fill('请回复 1–5，给这次服务打分');
  await main.getByRole('region', { name: '客户看到的样子' }).getByText('请回复 1–5，给这次服务打分').waitFor();
  await write(main, '5 分 非常满意', '点赞');
  await write(main, '4 分 满意', '非常满意！');
  await page.getByText('“非常满意！”已经算 5 分').waitFor();
  assert.equal(await button('保存').isDisabled(), true, 'it counts already');
  await takeOut(page, '非常满意！');
  await page.getByText('“非常满意！”已经算 5 分').waitFor({ state: 'detached' });
  await panel('低分回访').getByRole('spinbutton', { name: '期限', exact: true }).fill('48');
  await page.locator('h1').click();
  await page.reload();
  await page.getByText('有未保存的修改').waitFor();
  assert.equal(await text.inputValue(), '请回复 1–5，给这次服务打分', 'what is written survives a reload');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-settings');
  await button('保存').click();
  const { enabled, texts, words, follow_up } = await until(async () => ((now) => now.enabled && now)(await settingsNow()), 'asking to be switched on');
  assert.deepEqual([enabled, texts.find((one) => one.language === 'zh').text, follow_up.due_hours], [true, '请回复 1–5，给这次服务打分', 48]);
  assert.ok(words.some((one) => one.word === '点赞' && one.score === 5));
  await page.getByText('有未保存的修改').waitFor({ state: 'detached' });
  await done();
});

test('a customer scores on the phone and says why; both stand in the results and in the conversation', async () => {
  const one = await scored('林小满', '点赞', '处理得很快');
  assert.equal(one.question.text.content, '请回复 1–5，给这次服务打分');
  await scored('陈思远', '3');
  const { page, main, row, panel, done } = await staff(satisfaction());
  await row('处理得很快').getByText('5 分').waitFor();
  await page.getByText('4–5 分所占的比例；只有 2 个评价，仅供参考').waitFor();
  await page.getByText('送达 2 个，评价 2 个').waitFor();
  await panel('对比').locator('.ant-table-row', { hasText: 'agent1' }).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-results');

  await main.getByRole('button', { name: /^3 分 一般/ }).click();
  await page.waitForURL('**score=3**');
  await row('处理得很快').waitFor({ state: 'detached' });
  await choose(page, main, '评分', '5 分');
  await page.waitForURL('**score=5**');
  await row('处理得很快').waitFor();
  await panel('对比').locator('.ant-segmented-item', { hasText: '客服组' }).click();
  await page.waitForURL('**by=group**');
  await panel('对比').getByRole('button', { name: '默认客服组' }).click();
  await page.waitForURL('**group=1**');
  await page.getByRole('button', { name: '去掉筛选：客服组: 默认客服组' }).click();
  await page.waitForURL((url) => !url.search.includes('group=1'));

  await row('处理得很快').getByRole('link', { name: `会话 ${one.id}` }).click();
  await page.locator('.bubble-in', { hasText: '处理得很快' }).waitFor();
  const events = page.locator('.wb-events');
  for (const text of ['邀请客户评价', '客户评了 5 分', '客户留言说明评价']) await events.getByText(text).waitFor();
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-conversation');
  await done();
});

test('a low score is followed up by the agent, and opened again by who supervises', async () => {
  await scored('王阿姨', '1', '态度很差');
  const { page, row, dialog, done } = await staff(satisfaction('/follow-ups'), { role: 'agent' });
  const low = row('态度很差');
  await low.getByText('负责人 agent1').waitFor();
  await low.getByRole('button', { name: '编辑', exact: true }).click();
  await dialog.getByLabel('备注').fill('周一上午再打电话');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-follow-up');
  await dialog.getByRole('button', { name: '保存', exact: true }).click();
  await low.getByText('周一上午再打电话').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await low.getByRole('button', { name: '完成回访', exact: true }).click();
  await dialog.getByLabel('回访结果').fill('已道歉，补发了优惠券');
  await dialog.getByRole('button', { name: '完成回访', exact: true }).click();
  await low.waitFor({ state: 'detached' });
  const [stored] = await followUpsNow();
  assert.deepEqual([stored.state, stored.note, stored.done_by], ['done', '已道歉，补发了优惠券', 'agent1']);
  await done();

  const lead = await staff(satisfaction('/follow-ups?state=done'));
  await lead.row('态度很差').getByText('agent1 完成于').waitFor();
  await settled(lead.page);
  assert.deepEqual(await accessibility(lead.page), []);
  await lead.row('态度很差').getByRole('button', { name: '重新打开', exact: true }).click();
  await lead.page.getByText('还没有完成的回访').waitFor();
  assert.equal((await followUpsNow())[0].state, 'open');
  await lead.done();
});

test('a colleague was faster: what was written stays, and is saved after a look', async () => {
  const [{ id, version }] = await followUpsNow();
  const { page, row, dialog, done } = await staff(satisfaction('/follow-ups'));
  await row('态度很差').getByRole('button', { name: '编辑', exact: true }).click();
  await dialog.getByLabel('备注').fill('第二次联系，已解决');
  await product.api.patch(`${api}/follow-ups/${id}`, { version, due_at: Date.now() - 2.5 * hour });
  const save = dialog.getByRole('button', { name: '保存', exact: true });
  await save.click();
  await page.getByText('同事刚刚改过这条回访').waitFor();
  await row('态度很差').getByText('逾期 2 小时').waitFor();
  assert.equal(await dialog.getByLabel('备注').inputValue(), '第二次联系，已解决');
  await save.click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal((await followUpsNow())[0].note, '第二次联系，已解决');
  await page.getByRole('checkbox', { name: '只看逾期的' }).click();
  await page.waitForURL('**overdue=yes**');
  await row('态度很差').waitFor();
  await done(['status of 409']);
});

test('nobody’s follow-up is taken by who comes first', async () => {
  await set({ follow_up: { score_max: 2, owner: 'nobody', due_hours: 24 } });
  await scored('小鹿', '2', '说话听不懂');
  const { page, main, row, done } = await staff(satisfaction('/follow-ups'), { role: 'agent' });
  await choose(page, main, '负责人', '没有负责人');
  await page.waitForURL('**owner=nobody**');
  await row('态度很差').waitFor({ state: 'detached' });
  await row('说话听不懂').getByRole('button', { name: '认领', exact: true }).click();
  await page.getByText('没有符合筛选的回访').waitFor();
  await page.getByRole('button', { name: '去掉筛选：负责人: 没有负责人' }).click();
  await row('说话听不懂').getByText('负责人 agent1').waitFor();
  await done();
});

test('with a link the customer scores on the rating page, in their language, once', async () => {
  const { page, main, button, done } = await staff(satisfaction('/settings'));
  await main.getByRole('radio', { name: /^文字和评价链接/ }).check();
  await main.getByText('https://…/rate/…').waitFor();
  await button('保存').click();
  await until(async () => (await settingsNow()).form === 'link', 'the form');
  await page.getByText('有未保存的修改').waitFor({ state: 'detached' });
  await done();

  const one = await served('Alex');
  const [, path] = one.question.text.content.match(/http:\/\/ops\.example\.cn(\/rate\/\w+)/);
  for (const language of ['en', 'zh']) {
    const visitor = await open(browser, product, { language, viewport: phone });
    await visitor.page.goto(product.url + path);
    await visitor.page.getByRole('radio').first().waitFor();
    assert.deepEqual(await accessibility(visitor.page), []);
    await screenshot(visitor.page, `satisfaction-rating-page-${language}`);
    if (language === 'zh') {
      await visitor.page.getByLabel('4 满意').check();
      await visitor.page.locator('#comment').fill('页面很清楚');
      await visitor.page.getByRole('button', { name: '提交' }).click();
      await visitor.page.getByText('评价已提交，谢谢！').waitFor();
      await screenshot(visitor.page, 'satisfaction-rating-thanks');
    }
    await visitor.close();
  }
  const found = (await resultsNow()).find((result) => result.conversation_id === one.id);
  assert.deepEqual([found.score, found.comment, found.form], [4, '页面很清楚', 'link']);
});

test('a card needs a page and a cover, and is seen before it is sent', async () => {
  const { page, main, button, done } = await staff(satisfaction('/settings'));
  await main.getByRole('radio', { name: /^小程序卡片/ }).check();
  await page.getByText('请填写小程序页面的路径，例如 pages/rate/rate').waitFor();
  assert.equal(await button('保存').isDisabled(), true);
  await main.getByLabel('评价页路径').fill('pages/rate/rate');
  await main.getByLabel('卡片封面').setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer: picture });
  const cover = main.getByRole('region', { name: '客户看到的样子' }).locator('img');
  await cover.waitFor();
  await until(() => cover.evaluate((image) => image.naturalWidth > 0), 'the cover in the preview');
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-card');
  await button('保存').click();
  await until(async () => (await settingsNow()).form === 'card', 'the form');
  await page.getByText('有未保存的修改').waitFor({ state: 'detached' });
  await done();
  const { question } = await served('周末露营');
  assert.equal(question.msgtype, 'miniprogrampage');
});

test('while scores are anonymous agents see whole weeks only, and who supervises sees all', async () => {
  await set({ form: 'text', anonymous: true });
  const { page, main, done } = await staff(satisfaction(), { role: 'agent' });
  await main.getByText('这里只有整周的汇总').waitFor();
  await main.getByText('这段时间还没有能显示的整周').waitFor();
  assert.equal(await main.getByRole('button', { name: /^5 分 非常满意/ }).count(), 0);
  assert.equal(await page.getByText('处理得很快').count(), 0);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-anonymous');
  await page.goto(product.url + satisfaction('/follow-ups'));
  await page.getByText('评分对客服匿名：这里只有您负责的回访。').waitFor();
  await done();
  const lead = await staff(satisfaction());
  await lead.row('处理得很快').waitFor();
  await lead.done();
  await set({ anonymous: false });
});

test('who may not configure reads the settings', async () => {
  const { page, main, button, done } = await staff(satisfaction('/settings'), { role: 'agent' });
  await page.getByText('您可以查看').waitFor();
  assert.equal(await button('保存').count(), 0);
  assert.equal(await main.getByLabel('内容（中文）').isDisabled(), true);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-read-only');
  await done();
});

test('a number in a comment is covered until somebody who may see it asks', async () => {
  const one = await served('何晓东');
  await one.say('2');
  await until(async () => (await resultsNow()).some((result) => result.conversation_id === one.id), 'the score');
  await one.say('师傅的电话 13812345678');
  await until(async () => (await resultsNow()).find((result) => result.conversation_id === one.id).comment_masked, 'the comment');
  const { page, row, done } = await staff(satisfaction());
  const mine = row('师傅的电话');
  const show = mine.getByRole('button', { name: '显示完整的留言' });
  await show.waitFor();
  assert.equal(await page.getByText('13812345678').count(), 0);
  await settled(page);
  assert.deepEqual(await accessibility(page), []);
  await screenshot(page, 'satisfaction-comment-covered');
  await show.click();
  await mine.getByText('师傅的电话 13812345678').waitFor();
  assert.equal(await show.count(), 0);
  const read = (await product.api.get(`${base}/audit?action=satisfaction.comment.reveal`)).items;
  assert.equal(read.length, 1);
  await page.reload();
  await show.waitFor(); // nothing kept it
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
  const parts = {
    results: ['.sat-list', '', null],
    'results-none': ['.state', '?agent=1', null],
    'results-filtered': ['.chips', '?range=30d&by=group&score=5&comment=yes&group=1', null],
    'follow-ups': ['.sat-list', '/follow-ups', null],
    'follow-up': ['.sat-list', '/follow-ups', '.sat-list .ant-btn-text'], // what opens the dialog
    settings: ['.sat-preview', '/settings', null],
  };
  before(async () => {
    await scored('一个名字特别特别长的客户', '1', '很长很长的留言，一个字也不想省，'.repeat(10));
    await set({ form: 'card', texts: [{ language: 'zh', text: '请为这次服务打分' }, { language: 'en', text: 'How was our service?' }, { language: 'zh-TW', text: '请为这次服务打分（繁体）' }], follow_up: { score_max: 3, owner: 'nobody', due_hours: 24 } });
  });
  for (const { name, ...options } of windows) {
    test(name, async () => {
      const { page, done } = await staff(satisfaction(), options);
      for (const [part, [there, path, press]] of Object.entries(parts)) {
        await page.goto(product.url + satisfaction(path));
        await page.locator(there).first().waitFor();
        if (press) {
          await page.locator(press).first().click();
          await page.getByRole('dialog').waitFor();
        }
        await settled(page);
        assert.deepEqual(await accessibility(page), [], part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${part} is ${wide} px too wide`);
        await screenshot(page, `satisfaction-${part}-${name}`);
      }
      await done();
    });
  }
});
