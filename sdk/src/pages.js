// Page views: which page is on screen, since when, and how people came to it.
import { listen } from './core/host.js';
import { guard } from './core/guard.js';
import { pagePath } from './url_pattern.js';

export const routeOf = (page) => pagePath(page && (page.route || page.__route__ || page.is));

function topPage() {
  const stack = typeof getCurrentPages === 'function' ? getCurrentPages() : [];
  return stack[stack.length - 1];
}

// onView(view) and onLeave(view) are for those who measure a page view. A view is {id, page, route, at, first}.
export function createPages({ record, crumbs, session, onView, onLeave, onNotFound }) {
  const seen = new WeakSet();
  let current = null;
  let lastRoute = '';
  let openType = '';
  let number = 0;
  let hasRouteEvents = false;

  function leave(page) {
    if (!current || (page && page !== current.page)) return;
    const view = current;
    onLeave(view);
    record('event', { name: 'page_leave', value: Date.now() - view.at });
    current = null;
  }

  function enter(page) {
    if (!page || (current && current.page === page)) return;
    leave();
    const route = routeOf(page);
    const first = !seen.has(page);
    seen.add(page);
    current = { id: `${session.id()}.${++number}`, page, route, at: Date.now(), first };
    const props = { referrer: lastRoute, open_type: openType, first };
    if (!hasRouteEvents && lastRoute !== route) addRoute('unknown', route);
    record('event', { name: 'page_view', props });
    session.visit(route);
    lastRoute = route;
    onView(current);
  }

  function addRoute(type, to) {
    crumbs.add('route', `${type} ${to}`);
    record('event', { name: 'route', props: { type, from: lastRoute, to } });
  }

  // Pages that we could not wrap, as those made before init or by Component without hooks: what is on top counts.
  const follow = guard(() => {
    const top = topPage();
    if (session.isShown() && top && (!current || routeOf(top) !== current.route)) enter(top);
  });
  const followSoon = () => setTimeout(follow, 0);

  return {
    enter,
    leave,
    followSoon,
    current: () => current,
    // What each record says of its place.
    place: () => (current ? { page: current.route, page_view: current.id } : { page: lastRoute || undefined }),
    watchRoutes() {
      listen('onAppRoute', (event) => {
        hasRouteEvents = true;
        const to = pagePath(event.path);
        openType = event.openType || '';
        addRoute(openType, to);
        if (event.notFound) onNotFound(event);
        followSoon();
      });
    },
  };
}
