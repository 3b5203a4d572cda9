// App, Page and Component: we listen to their lifecycle and to the taps on their nodes, and change nothing.
import { guard, observed } from './core/guard.js';

const pageHooks = ['onLoad', 'onShow', 'onReady', 'onHide', 'onUnload'];
const tapTypes = ['tap', 'longpress', 'submit', 'confirm'];

function own(options, name) {
  return Object.prototype.hasOwnProperty.call(options, name) && typeof options[name] === 'function';
}

export function createWrapping({ settings, session, pages, crumbs, onLoad, onPageNotFound }) {
  const hooks = {
    onLoad() {
      onLoad(this);
    },
    onShow() {
      pages.enter(this);
    },
    onReady() {},
    onHide() {
      pages.leave(this);
    },
    onUnload() {
      pages.leave(this);
    },
  };

  function seeTaps(methods) {
    for (const name of Object.keys(methods)) {
      if (pageHooks.includes(name) || !own(methods, name)) continue;
      methods[name] = observed(methods[name], (event) => {
        if (event && tapTypes.includes(event.type)) crumbs.add('tap', name, { type: event.type });
      });
    }
  }

  // The host may use its object again, so we work on a copy that has the same prototype.
  const copyOf = (object) => Object.assign(Object.create(Object.getPrototypeOf(object)), object);

  function pageOptions(options) {
    const copy = copyOf(options);
    if (settings.capture.taps) seeTaps(copy);
    if (settings.capture.pages) for (const name of pageHooks) copy[name] = observed(options[name], hooks[name]);
    return copy;
  }

  // A component may be a page. We wrap only hooks that it has: one that we added would hide that of a behavior.
  function componentOptions(options) {
    const copy = copyOf(options);
    if (!options.methods) return copy;
    copy.methods = copyOf(options.methods);
    if (settings.capture.taps) seeTaps(copy.methods);
    if (!settings.capture.pages) return copy;
    for (const name of pageHooks) {
      if (own(copy.methods, name)) copy.methods[name] = observed(copy.methods[name], hooks[name]);
    }
    return copy;
  }

  function appOptions(options) {
    const copy = copyOf(options);
    copy.onShow = observed(options.onShow, (event) => onAppShow(event));
    copy.onHide = observed(options.onHide, () => onAppHide());
    // Only when there is one: WeChat's own page for unknown paths appears when nobody listens.
    if (options.onPageNotFound) copy.onPageNotFound = observed(options.onPageNotFound, onPageNotFound);
    return copy;
  }

  function onAppShow(event) {
    if (session.show(event || {})) pages.followSoon();
  }

  function onAppHide() {
    pages.leave();
    session.hide();
  }

  // `make` is App, Page or Component; what it gets is what we made of the options, else the options themselves.
  function wrapped(make, convert) {
    const safely = guard(convert);
    return function (options) {
      const converted = options && typeof options === 'object' ? safely(options) : undefined;
      if (!converted) return make.apply(this, arguments);
      const rest = Array.prototype.slice.call(arguments, 1);
      return make.apply(this, [converted].concat(rest));
    };
  }

  return {
    onAppShow,
    onAppHide,
    install() {
      // Bare names: in a mini program they are not members of an object that we can reach.
      if (typeof App === 'function') App = wrapped(App, appOptions);
      if (typeof Page === 'function') Page = wrapped(Page, pageOptions);
      if (typeof Component === 'function') Component = wrapped(Component, componentOptions);
    },
  };
}
