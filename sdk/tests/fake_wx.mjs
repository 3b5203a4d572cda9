// A strict `wx`: what WeChat does not have throws, options that a call does not know throw, and members cannot be
// assigned, as on phones. The names come from WeChat's own typings.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const typings = dirname(createRequire(import.meta.url).resolve('miniprogram-api-typings/package.json'));
const declared = readFileSync(join(typings, 'types/wx/lib.wx.api.d.ts'), 'utf8');
const wxBody = declared.slice(declared.indexOf('interface Wx {'));
export const knownNames = new Set([...wxBody.matchAll(/^ {8}(?:readonly )?(\w+)\s*[<(?:]/gm)].map(([, name]) => name));

const outcome = ['success', 'fail', 'complete'];
const options = {
  request: [
    'url',
    'data',
    'header',
    'method',
    'timeout',
    'dataType',
    'responseType',
    'enableHttp2',
    'enableQuic',
    'enableProfile',
  ],
  uploadFile: ['url', 'filePath', 'name', 'header', 'formData', 'timeout'],
  downloadFile: ['url', 'header', 'filePath', 'timeout'],
  getNetworkType: [],
  login: ['timeout'],
  getLocation: ['type', 'altitude'],
  requestPayment: ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign'],
  navigateTo: ['url', 'events', 'routeType'],
  redirectTo: ['url'],
  switchTab: ['url'],
  reLaunch: ['url'],
  navigateBack: ['delta'],
  chooseImage: ['count', 'sizeType', 'sourceType'],
  chooseMedia: ['count', 'mediaType', 'sourceType'],
  compressImage: ['src', 'quality', 'compressedWidth', 'compressedHeight'],
  showToast: ['title', 'icon', 'duration'],
  showModal: ['title', 'content', 'showCancel', 'confirmText'],
  setStorage: ['key', 'data', 'encrypt'],
};

export function checkOptions(name, given) {
  for (const key of Object.keys(given || {})) {
    if (!outcome.includes(key) && !options[name].includes(key)) throw new Error(`wx.${name} has no option '${key}'`);
    if (outcome.includes(key) && given[key] !== undefined && typeof given[key] !== 'function') {
      throw new Error(`wx.${name}: ${key} is no function`);
    }
  }
}

// An asynchronous call that answers `respond(options)` → {ok, …} after `ms`: by callbacks, else by a promise, but
// requests have none.
export function asyncCall(name, clock, respond, { ms = 10, promise = true, task } = {}) {
  return function (given) {
    checkOptions(name, given);
    const hasCallbacks = given && outcome.some((key) => given[key]);
    let settleWith;
    clock.setTimeout(() => {
      const answer = respond(given || {});
      if (answer === 'hang') return;
      const { ok, ...result } = answer;
      if (!result.errMsg) result.errMsg = `${name}:${ok ? 'ok' : 'fail'}`;
      if (settleWith) return settleWith(ok, result);
      const callback = ok ? given && given.success : given && given.fail;
      if (callback) callback(result);
      if (given && given.complete) given.complete(result);
    }, ms);
    if (task) return task();
    if (hasCallbacks || !promise) return undefined;
    return new Promise((resolve, reject) => {
      settleWith = (ok, result) => (ok ? resolve(result) : reject(result));
    });
  };
}

// `members` become accessors without a setter; every other name is undefined when WeChat has it on some version, and
// throws when it has it on none.
export function strictWx(members) {
  const target = {};
  for (const [name, value] of Object.entries(members)) {
    if (!knownNames.has(name)) throw new Error(`the fake has wx.${name}, which WeChat does not have`);
    Object.defineProperty(target, name, { get: () => value, enumerable: true, configurable: true });
  }
  return new Proxy(target, {
    get(object, name, receiver) {
      if (typeof name === 'string' && !knownNames.has(name)) throw new Error(`wx.${name} does not exist`);
      return Reflect.get(object, name, receiver);
    },
  });
}

export class FakeStorage {
  values = new Map();
  full = false; // every write fails
  bytesMax = 10 << 20;
  writes = 0;

  api() {
    const bytes = (value) => Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
    return {
      getStorageSync: (key) => (this.values.has(key) ? structuredClone(this.values.get(key)) : ''),
      setStorageSync: (key, value) => {
        this.writes++;
        let total = bytes(value);
        if (total > 1 << 20) throw new Error('setStorageSync:fail entry size limit reached');
        for (const [other, kept] of this.values) if (other !== key) total += bytes(kept);
        if (this.full || total > this.bytesMax) throw new Error('setStorageSync:fail exceed storage max size');
        this.values.set(key, structuredClone(value));
      },
      removeStorageSync: (key) => void this.values.delete(key),
    };
  }
}
