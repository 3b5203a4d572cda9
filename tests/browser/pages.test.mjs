// Every page, in both languages, on a desktop and a phone: it draws, the browser complains about nothing, axe finds
// nothing; a screenshot of each is left in build/screenshots for a person to look at.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startProduct } from '../harness/product.mjs';
import { accessibility, desktop, launch, open, overFoot, phone, screenshot, settled, signIn, still } from './browser.mjs';
import { morning } from './scene.mjs';
import { shopDay } from './telemetry_scene.mjs';

let product;
let browser;
let first;
let agentId;
before(async () => {
  product = await startProduct();
  ({ first } = await morning(product));
  await shopDay(product);
  agentId = (await product.api.get(`/miniprograms/${product.appid}/members`)).items.find((one) => one.username === 'agent1').account_id;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const pages = {
  overview: () => `/m/${product.appid}/overview`,
  workbench: () => `/m/${product.appid}/desk/workbench`,
  conversation: () => `/m/${product.appid}/desk/workbench/${first}`,
  customer: () => `/m/${product.appid}/desk/workbench/${first}?pane=customer`,
  closed: () => `/m/${product.appid}/desk/workbench?view=closed`,
  records: () => `/m/${product.appid}/desk/records?q=${encodeURIComponent('发货')}`,
  'settings-rules': () => `/m/${product.appid}/desk/settings/rules`,
  'settings-hours': () => `/m/${product.appid}/desk/settings/hours`,
  'settings-words': () => `/m/${product.appid}/desk/settings/words`,
  'settings-checks': () => `/m/${product.appid}/desk/settings/checks`,
  'settings-general': () => `/m/${product.appid}/desk/settings/general`,
  automation: () => `/m/${product.appid}/automation`,
  'automation-log': () => `/m/${product.appid}/automation/log`,
  'quick-replies': () => `/m/${product.appid}/quick-replies`,
  'telemetry-records': () => `/m/${product.appid}/telemetry/records`,
  'telemetry-errors': () => `/m/${product.appid}/telemetry/records?kind=error&name=TypeError&release=!1.3.0`,
  gateway: () => `/m/${product.appid}/gateway`,
  'telemetry-intake': () => `/m/${product.appid}/telemetry/intake`,
  'telemetry-connect': () => `/m/${product.appid}/telemetry/intake/connect`,
  'telemetry-settings': () => `/m/${product.appid}/telemetry/intake/settings`,
  miniprogram: () => `/m/${product.appid}/miniprogram`,
  members: () => `/m/${product.appid}/members`,
  'member-permissions': () => `/m/${product.appid}/members?member=${agentId}`,
  audit: () => `/m/${product.appid}/audit`,
  miniprograms: () => '/miniprograms',
  accounts: () => '/accounts',
  'instance-audit': () => '/audit',
  'api-keys': () => '/api-keys',
  account: () => '/account',
  'not-found': () => '/no/such/page',
};

const settings = [
  { name: 'zh-desktop', language: 'zh', viewport: desktop },
  { name: 'zh-phone', language: 'zh', viewport: phone },
  { name: 'en-desktop', language: 'en', viewport: desktop },
  { name: 'en-phone', language: 'en', viewport: phone },
  { name: 'zh-desktop-dark', language: 'zh', viewport: desktop, theme: 'dark' },
];

for (const setting of settings) {
  describe(setting.name, () => {
    test('login', async () => {
      const window = await open(browser, product, setting);
      await window.page.goto(product.url);
      await window.page.locator('#username').waitFor();
      assert.deepEqual(await accessibility(window.page), []);
      await screenshot(window.page, `login-${setting.name}`);
      assert.deepEqual(window.problems, []);
      await window.close();
    });

    test('every page', async (t) => {
      const window = await open(browser, product, setting);
      await signIn(window, product.accounts.boss);
      for (const [name, path] of Object.entries(pages)) {
        await t.test(name, async () => {
          window.problems.length = 0;
          await window.page.goto(product.url + path());
          await window.page.locator('h1').first().waitFor({ state: 'attached' }).catch(() => {});
          await settled(window.page);
          await screenshot(window.page, `${name}-${setting.name}`);
          assert.deepEqual(await accessibility(window.page), []);
          assert.equal(await window.page.locator('.state-red').count(), 0, 'no error is shown');
          assert.equal(await window.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing is wider than the window');
          assert.deepEqual(await overFoot(window.page), [], 'nothing lies over the foot of a sheet');
          assert.deepEqual(window.problems, []);
        });
      }
      await window.close();
    });
  });
}

// What its person came to do, on the pages beside the workbench.
describe('the pages do what they are for', () => {
  let window;
  before(async () => {
    window = await open(browser, product);
    await signIn(window, product.accounts.boss);
  });
  after(() => window?.close());

  test('automatic replies: a dry run names the rule; a new rule is kept', async () => {
    const { page } = window;
    await page.goto(product.url + pages['settings-rules']());
    await page.getByLabel('客户说').fill('我想开票');
    await page.getByRole('button', { name: '试运行' }).click();
    await page.getByText('“发票”会回复：').waitFor();
    await page.getByRole('button', { name: '添加规则' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('名称').fill('营业时间');
    await dialog.locator('#patterns').fill('几点');
    await dialog.locator('#patterns').press('Enter');
    await dialog.getByLabel('回复内容').last().fill('我们每天 9 点到 18 点在线。');
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'settings-rule-dialog');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.locator('.rules').getByText('营业时间').waitFor();
  });

  test('working hours: a list of holidays is pasted, what cannot be read is named, and all of it is kept', async () => {
    const { page } = window;
    await page.goto(product.url + pages['settings-hours']());
    const special = page.getByRole('region', { name: '节假日与调休' });
    await special.getByRole('button', { name: '粘贴放假安排' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('2027-10-01 至 2027-10-03 国庆节 休\n2027-10-09 国庆调休 班\n10月4日 国庆节 休');
    await dialog.getByText('1 行无法识别，不会加入').waitFor();
    await screenshot(page, 'settings-hours-paste');
    assert.deepEqual(await accessibility(page), []);
    await dialog.getByRole('button', { name: '加入 4 天' }).click();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').first().waitFor();
    await page.reload();
    await special.getByRole('textbox', { name: '2027-10-09 名称' }).waitFor();
    assert.equal(await special.getByRole('listitem').count(), 7);
    assert.equal(await special.getByRole('textbox', { name: '2027-10-09 名称' }).inputValue(), '国庆调休');
  });

  test('sensitive words: a file is imported, its bad lines are named', async () => {
    const { page } = window;
    await page.goto(product.url + pages['settings-words']());
    await page.getByRole('button', { name: '从文件导入' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('#words-file').setInputFiles({ name: 'words.txt', mimeType: 'text/plain', buffer: Buffer.from(`刷单\n返现,block\n刷单\n${'长'.repeat(200)}\n`) });
    await dialog.getByRole('button', { name: '从文件导入' }).click();
    await dialog.getByText(/新增 2 个/).waitFor();
    await dialog.getByText('4', { exact: true }).waitFor();
    await screenshot(page, 'settings-words-report');
    await dialog.getByRole('button', { name: '关闭' }).last().click();
    await page.getByRole('cell', { name: '返现', exact: true }).waitFor();
  });

  test('a mini program is added and says what to paste where', async () => {
    const { page } = window;
    await page.goto(product.url + pages.miniprograms());
    await page.getByRole('button', { name: '添加小程序' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('AppID').fill('wxfeedfacefeedface');
    await dialog.getByLabel('名称').fill('第二个小程序');
    await dialog.getByLabel('AppSecret').fill('0123456789abcdef0123456789abcdef');
    await dialog.getByRole('button', { name: '下一步' }).click();
    await dialog.getByText(`/wechat/push/wxfeedfacefeedface`).waitFor();
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'miniprogram-wizard');
    await dialog.getByRole('button', { name: '下一步' }).click();
    await dialog.getByRole('button', { name: '运行自检' }).click();
    await dialog.locator('.checks li').nth(6).waitFor();
    await screenshot(page, 'miniprogram-check');
    await dialog.getByRole('button', { name: '完成' }).click();
    await page.getByRole('link', { name: '第二个小程序' }).waitFor();
  });

  test('a member is added; a password that an administrator sets must be changed at the next login', async () => {
    const { page } = window;
    await page.goto(product.url + pages.members());
    await page.getByRole('button', { name: '添加成员' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('用户名').fill('xiaohong');
    await dialog.getByLabel(/姓名/).fill('小红');
    await dialog.getByLabel(/初始密码/).fill('first-password-1');
    await dialog.getByRole('button', { name: '添加', exact: true }).click();
    await page.getByText('小红').waitFor();
    await page.goto(`${product.url}/accounts?q=xiaohong`);
    await page.getByRole('button', { name: '编辑' }).click();
    await dialog.getByLabel(/重设密码/).fill('given-password-1');
    await still(page); // a button that is clicked while its dialog grows may miss the click
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.waitFor({ state: 'detached' });

    const fresh = await open(browser, product);
    await fresh.page.goto(product.url);
    await fresh.page.locator('#username').fill('xiaohong');
    await fresh.page.locator('#password').fill('given-password-1');
    await fresh.page.locator('button[type=submit]').click();
    await fresh.page.locator('#fresh').fill('my-own-password-2');
    await fresh.page.locator('#again').fill('my-own-password-2');
    assert.deepEqual(await accessibility(fresh.page), []);
    await screenshot(fresh.page, 'login-first-password');
    await fresh.page.locator('button[type=submit]').click();
    await fresh.page.locator('.wb').waitFor();
    await fresh.close();
  });

  test('an agent becomes an inspector by a grant: by keyboard, and what changes is shown before', async () => {
    const { page } = window;
    await page.goto(product.url + pages.members());
    await page.getByRole('button', { name: '按角色 agent1' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('radiogroup', { name: '质检：评价会话' }).getByRole('radio', { name: '按角色' }).focus();
    await page.keyboard.press('ArrowRight');
    await sheet.getByText('质检：评价会话: 按角色 (不可以) → 授予').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'member-permissions-changed');
    await sheet.getByRole('button', { name: '保存' }).click();
    await sheet.getByText('没有更改').waitFor();
    const { grants, effective } = await product.api.get(`/miniprograms/${product.appid}/members/${agentId}/permissions`);
    assert.deepEqual(grants, ['desk.inspect']);
    assert.ok(effective.includes('desk.inspect'));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '调整 1 项 agent1' }).waitFor();
  });

  test('an API key is shown once', async () => {
    const { page } = window;
    await page.goto(product.url + pages['api-keys']());
    await page.getByRole('button', { name: '新建密钥' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('名称').fill('报表脚本');
    await dialog.getByRole('button', { name: '新建密钥' }).click();
    const key = await dialog.locator('.copy-text .mono').textContent();
    const answer = await fetch(`${product.url}/api/v1/session`, { headers: { authorization: `Bearer ${key}` } });
    assert.ok(answer.status < 500);
    await dialog.getByRole('button', { name: '关闭' }).last().click();
    await page.getByText('报表脚本').waitFor();
    assert.equal(await page.getByText(key).count(), 0);
  });

  test('the audit log shows what was done, and is exported as CSV', async () => {
    const { page } = window;
    await page.goto(`${product.url}${pages.audit()}?action=member.`);
    await page.getByRole('button', { name: /^member\./ }).first().click();
    await page.getByRole('dialog').getByText('操作详情').waitFor();
    await page.keyboard.press('Escape');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 CSV' }).click()]);
    assert.match(download.suggestedFilename(), /\.csv$/);
  });

  test('the token is refreshed from the health page', async () => {
    const { page } = window;
    await page.goto(product.url + pages.gateway());
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await page.getByText('已刷新').waitFor();
    await page.getByText('有效', { exact: true }).waitFor();
  });

  test('an agent sees only what an agent may use', async () => {
    const agent = await open(browser, product);
    await signIn(agent, product.accounts.agent);
    await agent.page.locator('.rail-link').first().waitFor();
    const links = (await agent.page.locator('.rail-link').allTextContents()).map((text) => text.replace(/\d+\+?$/, ''));
    assert.deepEqual(links, ['概览', '工作台', '会话记录', '客户', '客服团队', '服务时效', '快捷回复', '自动化规则', '客服报表', '满意度', '客服设置', '会话小结', 'API 密钥']);
    await agent.page.waitForURL('**/desk/workbench**');
    await agent.close();
  });
});
