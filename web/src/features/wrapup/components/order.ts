// Lists in an order that people choose, one step at a time. Pure.

// undefined: it cannot go there.
export function moved(ids: string[], id: string, by: -1 | 1): string[] | undefined {
  const at = ids.indexOf(id);
  const other = ids[at + by];
  if (at < 0 || other === undefined) return undefined;
  return ids.with(at, other).with(at + by, id);
}
