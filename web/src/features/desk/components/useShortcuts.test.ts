import { fireEvent, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { useShortcuts } from './useShortcuts';

afterEach(() => (document.body.innerHTML = ''));

test.each<[string, string, KeyboardEventInit & { keyCode?: number }, number]>([
  ['on the page', '<p></p>', {}, 1],
  ['on a box that is ticked', '<input type="checkbox">', {}, 1],
  ['while somebody types', '<input>', {}, 0],
  ['in the composer', '<textarea></textarea>', {}, 0],
  ['while an input method composes', '<p></p>', { isComposing: true }, 0],
  ['as Safari ends a composition', '<p></p>', { keyCode: 229 }, 0],
  ['with Ctrl', '<p></p>', { ctrlKey: true }, 0],
  ['below a dialog', '<p></p><div class="ant-modal-wrap"></div>', {}, 0],
])('a single key %s', (_, html, event, times) => {
  const done = vi.fn();
  renderHook(() => useShortcuts({ e: done }));
  document.body.insertAdjacentHTML('beforeend', html);
  fireEvent.keyDown(document.body.querySelector('p, input, textarea')!, { key: 'e', bubbles: true, ...event });
  expect(done).toHaveBeenCalledTimes(times);
});
