// A mini program's host for SDKs that run under Node: the globals that they look for, and a wx.request that really sends.
// Node's own globals stay; whatever the SDK calls and is not here fails loudly.
const handlers = {};
const on = (name) => (callback) => (handlers[name] ??= []).push(callback);
const storage = new Map();

const system = {
  brand: 'HUAWEI', model: 'ALN-AL00', pixelRatio: 3, screenWidth: 384, screenHeight: 826, windowWidth: 384, windowHeight: 740, statusBarHeight: 32,
  language: 'zh_CN', version: '8.0.50', system: 'Android 12', platform: 'android', fontSizeSetting: 16, SDKVersion: '3.6.0', benchmarkLevel: 30,
};
const launch = { path: 'pages/index/index', scene: 1011, query: { utm_source: 'poster' }, referrerInfo: {} };
const answer = (options, result) => {
  options.success?.(result);
  options.complete?.(result);
};

function request(options) {
  const body = options.method === 'GET' || options.data === undefined ? undefined : typeof options.data === 'string' || options.data instanceof ArrayBuffer ? options.data : JSON.stringify(options.data);
  fetch(options.url, { method: options.method ?? 'GET', headers: options.header, body })
    .then(async (reply) => answer(options, { statusCode: reply.status, data: await reply.text(), header: Object.fromEntries(reply.headers), errMsg: 'request:ok' }))
    .catch((error) => {
      options.fail?.({ errMsg: `request:fail ${error.message}` });
      options.complete?.({ errMsg: `request:fail ${error.message}` });
    });
  return { abort() {}, onHeadersReceived() {}, offHeadersReceived() {} };
}

globalThis.wx = {
  request,
  getSystemInfoSync: () => system,
  getSystemInfo: (options) => answer(options, system),
  getDeviceInfo: () => system,
  getWindowInfo: () => system,
  getAppBaseInfo: () => system,
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wx1234567890abcdef', envVersion: 'release', version: '1.4.2' }, plugin: {} }),
  getLaunchOptionsSync: () => launch,
  getEnterOptionsSync: () => launch,
  getNetworkType: (options) => answer(options, { networkType: 'wifi' }),
  getStorageSync: (key) => storage.get(key) ?? '',
  setStorageSync: (key, value) => storage.set(key, value),
  removeStorageSync: (key) => storage.delete(key),
  getStorage: (options) => (storage.has(options.key) ? answer(options, { data: storage.get(options.key) }) : options.fail?.({ errMsg: 'getStorage:fail data not found' })),
  setStorage: (options) => answer(options, void storage.set(options.key, options.data)),
  canIUse: () => true,
  onError: on('error'),
  onUnhandledRejection: on('rejection'),
  onPageNotFound: on('pageNotFound'),
  onMemoryWarning: on('memoryWarning'),
  onAppShow: on('appShow'),
  onAppHide: on('appHide'),
  onNetworkStatusChange: on('network'),
};
globalThis.getCurrentPages = () => [{ route: 'pages/index/index', __route__: 'pages/index/index', options: { id: '7' } }];
globalThis.__wxConfig = { appLaunchInfo: {}, pages: ['pages/index/index'] };
globalThis.App = () => {};
globalThis.Page = () => {};
globalThis.Component = () => {};
globalThis.Behavior = () => {};
globalThis.getApp = () => ({});

module.exports = {
  launch,
  raise: (name, value) => (handlers[name] ?? []).forEach((handler) => handler(value)),
};
