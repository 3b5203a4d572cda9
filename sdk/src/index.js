// The SDK as the mini program sees it, and how its parts are put together.
import { guard, reportInternalErrorsTo } from './core/guard.js';
import { ask, has, listen, replace } from './core/host.js';
import { createContext, watchNetwork } from './core/context.js';
import { createDrops } from './core/drops.js';
import { createQueue } from './core/queue.js';
import { createRecords } from './core/records.js';
import { createSettings } from './core/settings.js';
import { createStore } from './core/store.js';
import { clean } from './core/text.js';
import { createApiFailures } from './api_failures.js';
import { createBlankScreen } from './blank_screen.js';
import { createBreadcrumbs } from './breadcrumbs.js';
import { createErrors } from './errors.js';
import { createFeedback } from './feedback.js';
import { createLogs } from './logs.js';
import { createPages } from './pages.js';
import { createPerformance } from './performance.js';
import { createRequests } from './requests.js';
import { createResources } from './resources.js';
import { createSession } from './session.js';
import { createTransport, sdk } from './transport.js';
import { createWrapping } from './wrapping.js';

let client = null;

function createClient(options) {
  const server = String(options.server).replace(/\/+$/, '');
  const settings = createSettings(options);
  settings.recall();
  let consent = settings.consent === 'granted' || settings.consent === true ? 'granted' : settings.consent;
  let trace;

  const drops = createDrops();
  reportInternalErrorsTo((error) => {
    drops.add('internal');
    if (settings.debug) console.warn('[miniops]', error);
  });
  const context = createContext(settings.release);
  const queue = createQueue(settings.queueRecords, settings.queueBytes, drops.add);
  const store = createStore(queue, context, drops);
  const crumbs = createBreadcrumbs();
  const isGranted = () => consent === 'granted';
  const isOnline = watchNetwork(context, () => transport.networkBack());
  const transport = createTransport({
    url: `${server}/ingest/v1/batch?key=${encodeURIComponent(options.key)}`,
    settings,
    store,
    queue,
    context,
    drops,
    post: wx.request.bind(wx),
    isOnline,
    isGranted,
  });

  const records = createRecords({
    settings,
    context,
    queue,
    drops,
    place: () => Object.assign(trace ? { trace } : {}, pages.place()),
    isDenied: () => consent === 'denied',
    onQueued: () => transport.queued(),
  });
  const { record } = records;
  const session = createSession({
    settings,
    context,
    record,
    mayStore: isGranted,
    onHide() {
      store.saveNow();
      transport.flush();
    },
  });
  const errors = createErrors({ records, crumbs, session });
  const performance = createPerformance({ settings, record, session });
  const pages = createPages({
    record,
    crumbs,
    session,
    onNotFound: errors.pageNotFound,
    onView: guard((view) => {
      performance.onView(view);
      if (settings.capture.blankScreen) blankScreen.onView(view);
    }),
    onLeave: guard((view) => {
      performance.onLeave(view);
      blankScreen.onLeave(view);
    }),
  });
  const blankScreen = createBlankScreen({ settings, errors, performance, pages });
  const parts = { settings, record, errors, crumbs };
  const resources = createResources({ errors });

  function open() {
    store.open();
    transport.begin();
    session.checkLastEnd();
  }

  function event(name, data) {
    crumbs.add('event', name);
    record('event', { name: String(name), props: clean(data || {}) });
  }

  function watchReports() {
    for (const name of ['reportEvent', 'reportAnalytics']) {
      const seen = guard(event);
      replace(
        wx,
        name,
        (original) =>
          function () {
            seen.apply(null, arguments);
            return original.apply(this, arguments);
          },
      );
    }
  }

  function watchAll() {
    const { capture } = settings;
    const wrapping = createWrapping({
      settings,
      session,
      pages,
      crumbs,
      onLoad: capture.performance ? performance.watchUpdates : () => {},
      onPageNotFound: errors.pageNotFound,
    });
    wrapping.install();
    listen('onAppShow', wrapping.onAppShow);
    listen('onAppHide', wrapping.onAppHide);
    const watches = [
      [capture.pages, pages.watchRoutes],
      [capture.errors, errors.watch],
      [capture.performance, performance.watch],
      [capture.requests, createRequests(Object.assign({ serverUrl: server }, parts)).watch],
      [capture.apis, createApiFailures(parts).watch],
      [capture.resources, resources.watch],
      [capture.reports, watchReports],
    ];
    for (const [wanted, watch] of watches) if (wanted) guard(watch)();
  }

  return {
    start() {
      if (isGranted()) guard(open)();
      guard(() => session.launch(ask('getLaunchOptionsSync') || {}))();
      watchAll();
    },
    setConsent(granted) {
      if (granted && !isGranted()) {
        const wasDenied = consent === 'denied';
        consent = 'granted';
        if (wasDenied) session.renew();
        open();
      } else if (!granted && consent !== 'denied') {
        consent = 'denied';
        transport.stop();
        const pending = store.pending ? store.pending.counts : {};
        for (const kind of Object.keys(pending)) drops.add('no_consent', kind, pending[kind]);
        for (const { kind } of queue.clear()) drops.add('no_consent', kind);
        store.close();
        crumbs.clear();
        context.setUser({ openid: '', unionid: '', loginId: '' });
      }
    },
    reportEvent: event,
    captureError: errors.capture,
    addBreadcrumb: (text, data) => crumbs.add('custom', text, data && clean(data)),
    setUser(user) {
      if (!user || typeof user !== 'object') return;
      context.setUser(user);
      if (user.properties) record('profile', { name: 'set', props: clean(user.properties) });
    },
    setTrace(id) {
      trace = id ? String(id) : undefined;
    },
    log: createLogs({ record, crumbs }),
    feedback: createFeedback({ record, crumbs, flush: transport.flush }),
    resourceError: resources.onEvent,
    watchAudio: resources.watchAudio,
    flush: transport.flush,
    installId: () => store.install,
    sessionId: session.id,
  };
}

const usable = (options) => options && options.server && options.key;

// True when it runs. A second call changes nothing.
function init(options) {
  const begin = guard(() => {
    if (client || typeof wx === 'undefined' || !has('request') || !usable(options)) return;
    const made = createClient(options);
    client = made;
    made.start();
  });
  begin();
  return Boolean(client);
}

// The public functions: guarded, and before init (or after one that failed) without effect.
function forward(names, target, to) {
  for (const name of names) target[name] = guard((...args) => (client ? to()[name](...args) : undefined));
  return target;
}

const log = forward(['debug', 'info', 'log', 'warn', 'error', 'setFilterMsg', 'addFilterMsg'], {}, () => client.log);
const miniops = forward(
  [
    'setConsent',
    'setUser',
    'setTrace',
    'reportEvent',
    'captureError',
    'addBreadcrumb',
    'feedback',
    'resourceError',
    'watchAudio',
    'flush',
    'installId',
    'sessionId',
  ],
  { version: sdk.version, init, log, getLogManager: () => log },
  () => client,
);
const { feedback, watchAudio } = miniops;

export default Object.assign(miniops, {
  reportAnalytics: miniops.reportEvent,
  // These two have a result even when we do nothing.
  feedback: (given) => feedback(given) || Promise.resolve({ ok: false, id: '', pictures: 0 }),
  watchAudio(player) {
    watchAudio(player);
    return player;
  },
});
