/** A knob is turned to a cost that can only be measured, and rises or falls with the knob: which value to measure next. Pure. */
import type { Tried } from './budget.js';

export interface Aim {
  readonly target: number;
  /** As a share of the target. */
  readonly tolerance: number;
}

/**
 * The value between the two measured neighbours whose costs lie on both sides of the target, in the middle of those that are not measured
 * yet; null where there is none, or one is near enough already. `values` rise, and the first and the last are measured.
 */
export const nextProbe = (
  values: readonly number[],
  tried: readonly Tried[],
  { target, tolerance }: Aim,
): number | null => {
  if (tried.some(({ cost }) => Math.abs(cost - target) <= (tolerance * target) / 2)) return null;
  const known = byValue(tried);
  for (const [i, low] of known.entries()) {
    const high = known[i + 1];
    if (high === undefined || low.cost < target === high.cost < target) continue;
    const between = values.filter((value) => low.value < value && value < high.value);
    const middle = between[between.length >> 1];
    if (middle !== undefined) return middle;
  }
  return null;
};

/**
 * Where to turn a knob that was found off its target: to the value whose cost comes nearest when the former measurements are all off by
 * the ratio that this one was, of those not in `confirmed`; or nowhere, where none promises to be nearer.
 */
export const correctedValue = (
  values: readonly number[],
  tried: readonly Tried[],
  found: Tried,
  confirmed: ReadonlySet<number>,
  target: number,
): number => {
  const scale = found.cost / costAt(tried, found.value);
  const expected = values
    .filter((value) => !confirmed.has(value))
    .map((value) => ({ value, cost: scale * costAt(tried, value) }));
  return nearest([found, ...expected], target).value;
};

/** Of equally near ones the smallest. Throws RangeError where there is none. */
export const nearest = (tried: readonly Tried[], target: number): Tried => {
  const [first] = tried.toSorted(
    (a, b) => Math.abs(a.cost - target) - Math.abs(b.cost - target) || a.value - b.value,
  );
  if (first === undefined) throw new RangeError('Nothing was tried.');
  return first;
};

/** Between measured values on a straight line; beyond them that of the last. */
const costAt = (tried: readonly Tried[], value: number): number => {
  const known = byValue(tried);
  const low = known.findLast((one) => one.value <= value) ?? known[0];
  const high = known.find((one) => one.value >= value) ?? known.at(-1);
  if (!low || !high) throw new RangeError('Nothing was tried.');
  if (low.value === high.value) return low.cost;
  return low.cost + ((high.cost - low.cost) * (value - low.value)) / (high.value - low.value);
};

const byValue = (tried: readonly Tried[]): readonly Tried[] => tried.toSorted((a, b) => a.value - b.value);
