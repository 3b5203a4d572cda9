// Errors, as the server gets them, and the steps before them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const sent = async (phone) => {
  phone.miniops.flush();
  await phone.clock.advance(3000);
  phone.miniops.flush();
  await phone.clock.advance(1000);
};

const stack = 'TypeError: no\n    at onLoad (https://usr/app-service.js:3:14)';
const hooks = [
  {
    what: 'onError with a text',
    emit: ['onError', `MiniProgramError\nno\n${stack}`],
    name: 'TypeError',
    text: 'no',
    props: { mechanism: 'onError', handled: false, stack },
  },
  {
    what: 'onError with an object',
    emit: ['onError', { message: `MiniProgramError\nno\n${stack}` }],
    name: 'TypeError',
    text: 'no',
    props: { mechanism: 'onError', handled: false, stack },
  },
  {
    what: 'a rejection with an Error',
    emit: [
      'onUnhandledRejection',
      { reason: Object.assign(new RangeError('far'), { stack: 'RangeError: far\n    at a.js:1:1' }) },
    ],
    name: 'RangeError',
    text: 'far',
    props: { mechanism: 'onUnhandledRejection', handled: false, stack: 'RangeError: far\n    at a.js:1:1' },
  },
  {
    what: 'a rejection with what wx rejects with',
    emit: ['onUnhandledRejection', { reason: { errMsg: 'login:fail timeout' } }],
    name: 'UnhandledRejection',
    text: 'login:fail timeout',
    props: { mechanism: 'onUnhandledRejection', handled: false },
  },
  {
    what: 'a rejection with nothing',
    emit: ['onUnhandledRejection', { reason: undefined }],
    name: 'UnhandledRejection',
    text: 'undefined',
    props: { mechanism: 'onUnhandledRejection', handled: false },
  },
  {
    what: 'lazy loading',
    emit: ['onLazyLoadError', { type: 'subpackage', subpackage: ['pkg'], errMsg: 'loadSubpackage: timeout' }],
    name: 'lazy_load_error',
    text: 'loadSubpackage: timeout',
    props: { mechanism: 'onLazyLoadError', handled: false, type: 'subpackage', subpackage: ['pkg'] },
  },
  {
    what: 'a memory warning',
    emit: ['onMemoryWarning', { level: 10 }],
    name: 'memory_warning',
    text: 'the system asks for memory',
    props: { mechanism: 'onMemoryWarning', handled: false, level: 10 },
  },
  {
    what: 'an unknown page in a route',
    emit: ['onAppRoute', { path: 'pages/gone/gone', openType: 'navigateTo', notFound: true, query: {} }],
    name: 'page_not_found',
    text: 'pages/gone/gone',
    props: { mechanism: 'onPageNotFound', handled: false, path: 'pages/gone/gone', entry_page: false },
  },
];

for (const { what, emit, name, text, props } of hooks) {
  test(`error: ${what}`, async () => {
    const phone = running();
    phone.emit(...emit);
    await sent(phone);
    const [error, ...more] = phone.server.records('error');
    assert.equal(more.length, 0);
    assert.equal(error.name, name);
    assert.equal(error.text, text);
    const { breadcrumbs, ...rest } = error.props;
    assert.deepEqual(rest, props);
    assert.ok(Array.isArray(breadcrumbs));
    assert.equal(error.page, 'pages/index/index');
  });
}

test('WeChat shows its own page for an unknown path unless the host listens, so we listen with the host only', async () => {
  const phone = running();
  assert.equal(phone.listeners.onPageNotFound, undefined);
  const heard = [];
  phone.wx.onPageNotFound((event) => heard.push(event.path));
  phone.emit('onPageNotFound', { path: 'pages/gone/gone', isEntryPage: true, query: {} });
  phone.emit('onAppRoute', { path: 'pages/gone/gone', openType: 'appLaunch', notFound: true, query: {} });
  await sent(phone);
  assert.deepEqual(heard, ['pages/gone/gone']);
  const [error, ...more] = phone.server.records('error', 'page_not_found');
  assert.equal(more.length, 0);
  assert.equal(error.props.entry_page, true);
  assert.equal(error.props.repeats, undefined);
});

test("the App's own onPageNotFound is heard", async () => {
  const phone = new Phone();
  phone.launch();
  phone.startApp({ onPageNotFound: () => 'redirected' });
  assert.equal(phone.app.onPageNotFound({ path: 'pages/gone/gone' }), 'redirected');
  await sent(phone);
  assert.equal(phone.server.records('error', 'page_not_found').length, 1);
});

test('an error that repeats within a second is one record with a count', async () => {
  const phone = running();
  const text = `MiniProgramError\nno\n${stack}`;
  for (let i = 0; i < 50; i++) {
    phone.emit('onError', text);
    await phone.clock.advance(20);
  }
  phone.emit('onError', text.replace('3:14', '9:9'));
  await phone.clock.advance(1500);
  phone.emit('onError', text.replace('3:14', '9:9'));
  await sent(phone);
  const errors = phone.server.records('error', 'TypeError');
  assert.deepEqual(
    errors.map(({ props }) => props.repeats),
    [50, undefined, undefined],
  );
});

test('captureError: handled, with what the host adds', async () => {
  const phone = running();
  phone.miniops.captureError(new RangeError('far'), { order: 7 });
  phone.miniops.captureError('a text');
  phone.miniops.captureError();
  await sent(phone);
  const [first, second, third] = phone.server.records('error');
  assert.equal(first.name, 'RangeError');
  assert.equal(first.props.order, 7);
  assert.equal(first.props.handled, true);
  assert.match(first.props.stack, /^RangeError: far\n/);
  assert.deepEqual([second.name, second.text], ['Error', 'a text']);
  assert.equal(third.text, 'undefined');
});

test('breadcrumbs: the last twenty, of what the person and the program did', async () => {
  const phone = running();
  phone.definePage('pages/a/a', { buy() {} });
  const page = phone.open('pages/a/a');
  for (let i = 0; i < 30; i++) phone.miniops.addBreadcrumb(`step ${i}`, { i });
  page.buy({ type: 'tap' });
  phone.wx.request({ url: 'https://shop.example/order/7?k=1', success() {} });
  await phone.clock.advance(50);
  phone.miniops.log.warn('low stock');
  phone.miniops.reportEvent('pay');
  phone.miniops.captureError(new Error('no'));
  await sent(phone);
  const { breadcrumbs } = phone.server.records('error')[0].props;
  assert.equal(breadcrumbs.length, 20);
  assert.deepEqual(
    breadcrumbs.slice(-5).map(({ type, text }) => `${type} ${text}`),
    ['custom step 29', 'tap buy', 'request GET https://shop.example/order/:id', 'log low stock', 'event pay'],
  );
});
