// What holds for many records at once: the device, the version, the network, the session, the user. A batch has one
// context; records are queued with the context of their moment.
import { ask, has, listen } from './host.js';
import { guard } from './guard.js';

function device() {
  const all = has('getDeviceInfo') && has('getAppBaseInfo') ? {} : ask('getSystemInfoSync') || {};
  const info = Object.assign({}, all, ask('getDeviceInfo'), ask('getAppBaseInfo'));
  const [os, version] = String(info.system || '').split(' ');
  return {
    language: info.language || '',
    device: {
      brand: info.brand || '',
      model: info.model || '',
      level: info.benchmarkLevel > 0 ? String(info.benchmarkLevel) : '',
      os: os || info.platform || '',
      os_version: version || '',
      wechat: info.version || '',
      base_library: info.SDKVersion || '',
    },
  };
}

// What was not known yet is filled in where it is: the records before it are of the same phone and person. What
// changes begins a new context, so that queued records keep theirs.
const unknown = (value) => value === '' || value === 0 || value === undefined;

export function createContext(release) {
  const account = (ask('getAccountInfoSync') || {}).miniProgram || {};
  let number = 1;
  let current = Object.assign(device(), {
    release: release || account.version || '',
    build: account.envVersion || '',
    scene: 0,
    network: '',
    session: '',
    user: { openid: '', unionid: '', login_id: '' },
  });
  let contexts = { 1: current };

  function renew() {
    current = Object.assign({}, current, { user: Object.assign({}, current.user) });
    contexts[++number] = current;
  }

  function put(part, key, value) {
    if (part()[key] === value) return;
    if (!unknown(part()[key])) renew();
    part()[key] = value;
  }

  const self = {
    set: (key, value) => put(() => current, key, value),
    setUser(user) {
      const known = { openid: user.openid, unionid: user.unionid, login_id: user.loginId };
      for (const key of Object.keys(known)) {
        if (known[key] !== undefined) put(() => current.user, key, String(known[key] || ''));
      }
    },
    get: () => current,
    id: () => number,
    find: (id) => contexts[id],
    // The contexts that these entries need, for the storage.
    of(entries) {
      const needed = {};
      for (const entry of entries) needed[entry.context] = contexts[entry.context];
      return needed;
    },
    // Contexts of an earlier launch, under names that this one does not use. Gives the new name of an old one.
    adopt(older) {
      const rename = (id) => `o${id}`;
      for (const id of Object.keys(older)) contexts[rename(id)] = older[id];
      return rename;
    },
    // Forgets contexts that no record needs any more.
    sweep(entries) {
      const kept = self.of(entries);
      kept[number] = current;
      contexts = kept;
    },
  };
  return self;
}

// Keeps `network` true, and tells when the network is back.
export function watchNetwork(context, onBack) {
  let connected = true;
  const learn = (type) => {
    connected = type !== 'none';
    context.set('network', type || 'unknown');
  };
  if (has('getNetworkType')) {
    guard(() => wx.getNetworkType({ success: guard((result) => learn(result.networkType)) }))();
  }
  listen('onNetworkStatusChange', (result) => {
    const before = connected;
    learn(result.isConnected === false ? 'none' : result.networkType);
    if (connected && !before) onBack();
  });
  // Without news of changes, what was true at the launch says nothing.
  return () => connected || !has('onNetworkStatusChange');
}
