// The sample mini program, on the strict phone and with miniprogram-simulate.
import { JSDOM } from 'jsdom';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { code, Phone } from './phone.mjs';

const shop = join(import.meta.dirname, '../../examples/shop');
// The rating page is copied from here by the build.
const fileOf = (path) => {
  const copied = path.replace(join(shop, 'miniops-rating'), join(import.meta.dirname, '../rating'));
  return path.endsWith('server.js') ? path : copied;
};
const manifest = JSON.parse(readFileSync(join(shop, 'app.json'), 'utf8'));

const products = [
  { id: 918, name: '龙井茶', price: 68, image: 'https://cdn.example.com/item/918.png' },
  { id: 919, name: '青瓷杯', price: 45, image: 'https://cdn.example.com/item/919.png' },
];

function shopServer({ url, method }) {
  if (url.endsWith('/products?page=1')) return { statusCode: 200, data: { products } };
  if (url.endsWith('/product/918')) return { statusCode: 200, data: products[0] };
  if (url.endsWith('/login') && method === 'POST') return { statusCode: 200, data: { openid: 'oABC', id: 'u-7' } };
  if (url.endsWith('/order'))
    return { statusCode: 200, data: { id: 'SN20260105001', payment: { package: 'prepay_id=1' } } };
  return { statusCode: 404 };
}

// Runs the sample as WeChat does: app.js first, then the script of each page, each module once.
function runShop({ agreed = true, respond = shopServer } = {}) {
  const phone = new Phone();
  if (agreed) phone.storage.values.set('agreed', true);
  phone.responses.request = respond;
  phone.launch({}, { init: false });
  const page = {
    setData(data) {
      Object.assign(this.data, data);
    },
  };
  const modules = new Map();
  const config = { server: phone.server.url, key: phone.server.key, api: 'https://shop.example.com/api' };
  const load = (path) => {
    if (path.endsWith('/miniops.js')) return phone.miniops;
    if (path.endsWith('/config.js')) return config;
    if (modules.has(path)) return modules.get(path).exports;
    const module = { exports: {} };
    modules.set(path, module);
    const wrap = vm.runInContext(`(function (require, module) {${readFileSync(fileOf(path), 'utf8')}\n})`, phone.world, {
      filename: path,
    });
    wrap((name) => load(resolve(dirname(path), name)), module);
    return module.exports;
  };
  let app;
  phone.world.App = (options) => (app = options);
  load(join(shop, 'app.js'));
  phone.app = app;
  for (const route of manifest.pages) {
    phone.loading = route;
    load(join(shop, `${route}.js`));
    const { make: options } = phone.pages[route];
    Object.assign(options, { data: structuredClone({ ...options.data }), ...page });
  }
  phone.show();
  return phone;
}

const tap = { type: 'tap', detail: {}, currentTarget: { dataset: {} } };

test('every page of the sample has its four files', () => {
  for (const route of manifest.pages) {
    for (const kind of ['js', 'json', 'wxml', 'wxss'])
      assert.ok(existsSync(fileOf(join(shop, `${route}.${kind}`))), `${route}.${kind}`);
  }
});

test('handlers that the WXML names exist', () => {
  for (const route of [...manifest.pages, 'components/product-card/product-card']) {
    const wxml = readFileSync(fileOf(join(shop, `${route}.wxml`)), 'utf8');
    const script = readFileSync(fileOf(join(shop, `${route}.js`)), 'utf8');
    for (const [, name] of wxml.matchAll(/bind:?\w+="(\w+)"/g))
      assert.match(script, new RegExp(`\\b${name}[(:]`), `${route}: ${name}`);
  }
});

test('somebody looks, buys and pays: the server sees all of it', async () => {
  const phone = runShop();
  phone.responses.login = () => ({ ok: true, code: 'c' });
  const index = phone.open('pages/index/index', { openType: 'appLaunch' });
  await phone.clock.advance(1000);
  assert.equal(index.data.products.length, 2);
  index.open({ type: 'choose', detail: { id: 918 } });
  const detail = phone.open('pages/detail/detail', { query: { id: '918' } });
  await phone.clock.advance(1000);
  assert.equal(detail.data.product.name, '龙井茶');
  detail.onImageError({
    type: 'error',
    currentTarget: { dataset: { src: products[0].image } },
    detail: { errMsg: '404' },
  });
  detail.buy(tap);
  const pay = phone.open('pages/pay/pay', { query: { id: '918', price: '68' } });
  pay.pay(tap);
  await phone.clock.advance(3000);
  assert.equal(pay.data.state, 'paid');
  phone.hide();
  await phone.clock.advance(2000);

  const events = phone.server.records('event');
  const custom = events.filter(({ name }) => /^[A-Z]/.test(name)).map(({ name, page, props }) => [name, page, props]);
  assert.deepEqual(custom, [
    ['OpenProduct', 'pages/index/index', { id: 918 }],
    ['AddOrder', 'pages/detail/detail', { id: 918, price: 68 }],
    ['PayOrder', 'pages/pay/pay', { amount: 68 }],
  ]);
  assert.deepEqual(
    phone.server
      .records('performance', 'request')
      .map(({ props }) => props.url.replace('https://shop.example.com', '')),
    ['/api/products', '/api/product/:id', '/api/login', '/api/order'],
  );
  assert.deepEqual(
    phone.server.records('error').map(({ name }) => name),
    ['resource:image'],
  );
  const [log] = phone.server.records('log');
  assert.equal(log.text, '支付成功 SN20260105001');
  assert.equal(log.props.filter, 'product-918');
  assert.equal(phone.server.received.at(-1).batch.context.user.login_id, 'u-7');
  assert.deepEqual(phone.server.dropped(), {});
});

test('a payment that is cancelled is an event, one that fails is an error twice told', async () => {
  const phone = runShop();
  phone.responses.login = () => ({ ok: true, code: 'c' });
  phone.responses.requestPayment = () => ({ ok: false, errMsg: 'requestPayment:fail cancel' });
  const pay = phone.open('pages/pay/pay', { query: { id: '918', price: '68' } });
  pay.pay(tap);
  await phone.clock.advance(1000);
  assert.equal(pay.data.state, 'ready');
  phone.responses.requestPayment = () => ({ ok: false, errMsg: 'requestPayment:fail system error', errCode: -1 });
  pay.pay(tap);
  await phone.clock.advance(1000);
  assert.equal(pay.data.state, 'failed');
  phone.miniops.flush();
  await phone.clock.advance(1000);
  assert.equal(phone.server.records('event', 'api_cancelled').length, 1);
  assert.deepEqual(
    phone.server.records('error').map(({ name, props }) => [name, props.handled]),
    [
      ['api:requestPayment', false],
      ['Error', true],
    ],
  );
});

test('before consent nothing leaves; with consent all of it does', async () => {
  const phone = runShop({ agreed: false });
  const index = phone.open('pages/index/index', { openType: 'appLaunch' });
  await phone.clock.advance(20000);
  assert.equal(phone.server.received.length, 0);
  index.agree(tap);
  await phone.clock.advance(6000);
  assert.equal(phone.server.records('event', 'launch').length, 1);
});

test('a shop that is down: the page says so, and the server is told', async () => {
  const phone = runShop({ respond: () => ({ ok: false, errMsg: 'request:fail timeout' }) });
  const index = phone.open('pages/index/index', { openType: 'appLaunch' });
  await phone.clock.advance(1000);
  assert.equal(index.data.failed, true);
  await phone.clock.advance(6000);
  assert.equal(phone.server.records('error', 'request_failed').length, 1);
});

test('the rating page asks the shop’s own MiniOps with the token of the card', () => {
  const phone = runShop();
  const page = phone.open('miniops-rating/page', { query: { token: 'AbC123' } });
  assert.deepEqual(page.data, { server: phone.server.url, ready: true, token: 'AbC123', language: 'zh' });
  assert.equal(phone.open('miniops-rating/page').data.token, '');
});

test('the component renders under miniprogram-simulate, and its tap is a breadcrumb', async () => {
  const { window } = new JSDOM('<!doctype html><html><head></head><body></body></html>');
  const names = ['window', 'document', 'Event', 'Node', 'HTMLElement', 'CustomEvent'];
  for (const name of names) globalThis[name] = name === 'window' ? window : window[name];
  const simulate = createRequire(import.meta.url)('miniprogram-simulate');
  const phone = new Phone();
  phone.launch({}, { init: false }); // only for its wx
  globalThis.wx = phone.wx;
  // In this realm, as simulate sets its Component there; only the time is the phone's.
  const module = { exports: {} };
  const run = vm.runInThisContext(`(function (module, setTimeout, clearTimeout) {${code}\n})`);
  run(module, phone.clock.setTimeout, phone.clock.clearTimeout);
  const miniops = module.exports;
  assert.equal(miniops.init({ server: phone.server.url, key: phone.server.key }), true);

  const id = simulate.load(join(shop, 'components/product-card/product-card'), 'product-card', {
    compiler: 'simulate',
    rootPath: shop,
  });
  const card = simulate.render(id, { product: products[0] });
  card.attach(window.document.createElement('parent-wrapper'));
  assert.match(card.dom.textContent, /龙井茶\s*¥68/);

  const chosen = new Promise((done) => card.addEventListener('choose', ({ detail }) => done(detail)));
  card.querySelector('.card').dispatchEvent('tap');
  assert.deepEqual(await chosen, { id: 918 });
  miniops.captureError(new Error('after the tap'));
  phone.emit('onAppHide', {});
  const { pending } = JSON.parse(phone.storage.values.get('__miniops_state'));
  const { props } = JSON.parse(pending.rest).records.find(({ kind }) => kind === 'error');
  assert.deepEqual(
    props.breadcrumbs.map(({ type, text }) => `${type} ${text}`),
    ['tap choose'],
  );
});
