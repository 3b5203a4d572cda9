// Time that moves only when a test says so.
export class FakeClock {
  constructor(start = Date.UTC(2026, 0, 5, 8)) {
    this.now = start;
    this.timers = new Map();
    this.last = 0;
    const clock = this;
    this.setTimeout = (run, ms = 0) => {
      if (typeof run !== 'function') throw new TypeError('setTimeout wants a function');
      clock.timers.set(++clock.last, { at: clock.now + Math.max(0, ms), run });
      return clock.last;
    };
    this.clearTimeout = (id) => {
      clock.timers.delete(id);
    };
    this.Date = class extends Date {
      constructor(...given) {
        super(...(given.length ? given : [clock.now]));
      }
      static now() {
        return clock.now;
      }
    };
  }

  // Lets promises settle; takes no time.
  settle() {
    return new Promise((done) => setImmediate(done));
  }

  // Runs what is due within `ms`, each at its moment.
  async advance(ms) {
    const end = this.now + ms;
    await this.settle();
    for (;;) {
      const due = [...this.timers]
        .filter(([, timer]) => timer.at <= end)
        .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
      await this.settle();
    }
    this.now = end;
  }
}

// Math.random of a mini program whose luck is known: mulberry32.
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
