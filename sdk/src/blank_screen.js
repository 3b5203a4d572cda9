// A page that shows nothing. Nobody tells us, so it is a suspicion, and the record says by which rule.
import { has } from './core/host.js';
import { guard } from './core/guard.js';

export function createBlankScreen({ settings, errors, performance, pages }) {
  const seconds = settings.blankScreenMs / 1000;
  const rule = `no first render and no node found by SelectorQuery within ${seconds} s of the page's first show`;
  let timer = null;

  function countNodes(page, then) {
    const query = wx.createSelectorQuery();
    // In a component that is a page, the nodes are its own.
    const scope = typeof query.in === 'function' ? query.in(page) : query;
    const list = scope.selectAll(settings.blankScreenSelector);
    list.boundingClientRect();
    scope.exec(
      guard((results) => {
        const nodes = (results && results[0]) || [];
        then(nodes.filter((node) => node && node.width > 0 && node.height > 0).length);
      }),
    );
  }

  const stillBlank = (view) => pages.current() === view && !performance.hasRendered(view.page);

  function check(view) {
    if (!stillBlank(view)) return;
    countNodes(view.page, (nodes) => {
      if (nodes > 0 || !stillBlank(view)) return;
      errors.add('suspected_blank_screen', view.route, {
        level: 'warn',
        mechanism: 'blank_screen',
        props: { rule, render_entries: performance.isSupported() },
      });
    });
  }

  return {
    // Only the first show: coming back to a page renders nothing anew.
    onView(view) {
      if (!view.first || !has('createSelectorQuery')) return;
      timer = setTimeout(
        guard(() => check(view)),
        settings.blankScreenMs,
      );
    },
    onLeave() {
      clearTimeout(timer);
    },
  };
}
