// The host must not notice us: `this`, arguments, results, exceptions, both forms of asynchronous calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

for (const maker of ['Page', 'Component']) {
  test(`${maker}: hooks and methods keep this, arguments, result and exception`, () => {
    const phone = running();
    const seen = [];
    const hook = (name) =>
      function (...args) {
        seen.push([name, this.mark, args.length]);
        if (args[0] && args[0].fail) throw new RangeError(name);
        return `${name} done`;
      };
    const methods = { mark: 'it', data: { a: 1 } };
    for (const name of ['onLoad', 'onShow', 'onReady', 'onHide', 'onUnload', 'buy', 'onShareAppMessage'])
      methods[name] = hook(name);
    const given = maker === 'Page' ? methods : { methods, properties: { p: String } };
    const before = Object.assign({}, methods);
    phone.definePage('pages/a/a', given, maker);

    const page = phone.open('pages/a/a', { query: { id: '7' } });
    assert.deepEqual(seen, [
      ['onLoad', 'it', 1],
      ['onShow', 'it', 0],
      ['onReady', 'it', 0],
    ]);
    assert.equal(page.onShareAppMessage({ from: 'menu' }), 'onShareAppMessage done');
    assert.equal(page.buy({ type: 'tap' }, 2, 3), 'buy done');
    assert.deepEqual(seen.at(-1), ['buy', 'it', 3]);
    assert.throws(() => page.buy({ fail: true }), new RangeError('buy'));
    assert.throws(() => page.onLoad({ fail: true }), new RangeError('onLoad'));
    assert.deepEqual(methods, before, "the host's own object is as it was");
    assert.equal(page.data, methods.data);
  });
}

test('App: handlers keep this, arguments and result; none is added that WeChat reacts to', () => {
  const phone = new Phone();
  phone.launch();
  const seen = [];
  phone.startApp({
    globalData: { n: 1 },
    onLaunch(options) {
      seen.push(['launch', this.globalData.n, options.scene]);
    },
    onShow(options) {
      seen.push(['show', this.globalData.n, options.scene]);
      return 7;
    },
  });
  assert.deepEqual(seen, [
    ['launch', 1, 1011],
    ['show', 1, 1011],
  ]);
  assert.equal(phone.app.onShow(phone.launchOptions), 7);
  assert.equal('onPageNotFound' in phone.app, false);
  assert.equal('onError' in phone.app, false);
});

test('a component without page hooks gets none, so that those of a behavior stay', () => {
  const phone = running();
  phone.definePage('c', { methods: { tap() {} }, lifetimes: {} }, 'Component');
  assert.deepEqual(Object.keys(phone.pages.c.make.methods), ['tap']);
});

test('what Page and Component return and throw passes through', () => {
  const phone = new Phone();
  phone.launch({}, { init: false });
  phone.world.Component = (options, more) => [options, more];
  phone.world.Page = () => {
    throw new TypeError('twice');
  };
  phone.miniops.init({ server: phone.server.url, key: phone.server.key });
  const [, more] = phone.world.Component({ methods: {} }, 'more');
  assert.equal(more, 'more');
  assert.equal(phone.world.Component('odd')[0], 'odd');
  assert.throws(() => phone.world.Page({}), new TypeError('twice'));
});

test('callbacks keep this and arguments, and the options of the host stay as they were', async () => {
  const phone = running();
  const seen = [];
  const options = {
    timeout: 3,
    success(...args) {
      seen.push(['success', this === undefined || typeof this, args.length, args[0].code]);
    },
    complete: () => seen.push(['complete']),
  };
  const before = { ...options };
  phone.responses.login = () => ({ ok: true, code: 'c' });
  assert.equal(phone.wx.login(options), undefined);
  await phone.clock.advance(100);
  assert.deepEqual(
    seen.map(([name]) => name),
    ['success', 'complete'],
  );
  assert.equal(seen[0][3], 'c');
  assert.deepEqual(options, before);
});

test('promises resolve and reject as without us, and an unhandled rejection stays unhandled', async () => {
  const phone = running();
  phone.responses.login = () => ({ ok: true, code: 'c' });
  phone.responses.getLocation = () => ({ ok: false, errMsg: 'getLocation:fail timeout', errno: 5 });
  const login = phone.wx.login();
  const location = phone.wx.getLocation({ type: 'gcj02' });
  const rejected = assert.rejects(location, { errMsg: 'getLocation:fail timeout', errno: 5 });
  await phone.clock.advance(100);
  assert.equal((await login).code, 'c');
  await rejected;

  const unhandled = [];
  const listener = (reason) => unhandled.push(reason.errMsg);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  phone.wx.getLocation({ type: 'wgs84' });
  await phone.clock.advance(100);
  process.removeAllListeners('unhandledRejection');
  for (const other of others) process.on('unhandledRejection', other);
  assert.deepEqual(unhandled, ['getLocation:fail timeout']);
});

test('a callback that throws, throws where it would without us', async () => {
  const phone = running();
  phone.wx.login({
    success() {
      throw new TypeError('of the host');
    },
  });
  await assert.rejects(phone.clock.advance(100), new TypeError('of the host'));
});

test('requests give their task, and those without callbacks are seen from the second on', async () => {
  const phone = running();
  for (let i = 0; i < 3; i++) {
    const task = phone.wx.request({ url: 'https://shop.example/ping' });
    assert.equal(typeof task.abort, 'function');
  }
  assert.equal('success' in phone.requests[0], false);
  await phone.clock.advance(20000);
  assert.equal(phone.server.records('performance', 'request').length, 2);
});

test('a promise keeps what hangs on it', async () => {
  const phone = new Phone();
  const promise = Object.assign(Promise.resolve('data'), { abort: () => 'aborted' });
  phone.extra.downloadFile = () => promise;
  phone.launch();
  const result = phone.wx.downloadFile({ url: 'https://h/f' });
  assert.equal(result.abort(), 'aborted');
  assert.equal(await result, 'data');
});

test('wx calls throw what they threw', () => {
  const phone = running();
  assert.throws(() => phone.wx.login({ tiemout: 3, success() {} }), /no option 'tiemout'/);
});

test('wx.reportEvent still reaches WeChat', () => {
  const phone = running();
  phone.wx.reportEvent('pay', { a: 1 });
  assert.deepEqual(phone.reported, [['pay', { a: 1 }]]);
});

test('a second init changes nothing', async () => {
  const phone = running();
  const { login } = phone.wx;
  const app = phone.world.App;
  assert.equal(phone.miniops.init({ server: 'https://other.example', key: 'x' }), true);
  assert.equal(phone.wx.login, login);
  assert.equal(phone.world.App, app);
  await phone.clock.advance(10000);
  assert.equal(phone.server.records('event', 'launch').length, 1);
});

for (const options of [undefined, null, {}, { server: 'https://x' }, { key: 'k' }, 'text']) {
  test(`init(${JSON.stringify(options)}) does nothing`, () => {
    const phone = new Phone();
    const miniops = phone.launch({}, { init: false });
    const { App } = phone.world;
    assert.equal(miniops.init(options), false);
    assert.equal(phone.world.App, App);
    assert.equal(miniops.reportEvent('a', {}), undefined);
  });
}
