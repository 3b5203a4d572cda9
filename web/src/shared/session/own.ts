// What a person leaves in this browser while they work, under their own name: nobody else who signs in sees it, and it is
// forgotten when they sign out.
const prefix = 'miniops.own.';
let owner = '';
const listeners = new Set<() => void>();

export const ownKey = (name: string) => `${prefix}${owner}.${name}`;

export function setOwner(accountId: string) {
  if (owner === accountId) return;
  owner = accountId;
  listeners.forEach((listener) => listener());
}

// Called when somebody else is at work.
export function whenOwnerChanges(listener: () => void) {
  listeners.add(listener);
}

export function forgetOwn() {
  for (const storage of [localStorage, sessionStorage]) for (const key of Object.keys(storage)) if (key.startsWith(ownKey(''))) storage.removeItem(key);
  setOwner('');
}

// Of everybody: what `expired` says is too old.
export function prune(name: string, expired: (value: string) => boolean) {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix) && key.includes(`.${name}`) && expired(localStorage.getItem(key) ?? '')) localStorage.removeItem(key);
}
