// Parts of a page that are loaded when they are needed. A page outlives a server that is away: a part that does not come is
// asked for again when the server is there. It is given up when it does not come then either, as after an update.
import { lazy } from 'react';

const pausesMs = [300, 1000, 2000, 5000];
const triesMax = 4;

const reached = () =>
  fetch('/healthz', { cache: 'no-store' }).then(
    (answer) => answer.ok,
    () => false,
  );

async function untilReached() {
  for (let n = 0; !(await reached()); ++n) await new Promise((resolve) => setTimeout(resolve, pausesMs[Math.min(n, pausesMs.length - 1)]));
}

export async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; ++tries) {
    try {
      return await load();
    } catch (problem) {
      if (tries === triesMax) throw problem;
      await untilReached();
    }
  }
}

export const late: typeof lazy = (load) => lazy(() => untilLoaded(load));
