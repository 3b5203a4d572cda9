// How a figure stands to what is usual; null: nothing to hold it against, or the same.
export function changeOf(now: number, usual: number, lessIsBetter: boolean) {
  if (usual <= 0) return null;
  const by = (now - usual) / usual;
  if (Math.abs(by) < 0.005) return null;
  return { up: by > 0, by: Math.abs(by), better: by < 0 === lessIsBetter, matters: Math.abs(by) >= 0.1 };
}
