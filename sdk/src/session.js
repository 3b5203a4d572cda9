// Launches, sessions, and sessions that did not end as they should.
import { forget, load, save } from './core/storage.js';
import { newId } from './core/text.js';
import { pagePath } from './url_pattern.js';

const abnormalRule =
  'at this launch the storage still holds the session before as open: ' +
  'the mini program was on screen and ended without being hidden';

export function createSession({ settings, context, record, mayStore, onHide }) {
  let id = '';
  let shown = false;
  let shownAt = 0;
  let hiddenAt = 0;
  let visibleMs = 0; // of this session, without what it was hidden
  let marker = null;

  function begin(launch, path) {
    id = newId(16);
    visibleMs = 0;
    context.set('session', id);
    record('session', { name: 'start', props: { launch, path } });
  }

  // Of the query only what the settings name: the rest may say who somebody is.
  function entry(options) {
    const props = { path: pagePath(options.path) };
    const query = options.query || {};
    for (const key of settings.queryKeys) {
      if (query[key] === undefined) continue;
      props.query = props.query || {};
      props.query[key] = String(query[key]).slice(0, 100);
    }
    const from = options.referrerInfo && options.referrerInfo.appId;
    if (from) props.referrer_appid = from;
    return props;
  }

  function mark(change) {
    if (!settings.capture.abnormalEnd) return;
    marker = Object.assign(marker || {}, { id, t: Date.now(), release: context.get().release }, change);
    if (mayStore()) save('session', JSON.stringify(marker));
  }

  return {
    id: () => id,
    isShown: () => shown,
    launch(options) {
      if (options.scene) context.set('scene', options.scene);
      const props = entry(options);
      begin('cold', props.path);
      record('event', { name: 'launch', props });
      shown = true;
      shownAt = Date.now();
      mark({ open: true });
    },
    // WeChat and the App's own onShow both tell us; the second finds the session shown.
    show(options) {
      if (options.scene) context.set('scene', options.scene);
      if (shown) return false;
      const props = entry(options);
      shown = true;
      shownAt = Date.now();
      if (shownAt - hiddenAt >= settings.sessionGapMs) begin('hot', props.path);
      props.hidden_ms = shownAt - hiddenAt;
      record('event', { name: 'show', props });
      mark({ open: true, memory: false });
      return true;
    },
    hide() {
      if (!shown) return;
      shown = false;
      hiddenAt = Date.now();
      visibleMs += hiddenAt - shownAt;
      record('session', { name: 'end', value: visibleMs });
      mark({ open: false });
      onHide();
    },
    // A new id, not to be linked with the one before: after a consent that was withdrawn.
    renew() {
      begin('consent', '');
      shownAt = Date.now();
      mark({ open: shown });
    },
    visit(page) {
      mark({ page });
    },
    lowMemory() {
      mark({ memory: true });
    },
    // Once, when the storage may be read: before our own mark takes its place.
    checkLastEnd() {
      const last = settings.capture.abnormalEnd && load('session');
      if (last && last.open && last.id !== id) {
        record('error', {
          name: 'suspected_abnormal_end',
          level: 'warn',
          text: 'the session before did not end',
          session: String(last.id),
          page: last.page,
          props: {
            rule: abnormalRule,
            mechanism: 'session_marker',
            last_seen: last.t,
            release: last.release,
            memory_warning: Boolean(last.memory),
            handled: false,
          },
        });
      }
      if (marker) mark({});
      else forget('session');
    },
  };
}
