// Where on a chart over time a moment lies. Buckets are equally wide, whether they last an hour or a month.
export interface Buckets {
  starts: number[];
  end: number; // of the last one
}

export const endOf = ({ starts, end }: Buckets, index: number) => starts[index + 1] ?? end;

export function bucketAt({ starts, end }: Buckets, at: number): number {
  if (starts.length === 0 || at < starts[0]! || at >= end) return -1;
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

// From 0 to 1; undefined outside.
export function partAt(buckets: Buckets, at: number): number | undefined {
  const index = at === buckets.end ? buckets.starts.length - 1 : bucketAt(buckets, at);
  if (index < 0) return undefined;
  const start = buckets.starts[index]!;
  return (index + (at - start) / (endOf(buckets, index) - start)) / buckets.starts.length;
}

const fillingMs = 120_000;

// The buckets whose figures still change, as what came in the last two minutes is being loaded: [first, last].
export function fillingOf(buckets: Buckets, asOf: number): [number, number] | undefined {
  const last = bucketAt(buckets, Math.min(asOf, buckets.end - 1));
  if (last < 0 || buckets.end <= asOf - fillingMs) return undefined;
  return [Math.max(0, bucketAt(buckets, asOf - fillingMs)), last];
}
