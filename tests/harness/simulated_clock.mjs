// Time that a test moves. Server, sandbox and `miniops admin` follow one file (--tests-clock-file), so that they agree and
// a restart is where it was; browsers' pages are moved with it. Between two moves it runs as real time does.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './process.mjs';

export class SimulatedClock {
  #folder = temporaryFolder('clock');
  #handle;
  #contexts = new Set();

  // start: anything that Date.parse reads
  constructor(start) {
    this.file = join(this.#folder.path, 'clock');
    this.#handle = openSync(this.file, 'w');
    this.#set(Date.parse(start) - Date.now());
  }

  now() {
    return Date.now() + this.movedBy;
  }

  async advance(ms) {
    if (ms <= 0) throw new Error(`time goes forward, not by ${ms} ms`);
    this.#set(this.movedBy + ms);
    const pages = [...this.#contexts].flatMap((context) => context.pages());
    await Promise.all(pages.map((page) => page.evaluate((by) => globalThis.movePageTime(by), this.movedBy)));
  }

  // Before any page of the context is opened.
  async follow(context) {
    await context.addInitScript(moveDate, this.movedBy);
    this.#contexts.add(context);
    context.on('close', () => this.#contexts.delete(context));
  }

  remove() {
    closeSync(this.#handle);
    this.#folder.remove();
  }

  // In place: who follows the file has it mapped.
  #set(ms) {
    this.movedBy = ms;
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(ms));
    writeSync(this.#handle, bytes, 0, 8, 0);
  }
}

// Runs in each new document, whose tab remembers how far it was moved since.
function moveDate(given) {
  const Real = globalThis.Date;
  const name = 'page-time-moved-by';
  const kept = () => {
    try {
      return globalThis.sessionStorage.getItem(name);
    } catch {
      return null; // about:blank has none
    }
  };
  let by = Number(kept() ?? given);
  const now = () => Real.now() + by;
  globalThis.movePageTime = (next) => {
    by = next;
    if (globalThis.location.protocol !== 'about:') globalThis.sessionStorage.setItem(name, String(next));
  };
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
    apply: () => new Real(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
}
