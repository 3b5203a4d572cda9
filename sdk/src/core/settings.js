// What the mini program's author chose in init(), overruled by what its people set on the server.
import { load, save } from './storage.js';

export const levels = ['debug', 'info', 'warn', 'error'];

const defaults = {
  consent: 'granted',
  release: '',
  level: 'info',
  flushMs: 5000,
  flushRecords: 20,
  queueRecords: 1000,
  queueBytes: 512 * 1024,
  sessionGapMs: 30 * 60 * 1000,
  blankScreenMs: 5000,
  blankScreenSelector: 'view,text,image,button,scroll-view,swiper,canvas,web-view,input',
  slowPageMs: 1000,
  pageLoadRate: 0.01,
  requestErrorStatus: 500,
  queryKeys: ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'],
  apis: [],
  beforeSend: null,
  urlPattern: null,
  debug: false,
};

// What can be switched off one by one.
const captured = {
  pages: true,
  errors: true,
  apis: true,
  requests: true,
  resources: true,
  performance: true,
  blankScreen: true,
  abnormalEnd: true,
  taps: true,
  reports: true,
};

const rates = { event: 1, performance: 1, error: 1, log: 1 };

const isRate = (value) => typeof value === 'number' && value >= 0 && value <= 1;

export function createSettings(given) {
  const settings = Object.assign({}, defaults);
  for (const key of Object.keys(given)) if (given[key] !== undefined) settings[key] = given[key];
  settings.capture = Object.assign({}, captured, given.capture);
  const sample = Object.assign({}, rates, given.sample);
  let remote = {};

  return Object.assign(settings, {
    // What the server said at an earlier launch.
    recall() {
      const stored = load('config');
      if (stored && typeof stored === 'object') remote = stored;
    },
    obey(config, mayStore) {
      if (!config || typeof config !== 'object') return;
      remote = config;
      if (mayStore) save('config', JSON.stringify(config));
    },
    enabled: () => remote.enabled !== false,
    lowestLevel: () => levels.indexOf(levels.includes(remote.level) ? remote.level : settings.level),
    flushEvery: () => (remote.flush_ms >= 1000 ? remote.flush_ms : settings.flushMs),
    // The share of a kind that is kept. Sessions, profiles and feedback are never sampled.
    rate(kind) {
      const wanted = remote.sample && isRate(remote.sample[kind]) ? remote.sample[kind] : sample[kind];
      return kind in rates && isRate(wanted) ? wanted : 1;
    },
  });
}
