// Errors, from WeChat's hooks and from the host's own catch blocks.
import { listen, replace } from './core/host.js';
import { guard } from './core/guard.js';
import { clean, cut } from './core/text.js';
import { parseThrown } from './error_text.js';
import { pagePath } from './url_pattern.js';

const foldMs = 1000;
const stackMax = 16384;

export function createErrors({ records, crumbs, session }) {
  let last = { key: '', at: 0, entry: null };

  // An error that comes again within a second is one record with a count: a loop that throws would fill the queue.
  function repeats(key) {
    const now = Date.now();
    const again = key === last.key && now - last.at < foldMs && last.entry && records.repeat(last.entry);
    last = { key, at: now, entry: again ? last.entry : null };
    return again;
  }

  function add(name, text, { stack = '', mechanism, handled = false, level = 'error', props = {}, fields }) {
    const key = `${name}\n${text}\n${stack}`;
    if (repeats(key)) return;
    const all = { mechanism, handled, breadcrumbs: crumbs.all() };
    if (stack) all.stack = cut(stack, stackMax);
    last.entry = records.record(
      'error',
      Object.assign({ name, level, text, props: Object.assign(all, props) }, fields),
    );
    crumbs.add('error', `${name}: ${text}`);
  }

  const addParsed = (parsed, mechanism) => add(parsed.name, parsed.text, { stack: parsed.stack, mechanism });

  // The App's handler, wx.onPageNotFound and the route event all tell of the same page.
  let missing = { path: '', at: 0 };
  const pageNotFound = (event) => {
    const path = pagePath(event.path);
    if (path === missing.path && Date.now() - missing.at < foldMs) return;
    missing = { path, at: Date.now() };
    add('page_not_found', path, {
      mechanism: 'onPageNotFound',
      props: { path, entry_page: Boolean(event.isEntryPage) },
    });
  };

  return {
    add,
    pageNotFound,
    // For the host's catch blocks.
    capture(error, props) {
      const parsed = parseThrown(error);
      add(parsed.name, parsed.text, {
        stack: parsed.stack,
        mechanism: 'captureError',
        handled: true,
        props: clean(props || {}),
      });
    },
    watch() {
      listen('onError', (error) => {
        addParsed(parseThrown(error), 'onError');
      });
      listen('onUnhandledRejection', (event) => {
        const parsed = parseThrown(event.reason);
        // Whatever is no Error has no type of its own.
        if (!parsed.stack && parsed.name === 'Error') parsed.name = 'UnhandledRejection';
        addParsed(parsed, 'onUnhandledRejection');
      });
      listen('onLazyLoadError', (event) => {
        add('lazy_load_error', String(event.errMsg), {
          mechanism: 'onLazyLoadError',
          props: { type: event.type, subpackage: clean(event.subpackage) },
        });
      });
      listen('onMemoryWarning', (event) => {
        session.lowMemory();
        crumbs.add('memory', 'memory warning');
        add('memory_warning', 'the system asks for memory', {
          level: 'warn',
          mechanism: 'onMemoryWarning',
          props: { level: event.level },
        });
      });
      // WeChat shows its own page for an unknown path unless somebody listens. So we listen only when the host does.
      let listening = false;
      replace(
        wx,
        'onPageNotFound',
        (original) =>
          function () {
            if (!listening) {
              listening = true;
              guard(() => original.call(wx, guard(pageNotFound)))();
            }
            return original.apply(this, arguments);
          },
      );
    },
  };
}
