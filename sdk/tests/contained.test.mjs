// Whatever goes wrong inside the SDK: the host does not notice, and the server is told how often.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const hostile = {
  get name() {
    throw new Error('a trap');
  },
  get errMsg() {
    throw new Error('a trap');
  },
};

test('the public functions take anything and never throw', () => {
  const phone = running();
  const { miniops } = phone;
  const values = [undefined, null, 0, '', 'text', [], {}, () => {}, hostile, Symbol('s'), 10n];
  for (const name of Object.keys(miniops).filter((key) => typeof miniops[key] === 'function' && key !== 'setConsent')) {
    for (const value of values) assert.doesNotThrow(() => miniops[name](value, value), `${name}(${typeof value})`);
  }
  for (const level of Object.keys(miniops.log)) {
    for (const value of values) assert.doesNotThrow(() => miniops.log[level](value, value));
  }
  assert.equal(miniops.watchAudio(7), 7);
});

test('what failed inside is counted', async () => {
  const phone = running();
  phone.miniops.reportEvent('trap', hostile);
  phone.miniops.captureError(hostile);
  phone.miniops.reportEvent('fine');
  await phone.clock.advance(10000);
  assert.equal(phone.server.dropped().internal, 2);
  assert.equal(phone.server.records('event', 'fine').length, 1);
});

test('hooks that WeChat calls with nonsense', async () => {
  const phone = running();
  for (const name of Object.keys(phone.listeners)) {
    for (const event of [undefined, null, 7, '', hostile]) assert.doesNotThrow(() => phone.emit(name, event), name);
  }
  assert.doesNotThrow(() => phone.perform([null, {}, hostile]));
  assert.doesNotThrow(() => phone.observer(null));
  await phone.clock.advance(10000);
  assert.ok(phone.server.dropped().internal > 0);
});

// Every member of wx that we call by ourselves throws: init and the life of the mini program go on.
const ours = [
  'getStorageSync',
  'setStorageSync',
  'removeStorageSync',
  'getNetworkType',
  'getDeviceInfo',
  'getAppBaseInfo',
  'getAccountInfoSync',
  'getLaunchOptionsSync',
  'getPerformance',
  'createSelectorQuery',
  'onError',
  'onUnhandledRejection',
  'onAppShow',
  'onAppHide',
  'onAppRoute',
  'onNetworkStatusChange',
  'onMemoryWarning',
  'onLazyLoadError',
];
for (const name of ours) {
  test(`wx.${name} throws`, async () => {
    const phone = new Phone();
    phone.extra[name] = () => {
      throw new Error('broken phone');
    };
    phone.launch();
    assert.equal(phone.started, true);
    phone.nodes = [];
    phone.startApp({});
    const page = phone.open('pages/a/a', { ready: false });
    assert.equal(page.route, 'pages/a/a');
    phone.miniops.reportEvent('a');
    await phone.clock.advance(10000);
    phone.hide();
    await phone.clock.advance(1000);
    assert.equal(phone.server.records('event', 'a').length, 1);
  });
}

test('wx.request throws at our batch: it is tried again later', async () => {
  const phone = new Phone();
  const { request } = phone;
  let broken = true;
  phone.request = function (...args) {
    if (broken) throw new Error('request: invalid url');
    return request.apply(this, args);
  };
  phone.launch();
  await phone.clock.advance(6000);
  broken = false;
  await phone.clock.advance(120_000);
  phone.miniops.reportEvent('later');
  await phone.clock.advance(10000);
  assert.equal(phone.server.records('event', 'launch').length, 1);
  assert.equal(phone.server.records('event', 'later').length, 1);
});

test('members of wx that cannot be replaced stay as they are', () => {
  const phone = new Phone();
  phone.launch({}, { init: false });
  const login = () => 'theirs';
  phone.world.wx = Object.freeze({ ...phone.wx, login });
  assert.equal(phone.miniops.init({ server: phone.server.url, key: phone.server.key }), true);
  assert.equal(phone.world.wx.login(), 'theirs');
});

test('answers that are no answers', async () => {
  for (const data of ['<html>', '', null, 7, '{"config":']) {
    const phone = running();
    phone.server.take = () => ({ status: 200, data });
    await phone.clock.advance(6000);
    phone.miniops.reportEvent('a');
    assert.equal(JSON.parse(phone.storage.values.get('__miniops_state')).pending, null, String(data));
  }
});
