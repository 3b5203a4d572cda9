// A real browser for tests: Debian's Chromium, one context per person, with what every page must satisfy.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../harness/process.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = join(root, 'build/screenshots');

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export function launch() {
  mkdirSync(screenshots, { recursive: true });
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// A person's window. `problems` collects what the browser complains about: there must be nothing in it at the end.
export async function open(browser, product, { language = 'zh', viewport = desktop, theme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    timezoneId: 'Asia/Shanghai',
    hasTouch: viewport.width < 600,
    isMobile: viewport.width < 600,
  });
  await product.clock?.follow(context);
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const problems = [];
  page.on('pageerror', (error) => problems.push(`${error}`));
  page.on('console', (message) => {
    // The first look at who is signed in is refused by design, and the browser writes each refusal down.
    const expected = /status of 401/.test(message.text()) && /\/api\/v1\/session$/.test(message.location().url ?? '');
    if (['error', 'warning'].includes(message.type()) && !expected) problems.push(`${message.text()} ${message.location().url ?? ''}`);
  });
  return { context, page, problems, product, close: () => context.close() };
}

// The first window of an account signs in as people do; the others begin with its session, unless it has ended.
const sessions = new WeakMap(); // product → username → cookies

export async function signIn({ context, page, product }, account, path = '/') {
  if (!sessions.has(product)) sessions.set(product, new Map());
  const kept = sessions.get(product);
  await context.addCookies(kept.get(account.username) ?? []);
  await page.goto(product.url + path);
  await page.locator('.shell, #username').first().waitFor();
  if (await page.locator('#username').isVisible()) {
    await page.locator('#username').fill(account.username);
    await page.locator('#password').fill(account.password);
    await page.locator('button[type=submit]').click();
    await page.locator('.shell').waitFor();
    kept.set(account.username, await context.cookies());
  }
}

// Until nothing fades or slides any more: what is half there has half its contrast. Spinners never end and do not count.
export async function still(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const moving = () => document.getAnimations().filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
    for (let quiet = 0; quiet < 3; quiet = moving().length === 0 ? quiet + 1 : 0) {
      await Promise.all(moving().map((one) => one.finished.catch(() => {})));
      await frame();
    }
  });
}

// Takes a word out of a box of words by its cross: for a moment after Enter such a box does not hear Backspace.
export async function takeOut(page, word) {
  await still(page); // what goes while it comes stays
  const one = page.locator('.ant-select-selection-item', { has: page.getByText(word, { exact: true }) });
  await one.locator('.ant-select-selection-item-remove').click();
}

// What axe finds on the page as it is, or in a part of it, as readable lines. A button that works on something can
// not be pressed and is pale as those are; axe does not know, so what was asked for comes to its end first.
export async function accessibility(page, part = ':root') {
  await page.locator('.ant-btn-loading').first().waitFor({ state: 'detached' });
  await still(page);
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate((where) => globalThis.axe.run(where === ':root' ? document : document.querySelector(where), { resultTypes: ['violations'] }), part);
  return violations.map((one) => `${one.id}: ${one.help} — ${one.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

export async function settled(page) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' }).catch(() => {});
  await page.evaluate(() => document.fonts.ready);
}

// What lies over the foot of an open sheet, which stays in sight while the rest is scrolled.
export const overFoot = (page) =>
  page.evaluate(() => {
    const feet = [...document.querySelectorAll('.ant-drawer-body *')].filter((one) => getComputedStyle(one).position === 'sticky');
    return feet.flatMap((foot) => {
      const { x, y, width, height } = foot.getBoundingClientRect();
      const found = new Set();
      for (let across = x + 2; across < x + width; across += 8)
        for (let down = y + 2; down < Math.min(y + height, innerHeight); down += 8) {
          const hit = document.elementFromPoint(across, down);
          if (hit && !foot.contains(hit)) found.add(hit.className || hit.tagName);
        }
      return [...found];
    });
  });

export async function screenshot(page, name) {
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
