// The rating component under miniprogram-simulate, with a server of a few lines.
import { JSDOM } from 'jsdom';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = join(import.meta.dirname, '../rating');
const { window } = new JSDOM('<!doctype html><html><head></head><body></body></html>');
for (const name of ['window', 'document', 'Event', 'Node', 'HTMLElement', 'CustomEvent'])
  globalThis[name] = name === 'window' ? window : window[name];
const simulate = createRequire(import.meta.url)('miniprogram-simulate');
const id = simulate.load(join(folder, 'rating'), 'miniops-rating', { compiler: 'simulate', rootPath: folder });

const open = { statusCode: 200, data: { state: 'open' } };
const problem = (statusCode, code) => ({ statusCode, data: { code } });

// `answers`: one for each request, in order; null: the network fails; a function is asked.
function rating(answers, properties = {}) {
  const requests = [];
  const waiting = [];
  const rated = [];
  globalThis.wx.request = (options) => {
    requests.push(options);
    const answer = answers.shift();
    const tell = () => (answer === null ? options.fail({ errMsg: 'request:fail timeout' }) : options.success(answer));
    if (answer === 'later') waiting.push(options);
    else tell();
  };
  const component = simulate.render(id, { server: 'https://ops.example.com/', token: 'To/k1', ...properties });
  component.addEventListener('rated', ({ detail }) => rated.push(detail));
  component.attach(window.document.createElement('parent-wrapper'));
  const one = (selector) => component.querySelector(selector);
  return {
    requests,
    waiting,
    rated,
    one,
    text: () => component.dom.textContent.replace(/\s+/g, ' ').trim(),
    // Events of j-component come with the next turn.
    async tap(selector) {
      one(selector).dispatchEvent('tap');
      await new Promise((done) => setTimeout(done, 0));
    },
    async choose(score) {
      component.querySelectorAll('.score')[5 - score].dispatchEvent('tap');
      await new Promise((done) => setTimeout(done, 0));
    },
    write: (value) => component.instance.write({ detail: { value } }),
  };
}

test('a score and a comment are sent once, with the token', async () => {
  const page = rating([open, 'later']);
  assert.match(page.text(), /您对本次服务满意吗？.*5 非常满意.*1 非常不满意.*提交/);
  assert.equal(page.requests[0].url, 'https://ops.example.com/api/v1/satisfaction/To%2Fk1');
  assert.equal(page.requests[0].method, 'GET');
  await page.choose(4);
  assert.match(page.one('.chosen').dom.textContent, /● *4 满意/);
  page.write('很耐心');
  await page.tap('.send');
  await page.tap('.send');
  assert.equal(page.requests.length, 2);
  assert.equal(page.requests[1].method, 'POST');
  assert.deepEqual(page.requests[1].data, { score: 4, comment: '很耐心' });
  page.waiting[0].success({ statusCode: 204, data: '' });
  assert.equal(page.text(), '评价已提交，谢谢！');
  assert.deepEqual(page.rated, [{ score: 4 }]);
});

test('nothing is sent before a score is chosen', async () => {
  const page = rating([open]);
  await page.tap('.send');
  assert.match(page.text(), /请先选择 1 到 5 分。/);
  assert.equal(page.requests.length, 1);
  await page.choose(1);
  assert.doesNotMatch(page.text(), /请先选择/);
});

for (const [name, answer, said] of [
  ['used', problem(410, 'satisfaction.link_used'), '本次服务已经评价过了，谢谢！'],
  ['expired', problem(410, 'satisfaction.link_expired'), '这个链接已过期。'],
  ['unknown', problem(404, 'satisfaction.link_unknown'), '没有这个链接，请从收到的消息里打开。'],
]) {
  test(`a token that is ${name} says so, before and after`, async () => {
    assert.equal(rating([answer]).text(), said);
    const page = rating([open, answer]);
    await page.choose(5);
    await page.tap('.send');
    assert.equal(page.text(), said);
    assert.deepEqual(page.rated, []);
  });
}

test('without a token nobody is asked', () => {
  const page = rating([], { token: '' });
  assert.match(page.text(), /没有这个链接/);
  assert.equal(page.requests.length, 0);
});

for (const [name, answer] of [['no network', null], ['a proxy’s page', { statusCode: 502, data: '<html>' }], ['too many', problem(429, 'satisfaction.too_many_requests')], ['no body', { statusCode: 500, data: null }]]) {
  test(`what fails can be tried again, and nothing is lost: ${name}`, async () => {
    const page = rating([answer, open, answer, { statusCode: 204, data: '' }]);
    assert.match(page.text(), /暂时无法提交，请稍后再试。 *重试/);
    await page.tap('.again');
    await page.choose(2);
    page.write('太慢');
    await page.tap('.send');
    assert.match(page.text(), /暂时无法提交/);
    await page.tap('.send');
    assert.deepEqual(page.requests[3].data, { score: 2, comment: '太慢' });
    assert.equal(page.text(), '评价已提交，谢谢！');
  });
}

test('it speaks English, and Chinese to everybody else', () => {
  assert.match(rating([open], { language: 'en' }).text(), /How was our service\?.*5 very good/);
  assert.match(rating([open], { language: 'fr' }).text(), /您对本次服务满意吗/);
});

test('every text is there in both languages, and WXML names only what there is', () => {
  const script = readFileSync(join(folder, 'rating.js'), 'utf8');
  const wxml = readFileSync(join(folder, 'rating.wxml'), 'utf8');
  const keys = [...script.split('const ends')[0].matchAll(/^ {4}(\w+): /gm)].map(([, key]) => key);
  for (const [, key] of wxml.matchAll(/words\.(\w+)/g)) assert.equal(keys.filter((one) => one === key).length, 2, key);
  for (const [, name] of wxml.matchAll(/bind\w+="(\w+)"/g)) assert.match(script, new RegExp(`^ {4}${name}\\(`, 'm'), name);
});
