// A shop's two releases as its phones measured them: 1.4.2 starts slower than 1.4.1, its main package is large, a search
// is slow and fails now and then; ten days ago all was slower still. One visit was recorded entry by entry.
import { until } from '../harness/process.mjs';
import { batch, send } from './telemetry_scene.mjs';

const hour = 3_600_000;
const day = 24 * hour;
const phonesEach = 40;
const urls = { goods: 'https://api.shop.example/goods/:id', search: 'https://api.shop.example/search' };

// What is to be found. Of 40 phones whose values go up by ten, the 75th of a hundred has the 30th.
export const known = {
  phones: 2 * phonesEach,
  older: { release: '1.4.1', startup: 1800, p75: 2100 },
  newer: { release: '1.4.2', startup: 2400, p75: 2700 },
  startupP75: 2600, // of both: the 60th of 80
  requestP75: 1800,
  load: { page: 'pages/goods/detail', ms: 6200 },
  urls,
};

const request = (t, url, value, failed) => ({
  kind: 'performance', name: 'request', t, page: 'pages/goods/detail', value,
  props: { api: 'request', method: 'GET', url, status: failed ? 500 : 200, failed: false, phases: { dns: 0, connect: 0, ssl: 0, ttfb: value - 20, download: 20 } },
});

// One phone's visit: a launch, a page, two requests at once.
function visit(t, startup, n) {
  const performance = (name, value, more = {}) => ({ kind: 'performance', name, t, page: n % 2 ? 'pages/index/index' : 'pages/goods/detail', value, ...more });
  return [
    performance('appLaunch', startup),
    performance('loadPackage', 900, { props: { package: '__APP__', bytes: 1_800_000 } }),
    performance('evaluateScript', 200, { props: { module: '__APP__' } }),
    performance('firstRender', 400),
    performance('route', 250),
    performance('setData', 30, { props: { count: 3, total_ms: 60, longest_wait_ms: 2 } }),
    request(t + 2000, urls.goods, 300, false),
    request(t + 2000, urls.search, known.requestP75, n % 4 === 0),
  ];
}

async function report(key, phone, at, release, startup) {
  const body = batch(`install-p${String(phone).padStart(3, '0')}`, phone + 1, visit(at, startup, phone));
  Object.assign(body.context, { release, network: phone % 2 ? '4g' : 'wifi' });
  const answer = await send(key, body);
  if (!answer.ok) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
}

// WeChat's entries of a page view, its requests, and an error, in one session with a log line.
async function slowVisit(key) {
  const now = Date.now();
  const start = now - 2 * hour;
  const { page, ms } = known.load;
  const entry = (name, entryType, after, duration, more = {}) => ({ name, entryType, startTime: start + after, navigationStart: start, duration, path: page, ...more });
  const page_view = 'view-slow';
  const body = batch('install-slow', 1, [
    {
      kind: 'performance', name: 'page_load', t: start + ms, page, page_view, value: ms,
      props: {
        reason: 'slowest',
        entries: [entry('route', 'navigation', 0, 1200), entry('evaluateScript', 'script', 150, 260, { moduleName: 'pages/goods/detail.js' }), entry('firstRender', 'render', 480, 620), entry('firstPaint', 'render', 1150, 0), entry('largestContentfulPaint', 'render', 6200, 0)],
      },
    },
    { ...request(start + 5900, urls.search, 4700, true), page_view },
    { kind: 'error', name: 'TypeError', t: start + 6000, page, page_view, level: 'error', text: "Cannot read property 'price' of undefined" },
    { kind: 'log', t: start + 6100, page, level: 'warn', text: '搜索太慢，改用缓存' },
  ]);
  Object.assign(body.context, { release: known.older.release, network: '4g' });
  const answer = await send(key, body);
  if (!answer.ok) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
}

export const ask = (product, part, query = {}) => product.api.get(`/miniprograms/${product.appid}/performance/${part}?${new URLSearchParams({ from: Date.now() - 7 * day, to: Date.now() + 60_000, ...query })}`);

export async function twoReleases(product, key) {
  const now = Date.now();
  const side = async (first, { release, startup }, at) => {
    for (let n = 0; n < phonesEach; n += 1) await report(key, first + n, at + n * 60_000, release, startup + 10 * n);
  };
  await side(0, { release: known.older.release, startup: 3200 }, now - 10 * day);
  await side(100, known.older, now - 30 * hour);
  await side(200, known.newer, now - 4 * hour);
  await slowVisit(key);
  await until(async () => {
    const startup = (await ask(product, 'overview')).metrics.find((one) => one.metric === 'startup');
    return startup.count === known.phones && startup.before.count === phonesEach && (await ask(product, 'loads')).items.length === 1;
  }, 'the visits to be counted');
}
