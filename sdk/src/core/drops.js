// What this installation gave up, by reason and kind, until a batch has told it.
export function createDrops() {
  let counts = {};

  return {
    add(reason, kind, count = 1) {
      const key = `${reason}|${kind || ''}`;
      counts[key] = (counts[key] || 0) + count;
    },
    // The list as a batch carries it; the counts begin anew.
    take() {
      const list = Object.keys(counts).map((key) => {
        const [reason, kind] = key.split('|');
        return kind ? { reason, kind, count: counts[key] } : { reason, count: counts[key] };
      });
      counts = {};
      return list;
    },
    // A batch that was never taken gives back what it told, and storage what an earlier launch counted.
    restore(list) {
      for (const { reason, kind, count } of list) this.add(reason, kind, count);
    },
    counts: () => counts,
    restoreCounts(earlier) {
      for (const key of Object.keys(earlier)) counts[key] = (counts[key] || 0) + earlier[key];
    },
  };
}
