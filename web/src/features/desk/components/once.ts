// Of several tabs of one person, one rings: the one that is looked at, else whoever is first.
const waitMs = 300;
const heldMs = 30_000; // longer than two tabs are apart in hearing of it

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const lookedAt = () => !document.hidden && document.hasFocus();

// True for one tab only. Where the browser has no locks, for each.
export async function firstOfTabs(what: string): Promise<boolean> {
  if (!navigator.locks) return true;
  if (!lookedAt()) await pause(waitMs);
  return new Promise((resolve) => {
    const held = (lock: Lock | null) => {
      resolve(!!lock);
      return lock ? pause(heldMs) : undefined;
    };
    navigator.locks.request(`miniops.news.${what}`, { ifAvailable: true }, held).catch(() => resolve(true));
  });
}
