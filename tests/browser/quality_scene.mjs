// What a shop's phones report when a release goes wrong, and the source map of that release.
import { until } from '../harness/process.mjs';
import { batch, send } from './telemetry_scene.mjs';

export const price = {
  name: 'TypeError',
  page: 'pages/goods/detail',
  text: "Cannot read property 'price' of undefined",
  stack: "TypeError: Cannot read property 'price' of undefined\n    at a (https://usr/pages/goods/detail.js:1:40)\n    at onLoad (https://usr/pages/goods/detail.js:1:90)",
};
export const stock = {
  name: 'RangeError',
  page: 'pages/cart/index',
  text: 'Invalid stock count',
  stack: 'RangeError: Invalid stock count\n    at submit (https://usr/pages/cart/index.js:7:3)',
};

// One phone's visit that met an error.
export async function meet(key, phone, release, { name, page, text, stack }) {
  const now = Date.now();
  const body = batch(`install-${phone}`, phone, [
    { kind: 'event', name: 'page_view', t: now - 3000, page: 'pages/index/index' },
    { kind: 'event', name: 'page_view', t: now - 2000, page },
    { kind: 'performance', name: 'request', t: now - 1000, page, value: 1250 },
    { kind: 'error', name, t: now, page, level: 'error', text, props: { stack, handled: false } },
    { kind: 'log', t: now + 1, page, level: 'error', text: `打开商品失败，手机 ${phone}` },
  ]);
  body.context.release = release;
  const answer = await send(key, body);
  if (!answer.ok) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
}

const issues = (product) => `/miniprograms/${product.appid}/issues`;
export const issueOf = async (product, text) => (await product.api.get(`${issues(product)}?${new URLSearchParams({ state: 'found,classified,located,fixed,released', ignored: 'yes', text })}`)).items[0];
export const issueSeen = (product, { text }, users) => until(async () => ((one) => one?.figures.users >= users && one)(await issueOf(product, text)), `the issue "${text}" with ${users} people`);

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function vlq(value) {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

// Of pages/goods/detail.js: column 39 is the price's line of the source, column 89 where the page asks for it.
export function sourceMap() {
  const lines = Array.from({ length: 60 }, (_, n) => `// line ${n + 1}`);
  lines[41] = '  return format(goods.items[0].price);';
  lines[51] = '  this.setData({ price: priceOf(goods) });';
  // [generated column, source, line, column, name], each as the difference from the one before.
  const segments = [[0, 0, 0, 0], [39, 0, 41, 16, 0], [50, 0, 10, -12, 1]];
  return JSON.stringify({ version: 3, file: 'detail.js', sources: ['src/pages/goods/price.ts'], sourcesContent: [lines.join('\n')], names: ['priceOf', 'onLoad'], mappings: segments.map((one) => one.map(vlq).join('')).join(',') });
}

// An option of one of the console's lists. A list closes when the focus goes elsewhere, as to the button of a sheet that
// was closed just now, or moves under the pointer: as people do, one looks whether it was chosen, and else again.
export async function choose(page, scope, label, option) {
  const box = scope.getByRole('combobox', { name: label });
  const item = page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="${option}"]`);
  const shown = async () => {
    const value = box.locator('xpath=ancestor::*[contains(@class, "ant-select-content-has-value")]');
    return (await value.count()) === 0 ? null : value.getAttribute('title');
  };
  await until(async () => {
    const before = await shown();
    await box.focus();
    await box.press('ArrowDown');
    await item.click({ timeout: 3000 });
    const after = await shown();
    return after === null || after === option || after !== before;
  }, `${option} to be chosen`);
  await page.evaluate(() => document.activeElement.blur()); // the box may be gone: there was nothing left to choose
}

// The group of the people on duty, at the sandbox's WeCom.
export const robot = { key: 'demo-robot', name: '值班群' };
export const addRobot = (product) => product.sandbox.call('POST', '/sandbox/robots', robot);
export const groupMessages = async (product) => (await product.sandbox.call('GET', `/sandbox/robots/${robot.key}/messages`)).items;
