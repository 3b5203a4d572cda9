// WeChat's performance entries: each as a metric, and those of one page view together for few views.
import { ask } from './core/host.js';
import { guard } from './core/guard.js';
import { keeps } from './core/sampling.js';
import { routeOf } from './pages.js';
import { pagePath, urlPattern } from './url_pattern.js';

const types = ['navigation', 'render', 'script', 'loadPackage', 'resource'];
const names = { downloadPackage: 'loadPackage', largestContentfulPaint: 'lcp', resourceTiming: 'resource' };
// A moment, not a span: its value counts from the start of the navigation.
const moments = ['firstPaint', 'firstContentfulPaint', 'largestContentfulPaint'];
const settleMs = 5000;
const entriesMax = 60;
const resourcesMax = 20;

function details(entry) {
  switch (entry.name) {
    case 'route':
      return { type: entry.navigationType, from: pagePath(entry.referrerPath) };
    case 'evaluateScript':
      return { module: entry.moduleName };
    case 'downloadPackage':
      return { package: entry.packageName, bytes: entry.packageSize };
    case 'resourceTiming':
      return { url: urlPattern(entry.uri), type: entry.initiatorType, bytes: entry.transferSize };
    default:
      return undefined;
  }
}

// All numbers of an entry, and its texts without queries.
function copyOf(entry) {
  const copy = {};
  for (const key in entry) {
    const value = entry[key];
    if (typeof value === 'number') copy[key] = value;
    else if (typeof value === 'string') copy[key] = key === 'uri' ? urlPattern(value) : value.split('?')[0];
  }
  return copy;
}

const startOf = (entry) => entry.navigationStart || entry.startTime || 0;

export function createPerformance({ settings, record, session }) {
  let view = null; // {…of pages.js, entries, resources, rendered, timer}
  let early = []; // entries of a page that is not on screen yet
  let navigation = null;
  let slowest = { session: '', ms: 0 };
  let supported = false;
  const updates = new WeakMap(); // page → its setData

  function value(entry) {
    if (!moments.includes(entry.name)) return entry.duration;
    const start = entry.navigationStart || (navigation ? startOf(navigation) : view ? view.at : entry.startTime);
    return Math.max(0, entry.startTime - start);
  }

  function metric(entry) {
    const path = pagePath(entry.path);
    const fields = { name: names[entry.name] || entry.name, value: value(entry), props: details(entry) };
    if (path && (!view || path !== view.route)) Object.assign(fields, { page: path, page_view: undefined });
    if (entry.name === 'resourceTiming' && view && ++view.resources > resourcesMax) return;
    if (typeof fields.value === 'number') record('performance', fields);
  }

  function belongs(entry) {
    const path = pagePath(entry.path);
    return !path || path === view.route;
  }

  function keep(entry) {
    if (view && belongs(entry)) {
      if (entry.name === 'firstRender') view.rendered = true;
      if (view.entries.length < entriesMax) view.entries.push(entry);
    } else if (early.length < entriesMax) {
      early.push(entry);
    }
  }

  function add(entry) {
    if (entry.entryType === 'navigation') navigation = entry;
    metric(entry);
    keep(entry);
  }

  // How long the page took: from the first start to the last end of what belongs to it.
  function loadMs(entries) {
    const starts = entries.map(startOf).filter((at) => at > 0);
    const ends = entries
      .filter((entry) => entry.entryType !== 'resource')
      .map((entry) => entry.startTime + (entry.duration || 0));
    return starts.length ? Math.max(0, Math.max.apply(null, ends) - Math.min.apply(null, starts)) : 0;
  }

  function settle(settled) {
    clearTimeout(settled.timer);
    if (settled.settled || settled.entries.length === 0) return;
    settled.settled = true;
    const ms = loadMs(settled.entries);
    if (slowest.session !== session.id()) slowest = { session: session.id(), ms: settings.slowPageMs };
    const slow = ms > slowest.ms;
    if (slow) slowest.ms = ms;
    const byChance = keeps(settled.id, settings.pageLoadRate);
    if (!slow && !byChance) return;
    record('performance', {
      name: 'page_load',
      value: ms,
      page: settled.route,
      page_view: settled.id,
      // Only those that chance chose stand for others.
      weight: byChance ? 1 / settings.pageLoadRate : 1,
      props: { reason: byChance ? 'sample' : 'slowest', entries: settled.entries.map(copyOf) },
    });
  }

  function reportUpdates(left) {
    const seen = updates.get(left.page);
    if (!seen || seen.count === 0) return;
    record('performance', {
      name: 'setData',
      value: seen.longest,
      props: { count: seen.count, total_ms: seen.total, longest_wait_ms: seen.wait },
    });
    Object.assign(seen, { count: 0, total: 0, longest: 0, wait: 0 });
  }

  return {
    isSupported: () => supported,
    hasRendered: (page) => Boolean(view && view.page === page && view.rendered),
    watch() {
      const performance = ask('getPerformance');
      if (!performance || typeof performance.createObserver !== 'function') return;
      const known = performance.supportedEntryTypes;
      const observer = performance.createObserver(guard((list) => list.getEntries().forEach(guard(add))));
      observer.observe({ entryTypes: known ? types.filter((type) => known.includes(type)) : types });
      supported = true;
    },
    // Before the host's onLoad, so that a listener which the host sets there takes our place, not we its.
    watchUpdates(page) {
      if (!page || typeof page.setUpdatePerformanceListener !== 'function') return;
      const seen = { count: 0, total: 0, longest: 0, wait: 0 };
      updates.set(page, seen);
      const listener = guard((update) => {
        if (update.isMergedUpdate) return;
        const ms = update.updateEndTimestamp - update.updateStartTimestamp;
        seen.count++;
        seen.total += ms;
        seen.longest = Math.max(seen.longest, ms);
        seen.wait = Math.max(seen.wait, update.updateStartTimestamp - update.pendingStartTimestamp);
      });
      page.setUpdatePerformanceListener({ withDataPaths: false }, listener);
    },
    onView(pageView) {
      const mine = Object.assign({ entries: [], resources: 0, rendered: false }, pageView);
      mine.route = pageView.route || routeOf(pageView.page);
      view = mine;
      const waiting = early;
      early = [];
      waiting.forEach(keep);
      mine.timer = setTimeout(
        guard(() => settle(mine)),
        settleMs,
      );
    },
    onLeave() {
      if (!view) return;
      settle(view);
      reportUpdates(view);
      view = null;
    },
  };
}
