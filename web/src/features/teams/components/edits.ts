// What a person has changed and not saved is laid over what is stored, so that what a colleague changes meanwhile shows.

// The order of an object's fields does not matter; a field that is undefined is none.
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => same(one, b[index]));
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(a[name as never], b[name as never]));
}

// What differs from what is stored, as the API takes it; null: nothing does.
export function changeOf<T extends { version: number }, E extends object>(stored: T, edits: E): (E & { version: number }) | null {
  const changed = Object.entries(edits).filter(([name, value]) => value !== undefined && !same(value, stored[name as keyof T]));
  return changed.length > 0 ? { ...(Object.fromEntries(changed) as E), version: stored.version } : null;
}
