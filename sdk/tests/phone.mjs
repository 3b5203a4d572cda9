// A phone with one mini program on it: launches the built SDK in a world that has only what a mini program has, and
// plays the framework's part: App, Page, Component, routes.
import vm from 'node:vm';
import { bundle } from '../build.mjs';
import { FakeClock, seededRandom } from './fake_clock.mjs';
import { FakeServer } from './fake_server.mjs';
import { asyncCall, checkOptions, FakeStorage, strictWx } from './fake_wx.mjs';

export const code = await bundle();
const script = new vm.Script(code, { filename: 'miniops.js' });

const system = { brand: 'HUAWEI', model: 'ALN-AL00', system: 'Android 12', platform: 'android', benchmarkLevel: 35 };
const base = { language: 'zh_CN', version: '8.0.50', SDKVersion: '3.6.0' };

export class Phone {
  clock = new FakeClock();
  server = new FakeServer();
  storage = new FakeStorage();
  network = 'wifi';
  seed = 7;
  launchOptions = { path: 'pages/index/index', scene: 1011, query: {}, referrerInfo: {} };
  account = { appId: 'wx1', envVersion: 'release', version: '1.4.2' };
  responses = {}; // api → (options) → {ok, …}
  nodes = [{ width: 375, height: 40 }]; // what SelectorQuery finds
  extra = {}; // more members of wx, or undefined to take one away
  performanceTypes = ['navigation', 'render', 'script', 'loadPackage', 'resource'];

  listeners = {};
  emit(name, event) {
    for (const listener of this.listeners[name] || []) listener(event);
  }

  perform(entries) {
    this.observer?.({ getEntries: () => entries });
  }

  makeWx() {
    const { clock } = this;
    const on = (name) => (listener) => void (this.listeners[name] ||= []).push(listener);
    const respond = (name) => (options) => (this.responses[name] ? this.responses[name](options) : { ok: true });
    const call = (name, how) => asyncCall(name, clock, respond(name), how);
    const task = () => ({ abort() {}, onHeadersReceived() {} });
    const members = {
      ...this.storage.api(),
      request: (options) => this.request(options, task),
      uploadFile: call('uploadFile', { promise: false, task }),
      downloadFile: call('downloadFile', { promise: false, task }),
      getNetworkType: asyncCall('getNetworkType', clock, () => ({ ok: true, networkType: this.network })),
      getDeviceInfo: () => ({ ...system }),
      getAppBaseInfo: () => ({ ...base }),
      getAccountInfoSync: () => ({ miniProgram: { ...this.account }, plugin: {} }),
      getLaunchOptionsSync: () => this.launchOptions,
      getPerformance: () => ({
        supportedEntryTypes: this.performanceTypes,
        createObserver: (callback) => ({
          observe: ({ entryTypes }) => {
            if (entryTypes.some((type) => !this.performanceTypes.includes(type))) throw new Error('unknown entryType');
            this.observer = callback;
          },
          disconnect() {},
        }),
      }),
      createSelectorQuery: () => this.query(),
      getFileSystemManager: () => ({
        readFile: ({ filePath, encoding, success, fail }) => {
          const data = this.files[filePath];
          if (encoding !== 'base64' || data === undefined) return fail({ errMsg: 'readFile:fail no such file' });
          success({ data });
        },
      }),
      createInnerAudioContext: () => {
        const listeners = [];
        return {
          src: '',
          onError: (fn) => void listeners.push(fn),
          fail: (event) => listeners.forEach((fn) => fn(event)),
        };
      },
      reportEvent: (...args) => void this.reported.push(args),
      reportAnalytics: (...args) => void this.reported.push(args),
      showToast: call('showToast'),
      showModal: call('showModal'),
    };
    for (const name of ['login', 'getLocation', 'requestPayment', 'chooseImage', 'chooseMedia', 'compressImage']) {
      members[name] = call(name);
    }
    for (const name of ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch', 'navigateBack', 'setStorage']) {
      members[name] = call(name);
    }
    for (const name of [
      ...['onError', 'onUnhandledRejection', 'onPageNotFound', 'onLazyLoadError', 'onMemoryWarning', 'onAppShow'],
      ...['onAppHide', 'onAppRoute', 'onNetworkStatusChange'],
    ]) {
      members[name] = on(name);
    }
    for (const [name, value] of Object.entries(this.extra)) {
      if (value === undefined) delete members[name];
      else members[name] = value;
    }
    return strictWx(members);
  }

  reported = [];
  files = {};
  requests = []; // of the host, not of the SDK

  request(options, task) {
    checkOptions('request', options);
    const ours = options.url.startsWith(this.server.url);
    if (!ours) this.requests.push(options);
    this.clock.setTimeout(() => {
      const finish = (ok, result) => {
        (ok ? options.success : options.fail)?.(result);
        options.complete?.(result);
      };
      if (this.network === 'none')
        return finish(false, { errMsg: 'request:fail net::ERR_INTERNET_DISCONNECTED', errno: 600001 });
      if (!ours) {
        const { ok = true, ...result } = this.responses.request?.(options) || {};
        return finish(ok, {
          errMsg: `request:${ok ? 'ok' : 'fail'}`,
          ...(ok && { statusCode: 200, header: {}, data: '' }),
          ...result,
        });
      }
      if (options.method !== 'POST' || typeof options.data !== 'string') throw new Error('a batch is a POST of text');
      const fate = this.server.take(options.url, options.data, this.clock.now);
      if (fate === 'hang') return;
      if (fate === 'lost' || fate === 'offline') return finish(false, { errMsg: 'request:fail timeout', errno: 5 });
      finish(true, { errMsg: 'request:ok', statusCode: fate.status, header: fate.header || {}, data: fate.data ?? '' });
    }, 20);
    return task();
  }

  query() {
    const phone = this;
    const query = {
      in: () => query,
      selectAll: () => ({ boundingClientRect: () => query }),
      exec(then) {
        phone.clock.setTimeout(() => then([phone.nodes]), 5);
      },
    };
    return query;
  }

  // Starts the process: a new world in which only the storage is old.
  launch(options, { init = true } = {}) {
    this.listeners = {};
    this.observer = undefined;
    this.clock.timers.clear();
    this.pages = {};
    this.stack = [];
    this.app = undefined;
    this.wx = this.makeWx();
    const world = vm.createContext({
      wx: this.wx,
      App: (given) => void (this.app = given),
      Page: (given) => void (this.pages[this.loading] = { make: given }),
      Component: (given) => void (this.pages[this.loading] = { make: given, component: true }),
      getCurrentPages: () => [...this.stack],
      setTimeout: this.clock.setTimeout,
      clearTimeout: this.clock.clearTimeout,
      Date: this.clock.Date,
      console: { log() {}, warn() {}, error() {} },
      module: { exports: {} },
    });
    this.world = world;
    vm.runInContext('Object.assign(Math, { random: undefined })', world);
    vm.runInContext('Math', world).random = seededRandom(this.seed++);
    script.runInContext(world);
    this.miniops = world.module.exports;
    if (init) this.started = this.miniops.init({ server: this.server.url, key: this.server.key, ...options });
    return this.miniops;
  }

  // Ends the process without a word.
  kill() {
    this.clock.timers.clear();
  }

  // The framework: App's launch and show, a page's life.
  startApp(options = {}) {
    this.world.App(options);
    this.app.onLaunch?.call(this.app, this.launchOptions);
    this.show();
  }

  show(options = this.launchOptions) {
    this.app?.onShow?.call(this.app, options);
    this.emit('onAppShow', options);
    const top = this.stack.at(-1);
    if (top) this.hook(top, 'onShow');
  }

  hide() {
    const top = this.stack.at(-1);
    this.app?.onHide?.call(this.app, {});
    this.emit('onAppHide', {});
    if (top) this.hook(top, 'onHide');
  }

  definePage(route, options, maker = 'Page') {
    this.loading = route;
    this.world[maker](options);
  }

  hook(page, name, ...args) {
    return page[name]?.apply(page, args);
  }

  // Opens a page as wx.navigateTo does, and gives its instance.
  open(route, { query = {}, openType = 'navigateTo', ready = true } = {}) {
    if (!this.pages[route]) this.definePage(route, {});
    const { make, component } = this.pages[route];
    const methods = component ? make.methods || {} : make;
    const page = Object.assign(
      Object.create({ setUpdatePerformanceListener: (how, listener) => void (page.updated = listener) }),
      methods,
    );
    page.route = route;
    const below = this.stack.at(-1);
    if (below && openType === 'redirectTo') this.stack.pop();
    this.stack.push(page);
    this.emit('onAppRoute', { path: route, query, openType });
    if (below) this.hook(below, openType === 'redirectTo' ? 'onUnload' : 'onHide');
    this.hook(page, 'onLoad', query);
    this.hook(page, 'onShow');
    if (ready) this.hook(page, 'onReady');
    return page;
  }

  back() {
    const gone = this.stack.pop();
    const top = this.stack.at(-1);
    this.emit('onAppRoute', { path: top.route, query: {}, openType: 'navigateBack' });
    this.hook(gone, 'onUnload');
    this.hook(top, 'onShow');
  }
}

// A phone whose mini program runs, with its first page open.
export function running(options, prepare) {
  const phone = new Phone();
  prepare?.(phone);
  phone.launch(options);
  phone.startApp({});
  phone.open('pages/index/index', { openType: 'appLaunch' });
  return phone;
}
