// Two agents of one group: what is a colleague's is told in counts, and still comes into the list by itself; what is open
// is live, whoever's it is.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { runBinary } from '../harness/process.mjs';
import { password, startProduct } from '../harness/product.mjs';
import { Api } from '../harness/client.mjs';
import { accessibility, desktop, launch, open, phone, screenshot, settled, signIn } from './browser.mjs';
import { conversationOf, customer } from './scene.mjs';

let product;
let browser;
let base;
let colleague;
before(async () => {
  product = await startProduct();
  browser = await launch();
  base = `/miniprograms/${product.appid}`;
  await product.api.put(`${base}/desk-settings`, { auto_assign: false });
  const made = await runBinary(['admin', 'create-user', '--username', 'agent2', '--role', 'agent', '--miniprogram', product.appid, '--password-stdin', '--data', product.data], { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  colleague = await Api.login(product.url, 'agent2', password);
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const workbench = (rest = '') => `/m/${product.appid}/desk/workbench${rest}`;

// Somebody who writes, under a name by which the list is read.
async function writes(nickname, text) {
  const one = await customer(product, nickname);
  await one.say(text);
  const { id } = await conversationOf(product, one.openid);
  await product.api.patch(`${base}/customers/${one.openid}`, { nickname });
  return { ...one, id };
}

// Whoever has no window open is offline after a minute.
async function takes({ id }) {
  await colleague.put(`${base}/presence`, { presence: 'online' });
  await colleague.post(`/conversations/${id}/take`);
}

async function staff(path, options = {}) {
  const window = await open(browser, product, options);
  await signIn(window, product.accounts.agent, path);
  const { page } = window;
  return {
    ...window,
    row: (text) => page.locator('.wb-row', { hasText: text }),
    view: (name) => page.locator('.wb-views button', { hasText: name }),
    async done() {
      assert.deepEqual(window.problems, []);
      await window.close();
    },
  };
}

test("a colleague's conversation comes, changes and goes in the list by itself", async () => {
  const { page, row, view, done } = await staff(workbench('?view=all'));
  await view('全部').waitFor();
  const talk = await writes('周小满', '第一句');
  await row('周小满').waitFor();
  await takes(talk);
  await row('周小满').filter({ hasText: 'agent2' }).waitFor();
  await talk.say('第二句');
  await row('第二句').waitFor();
  await colleague.post(`/conversations/${talk.id}/close`, { outcome: 'resolved' });
  await row('周小满').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.wb-row').count(), 0);
  await done();
});

test('what is open is live, though it is with a colleague', async () => {
  const talk = await writes('吴晓', '在吗');
  await takes(talk);
  const { page, done } = await staff(workbench(`/${talk.id}`));
  const bubble = (text) => page.locator('.bubble', { hasText: text });
  await bubble('在吗').waitFor();
  await talk.say('看得到吗');
  await bubble('看得到吗').waitFor();
  await colleague.post(`/conversations/${talk.id}/messages`, { msgtype: 'text', text: { content: '当然可以' } });
  await bubble('当然可以').waitFor();
  await colleague.post(`/conversations/${talk.id}/close`, { outcome: 'resolved' });
  await done();
});

describe('the list that counts keep, in both languages and sizes', () => {
  for (const [language, viewport] of [['zh', desktop], ['zh', phone], ['en', desktop], ['en', phone]]) {
    const size = viewport === phone ? 'phone' : 'desktop';
    test(`${language}, ${size}`, async () => {
      const name = `客户 ${language} ${size}`;
      const { page, row, done } = await staff(workbench('?view=waiting'), { language, viewport });
      const talk = await writes(name, '请问几点关门');
      await row(name).waitFor();
      await settled(page);
      assert.deepEqual(await accessibility(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
      await screenshot(page, `counts-${language}-${size}`);
      await takes(talk);
      await row(name).waitFor({ state: 'detached' });
      await done();
    });
  }
});
