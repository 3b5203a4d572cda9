// What must survive the end of the process: who we are, the number of the next batch, the batch on its way, and the
// queue. One storage key, so that a write is all or nothing: a record is never both in the queue and in a batch.
import { createDrops } from './drops.js';
import { forgetAll, load, save } from './storage.js';
import { newId } from './text.js';

const saveAfterMs = 1000;

export function createStore(queue, context, drops) {
  // volatile: the install id is of this launch only, as nothing can be written.
  const state = { install: '', next: 1, pending: null, volatile: false };
  let allowed = false; // without consent nothing is written
  let timer = null;

  function text(entries, counts) {
    return JSON.stringify({
      install: state.install,
      next: state.next,
      pending: state.pending,
      drops: counts,
      contexts: context.of(entries),
      queue: entries.map(({ kind, context: id, json }) => [kind, id, json]),
    });
  }

  // The host shares the storage with us and may have filled it. Then the queue stays in memory alone, and what is
  // written says that it is lost: true if the process ends before it is sent, and overwritten if not.
  function withoutQueue() {
    const lost = createDrops();
    lost.restoreCounts(drops.counts());
    for (const { kind } of queue.all()) lost.add('storage', kind);
    return text([], lost.counts());
  }

  function write() {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!allowed) return true;
    const saved = save('state', text(queue.all(), drops.counts())) || save('state', withoutQueue());
    if (saved) state.volatile = false;
    return saved;
  }

  return Object.assign(state, {
    open() {
      allowed = true;
      const earlier = load('state');
      if (earlier && typeof earlier.install === 'string' && earlier.install.length >= 8 && earlier.next > 0) {
        state.install = earlier.install;
        state.next = earlier.next;
        state.pending = earlier.pending || null;
        drops.restoreCounts(earlier.drops || {});
        const rename = context.adopt(earlier.contexts || {});
        const queued = (earlier.queue || []).map(([kind, id, json]) => ({ kind, context: rename(id), json }));
        queue.prepend(queued.filter((entry) => context.find(entry.context)));
      } else {
        state.install = newId(24);
      }
      write();
    },
    // Soon: many records come at once, and a write costs milliseconds of the host's thread.
    saveSoon() {
      if (allowed && !timer) timer = setTimeout(write, saveAfterMs);
    },
    saveNow: write,
    // A number that is not on disk would be used again after the next launch, and the server would take that batch for
    // one that it has. So what cannot be written down gets an installation of its own, for this launch.
    beginAnew() {
      state.install = newId(24);
      state.next = 1;
      state.volatile = true;
    },
    close() {
      if (timer) clearTimeout(timer);
      timer = null;
      allowed = false;
      Object.assign(state, { install: '', next: 1, pending: null, volatile: false });
      forgetAll();
    },
  });
}
