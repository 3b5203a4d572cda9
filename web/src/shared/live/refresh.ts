// When lists are read again of which only counts are told: soon when these changed, seldom when only what is in the
// rows did; and not while nobody looks. Pure but for its timers.
export const soonMs = 300; // at most: not all browsers at once
export const seldomMs = 5000;

export class Refresh {
  private readonly due = new Map<string, { at: number; timer: ReturnType<typeof setTimeout> }>();
  private readonly done = new Map<string, number>();

  constructor(
    private readonly read: (appid: string) => void,
    private readonly environment = { now: () => performance.now(), random: Math.random, hidden: () => document.hidden },
  ) {}

  told(appid: string, countsChanged: boolean) {
    const now = this.environment.now();
    const at = countsChanged ? now + this.environment.random() * soonMs : Math.max(now, (this.done.get(appid) ?? -Infinity) + seldomMs);
    const before = this.due.get(appid);
    if (before && before.at <= at) return;
    clearTimeout(before?.timer);
    this.due.set(appid, { at, timer: setTimeout(() => this.look(appid), at - now) });
  }

  // Somebody looks again.
  shown() {
    for (const [appid, { at }] of this.due) if (at === -Infinity) this.look(appid);
  }

  stop() {
    for (const { timer } of this.due.values()) clearTimeout(timer);
    this.due.clear();
  }

  private look(appid: string) {
    const { timer } = this.due.get(appid)!;
    if (this.environment.hidden()) {
      this.due.set(appid, { at: -Infinity, timer });
      return;
    }
    this.due.delete(appid);
    this.done.set(appid, this.environment.now());
    this.read(appid);
  }
}
