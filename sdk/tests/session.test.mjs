// Launches, sessions, page views, and sessions that did not end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone, running } from './phone.mjs';

const minute = 60_000;
const sent = async (phone) => {
  phone.miniops.flush();
  await phone.clock.advance(2000);
};

test('a launch tells its scene, path and campaign, and nothing else of the query', async () => {
  const phone = running({}, (made) => {
    made.launchOptions = {
      path: 'pages/index/index',
      scene: 1047,
      query: { utm_source: 'poster', phone: '13800138000', token: 'secret' },
      referrerInfo: { appId: 'wxOTHER', extraData: { a: 1 } },
    };
  });
  await sent(phone);
  const [launch] = phone.server.records('event', 'launch');
  assert.deepEqual(launch.props, {
    path: 'pages/index/index',
    query: { utm_source: 'poster' },
    referrer_appid: 'wxOTHER',
  });
  assert.equal(phone.server.received[0].batch.context.scene, 1047);
  assert.equal(JSON.stringify(phone.server.received).includes('13800138000'), false);
});

const gaps = [
  { hidden: 1 * minute, option: undefined, isNew: false },
  { hidden: 29 * minute, option: undefined, isNew: false },
  { hidden: 30 * minute, option: undefined, isNew: true },
  { hidden: 2 * minute, option: 1 * minute, isNew: true },
];
for (const { hidden, option, isNew } of gaps) {
  test(`hidden for ${hidden / minute} min with a gap of ${option ? option / minute : 30} min: ${isNew ? 'a new session' : 'the same session'}`, async () => {
    const phone = running({ sessionGapMs: option });
    const first = phone.miniops.sessionId();
    await phone.clock.advance(10000);
    phone.hide();
    await phone.clock.advance(hidden);
    phone.show({ ...phone.launchOptions, scene: 1089 });
    await phone.clock.advance(5000);
    phone.hide();
    await phone.clock.advance(1000);
    assert.equal(phone.miniops.sessionId() !== first, isNew);
    assert.equal(phone.server.records('session', 'start').length, isNew ? 2 : 1);
    const ends = phone.server.records('session', 'end').map(({ value }) => value);
    assert.deepEqual(ends, isNew ? [10000, 5000] : [10000, 15000], 'what it was on screen');
    assert.equal(phone.server.records('event', 'show')[0].props.hidden_ms, hidden);
    const views = phone.server.records('event', 'page_view');
    assert.equal(views.length, 2, 'the page that comes back is viewed again');
    assert.notEqual(views[0].page_view, views[1].page_view);
    const contexts = phone.server.received.map(({ batch }) => batch.context);
    assert.equal(contexts.at(-1).scene, 1089);
    assert.equal(contexts.at(-1).session, phone.miniops.sessionId());
  });
}

test('page views, dwell and routes', async () => {
  const phone = running();
  await phone.clock.advance(3000);
  phone.open('pages/detail/detail', { query: { id: '77' } });
  await phone.clock.advance(4000);
  phone.back();
  await phone.clock.advance(1000);
  phone.open('pages/pay/pay', { openType: 'redirectTo' });
  await phone.clock.advance(500);
  phone.hide();
  await phone.clock.advance(1000);
  const views = phone.server.records('event', 'page_view');
  assert.deepEqual(
    views.map(({ page, props }) => [page, props.referrer, props.open_type, props.first]),
    [
      ['pages/index/index', '', 'appLaunch', true],
      ['pages/detail/detail', 'pages/index/index', 'navigateTo', true],
      ['pages/index/index', 'pages/detail/detail', 'navigateBack', false],
      ['pages/pay/pay', 'pages/index/index', 'redirectTo', true],
    ],
  );
  assert.deepEqual(
    phone.server.records('event', 'page_leave').map(({ page, value }) => [page, value]),
    [
      ['pages/index/index', 3000],
      ['pages/detail/detail', 4000],
      ['pages/index/index', 1000],
      ['pages/pay/pay', 500],
    ],
  );
  assert.deepEqual(
    phone.server.records('event', 'route').map(({ props }) => `${props.type} ${props.from} ${props.to}`),
    [
      'appLaunch  pages/index/index',
      'navigateTo pages/index/index pages/detail/detail',
      'navigateBack pages/detail/detail pages/index/index',
      'redirectTo pages/index/index pages/pay/pay',
    ],
  );
});

test('pages that could not be wrapped are followed by their routes', async () => {
  const phone = new Phone();
  phone.launch({}, { init: false });
  const { Page } = phone.world;
  phone.miniops.init({ server: phone.server.url, key: phone.server.key });
  phone.startApp();
  phone.world.Page = Page;
  phone.open('pages/a/a');
  await phone.clock.advance(1000);
  phone.open('pages/b/b');
  await phone.clock.advance(2000);
  phone.hide();
  await phone.clock.advance(1000);
  assert.deepEqual(
    phone.server.records('event', 'page_leave').map(({ page, value }) => [page, value]),
    [
      ['pages/a/a', 1000],
      ['pages/b/b', 2000],
    ],
  );
});

test('without route events the views themselves tell the routes', async () => {
  const phone = running({}, (made) => (made.extra.onAppRoute = undefined));
  phone.open('pages/b/b');
  await sent(phone);
  assert.deepEqual(
    phone.server.records('event', 'route').map(({ props }) => props.to),
    ['pages/index/index', 'pages/b/b'],
  );
});

test('a process that ended on screen is suspected at the next launch, with the rule', async () => {
  const phone = running();
  await phone.clock.advance(6000);
  const before = phone.miniops.sessionId();
  phone.open('pages/pay/pay');
  phone.emit('onMemoryWarning', { level: 10 });
  const lastSeen = phone.clock.now;
  await phone.clock.advance(6000);
  phone.kill();
  phone.launch();
  await sent(phone);
  const [suspected, ...more] = phone.server.records('error', 'suspected_abnormal_end');
  assert.equal(more.length, 0);
  assert.equal(suspected.session, before);
  assert.equal(suspected.page, 'pages/pay/pay');
  assert.equal(suspected.level, 'warn');
  assert.match(suspected.props.rule, /without being hidden/);
  assert.equal(suspected.props.last_seen, lastSeen);
  assert.equal(suspected.props.release, '1.4.2');
  assert.equal(suspected.props.memory_warning, true);
});

test('a process that ended in the background is not suspected, and can be left out', async () => {
  const phone = running();
  phone.hide();
  await phone.clock.advance(minute);
  phone.kill();
  phone.launch();
  await sent(phone);
  phone.kill();
  phone.launch({ capture: { abnormalEnd: false } });
  await sent(phone);
  assert.equal(phone.server.records('error', 'suspected_abnormal_end').length, 0);
});
