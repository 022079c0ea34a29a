/**
 * The division of a series into segments of at least some length that minimises the squared deviations from segment means plus a
 * penalty for every change, found exactly by PELT (Killick, Fearnhead and Eckley 2012, arXiv:1101.1438).
 *
 * PELT drops a start once a change at some later position is better than it in any case. That change needs a whole segment after it,
 * so that the start stays for as long as a segment may last at least.
 */

export interface SegmentLimits {
  /** Fewest values of a segment, from 1; a shorter series is one segment. */
  readonly shortest: number;
  /** What a change must gain, in squared units of the values. */
  readonly penalty: number;
}

/** First positions of the segments, in order; none of no values. */
export const leastCostSegments = (
  values: readonly number[],
  { shortest, penalty }: SegmentLimits,
): number[] => {
  const count = values.length;
  if (count === 0) return [];
  const sums = new Float64Array(count + 1);
  for (const [i, value] of values.entries()) sums[i + 1] = (sums[i] ?? 0) + value;
  /** Of the values before a position: the least cost. */
  const least = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  const lastStart = new Int32Array(count + 1);
  const droppedFrom = new Int32Array(count + 1).fill(count + 1);
  /** The squares of the values are left out: they are the same however the series is divided. */
  const cost = (start: number, end: number): number =>
    (least[start] ?? 0) - ((sums[end] ?? 0) - (sums[start] ?? 0)) ** 2 / (end - start);
  let starts: number[] = [];
  for (let end = Math.min(shortest, count); end <= count; end += 1) {
    const newest = Math.max(0, end - shortest);
    if (newest === 0 || newest >= shortest) starts.push(newest);
    starts = starts.filter((start) => (droppedFrom[start] ?? 0) > end);
    let best = Number.POSITIVE_INFINITY;
    for (const start of starts) {
      const total = cost(start, end) + penalty;
      if (total < best) {
        best = total;
        lastStart[end] = start;
      }
    }
    least[end] = best;
    for (const start of starts) {
      if (cost(start, end) > best) droppedFrom[start] = Math.min(droppedFrom[start] ?? 0, end + shortest);
    }
  }
  const found: number[] = [];
  for (let end = count; end > 0; end = lastStart[end] ?? 0) found.unshift(lastStart[end] ?? 0);
  return found;
};
