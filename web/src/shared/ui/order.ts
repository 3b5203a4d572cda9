// The order of rules: the API says before which other rule one is put, or behind all (null). Pure.
interface Named {
  id: string;
}

export function moved<T extends Named>(items: T[], id: string, before: string | null): T[] {
  const item = items.find((one) => one.id === id);
  if (!item || before === id) return items;
  const rest = items.filter((one) => one.id !== id);
  const at = before === null ? -1 : rest.findIndex((one) => one.id === before);
  return rest.toSpliced(at < 0 ? rest.length : at, 0, item);
}

// One step up or down; undefined: there is no further.
export function beforeOfStep(items: Named[], id: string, by: -1 | 1): string | null | undefined {
  const at = items.findIndex((one) => one.id === id);
  if (at < 0 || !items[at + by]) return undefined;
  return by < 0 ? items[at - 1]!.id : (items[at + 2]?.id ?? null);
}

// Dropped on `target`, it takes that one's place; undefined: it is there already.
export function beforeOfDrop(items: Named[], id: string, target: string): string | null | undefined {
  const from = items.findIndex((one) => one.id === id);
  const to = items.findIndex((one) => one.id === target);
  if (from < 0 || to < 0 || from === to) return undefined;
  return from > to ? target : (items[to + 1]?.id ?? null);
}
