// Performance entries, the page views that carry all of them, and pages that show nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const sent = async (phone) => {
  phone.miniops.flush();
  await phone.clock.advance(2000);
};

const entry = (entryType, name, startTime, duration, more) => ({ entryType, name, startTime, duration, ...more });

// What a page that took `ms` leaves.
function loadOf(phone, path, ms) {
  const at = phone.clock.now;
  phone.perform([
    entry('navigation', 'route', at, ms - 100, {
      path,
      navigationStart: at,
      navigationType: 'navigateTo',
      referrerPath: 'pages/index/index',
    }),
    entry('render', 'firstRender', at + ms - 100, 100, { path }),
  ]);
}

test('each entry becomes a metric', async () => {
  const phone = running();
  const at = phone.clock.now;
  const path = 'pages/index/index';
  phone.perform([
    entry('loadPackage', 'downloadPackage', at, 300, { packageName: '__APP__', packageSize: 812345 }),
    entry('script', 'evaluateScript', at + 300, 120, { moduleName: '__APP__', fileList: ['app.js'] }),
    entry('navigation', 'appLaunch', at, 812, { path, navigationStart: at }),
    entry('render', 'firstRender', at + 500, 90, { path }),
    entry('render', 'firstPaint', at + 610, undefined, { path }),
    entry('render', 'firstContentfulPaint', at + 640, undefined, { path }),
    entry('render', 'largestContentfulPaint', at + 900, undefined, { path }),
    entry('resource', 'resourceTiming', at + 700, 55, {
      uri: 'https://cdn.example/item/918.png?x=1',
      initiatorType: 'image',
      transferSize: 4321,
    }),
  ]);
  await phone.clock.advance(6000);
  await sent(phone);
  const metrics = phone.server.records('performance').filter(({ name }) => name !== 'page_load');
  assert.deepEqual(
    metrics.map(({ name, value, props }) => [name, value, props]),
    [
      ['loadPackage', 300, { package: '__APP__', bytes: 812345 }],
      ['evaluateScript', 120, { module: '__APP__' }],
      ['appLaunch', 812, undefined],
      ['firstRender', 90, undefined],
      ['firstPaint', 610, undefined],
      ['firstContentfulPaint', 640, undefined],
      ['lcp', 900, undefined],
      ['resource', 55, { url: 'https://cdn.example/item/:id.png', type: 'image', bytes: 4321 }],
    ],
  );
  assert.ok(metrics.every(({ page, page_view: view }) => page === path && view));
});

test('an entry of another page says so', async () => {
  const phone = running();
  phone.perform([entry('navigation', 'route', 1, 200, { path: 'pages/next/next', navigationStart: 1 })]);
  await sent(phone);
  const [route] = phone.server.records('performance', 'route');
  assert.equal(route.page, 'pages/next/next');
  assert.equal(route.page_view, undefined);
});

test('all entries of a page view that is slower than any before in its session', async () => {
  const phone = running({ pageLoadRate: 0 });
  const loads = [
    ['pages/a/a', 700],
    ['pages/b/b', 1800],
    ['pages/c/c', 1500],
    ['pages/d/d', 2400],
  ];
  for (const [path, ms] of loads) {
    loadOf(phone, path, ms); // comes before the page shows
    phone.open(path);
    await phone.clock.advance(6000);
  }
  await sent(phone);
  const slow = phone.server.records('performance', 'page_load');
  assert.deepEqual(
    slow.map(({ page, value, weight, props }) => [page, value, weight, props.reason, props.entries.length]),
    [
      ['pages/b/b', 1800, 1, 'slowest', 2],
      ['pages/d/d', 2400, 1, 'slowest', 2],
    ],
  );
  assert.deepEqual(slow[0].props.entries[0], {
    entryType: 'navigation',
    name: 'route',
    startTime: slow[0].props.entries[0].startTime,
    duration: 1700,
    path: 'pages/b/b',
    navigationStart: slow[0].props.entries[0].startTime,
    navigationType: 'navigateTo',
    referrerPath: 'pages/index/index',
  });
});

test('and those of one page view in a hundred, with the weight of a hundred', async () => {
  const phone = running();
  for (let i = 0; i < 1500; i++) {
    phone.open(`pages/p${i % 7}/a`, { openType: 'redirectTo' });
    loadOf(phone, `pages/p${i % 7}/a`, 500);
    await phone.clock.advance(10);
  }
  await phone.clock.advance(20000);
  await sent(phone);
  const kept = phone.server.records('performance', 'page_load');
  assert.ok(kept.every(({ weight, props }) => weight === 100 && props.reason === 'sample'));
  assert.ok(kept.length >= 6 && kept.length <= 26, `${kept.length} of 1500`);
});

test('setData: one record a page view, and a listener of the host takes our place', async () => {
  const phone = running();
  phone.definePage('pages/b/b', {
    onLoad() {
      this.setUpdatePerformanceListener({}, () => 'of the host');
    },
  });
  phone.definePage('pages/a/a', {});
  const update = (start, end, pending = start, merged = false) => ({
    pendingStartTimestamp: pending,
    updateStartTimestamp: start,
    updateEndTimestamp: end,
    isMergedUpdate: merged,
  });
  const page = phone.open('pages/a/a');
  page.updated(update(10, 14));
  page.updated(update(30, 52, 20));
  page.updated(update(60, 99, 60, true));
  const other = phone.open('pages/b/b');
  assert.equal(other.updated(), 'of the host');
  phone.back();
  phone.hide();
  await phone.clock.advance(1000);
  const records = phone.server.records('performance', 'setData');
  assert.deepEqual(
    records.map(({ value, page: on, props }) => [value, on, props]),
    [[22, 'pages/a/a', { count: 2, total_ms: 26, longest_wait_ms: 10 }]],
  );
});

test('an old base library without performance entries is left alone', async () => {
  const phone = running(
    {},
    (made) => (made.extra = { getPerformance: undefined, onAppRoute: undefined, onLazyLoadError: undefined }),
  );
  await sent(phone);
  assert.deepEqual(phone.server.dropped(), {});
});

test('only entry types that the phone knows are asked for', async () => {
  const phone = running({}, (made) => (made.performanceTypes = ['navigation', 'render', 'script']));
  loadOf(phone, 'pages/index/index', 300);
  await sent(phone);
  assert.equal(phone.server.records('performance', 'firstRender').length, 1);
  assert.deepEqual(phone.server.dropped(), {});
});

const empty = [{ width: 0, height: 0 }];
const blanks = [
  { what: 'no render and no node', nodes: [], suspected: true },
  { what: 'no render and only nodes without size', nodes: empty, suspected: true },
  { what: 'nodes without a render entry', nodes: [{ width: 375, height: 40 }], suspected: false },
  { what: 'a render entry without nodes', nodes: [], rendered: true, suspected: false },
  { what: 'left before five seconds', nodes: [], leaveAfter: 4900, suspected: false },
  { what: 'hidden before five seconds', nodes: [], hideAfter: 4000, suspected: false },
  { what: 'switched off', nodes: [], options: { capture: { blankScreen: false } }, suspected: false },
];
for (const { what, nodes, rendered, leaveAfter, hideAfter, options, suspected } of blanks) {
  test(`blank screen: ${what}`, async () => {
    const phone = running(options);
    await phone.clock.advance(6000);
    phone.nodes = nodes;
    phone.open('pages/a/a', { ready: false });
    if (rendered) loadOf(phone, 'pages/a/a', 300);
    await phone.clock.advance(leaveAfter || hideAfter || 5100);
    if (leaveAfter) phone.nodes = [{ width: 375, height: 40 }];
    if (leaveAfter) phone.back();
    if (hideAfter) phone.hide();
    await phone.clock.advance(10000);
    await sent(phone);
    const records = phone.server.records('error', 'suspected_blank_screen');
    assert.equal(records.length, suspected ? 1 : 0);
    if (!suspected) return;
    assert.equal(records[0].page, 'pages/a/a');
    assert.equal(records[0].level, 'warn');
    assert.match(records[0].props.rule, /no first render and no node .* within 5 s/);
  });
}

test('coming back to a page asks no second time', async () => {
  const phone = running();
  await phone.clock.advance(6000);
  phone.open('pages/a/a');
  phone.nodes = [];
  phone.back();
  await phone.clock.advance(20000);
  await sent(phone);
  assert.equal(phone.server.records('error', 'suspected_blank_screen').length, 0);
});

test('a phone without anything but requests and storage still sends', async () => {
  const phone = new Phone();
  const names = Object.keys(phone.makeWx());
  const needed = ['request', 'getStorageSync', 'setStorageSync'];
  phone.extra = Object.fromEntries(names.filter((name) => !needed.includes(name)).map((name) => [name, undefined]));
  phone.launch();
  phone.miniops.reportEvent('a');
  await phone.clock.advance(6000);
  assert.equal(phone.server.records('event', 'a').length, 1);
  assert.deepEqual(phone.server.dropped(), {});
});
