/** Knobs are turned to a cost that can only be measured, and rises or falls with the knob: which value to measure next. Pure. */
import type { Tried } from './budget.js';

export interface Aim {
  readonly target: number;
  /** As a share of the target. */
  readonly tolerance: number;
}

export const isWithin = ({ cost }: Tried, { target, tolerance }: Aim): boolean =>
  Math.abs(cost - target) <= tolerance * target;

/**
 * The value between the two measured neighbours whose costs lie on both sides of the target, in the middle of those that are not measured
 * yet; null where there is none, or one is near enough already. `values` rise, and the first and the last are measured.
 */
export const nextProbe = (
  values: readonly number[],
  tried: readonly Tried[],
  { target, tolerance }: Aim,
): number | null => {
  if (tried.some((one) => isWithin(one, { target, tolerance: tolerance / 2 }))) return null;
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
 * The value to confirm next: that of the nearest cost where one was confirmed within the tolerance. Else, of the values between the
 * nearest confirmed ones below and above the target, the one that `searched` and the confirmed costs promise to be nearest. Where there
 * is none left, null. `rises` tells whether costs do with the values.
 */
export const nextConfirmed = (
  values: readonly number[],
  searched: readonly Tried[],
  confirmed: readonly Tried[],
  rises: boolean,
  aim: Aim,
): number | null => {
  const within = confirmed.filter((one) => isWithin(one, aim));
  if (within.length > 0) return nearest(within, aim.target).value;
  const sideOf = (isBelow: boolean) =>
    confirmed.filter(({ cost }) => cost < aim.target === isBelow).map(({ value }) => value);
  const low = Math.max(...sideOf(rises));
  const high = Math.min(...sideOf(!rises));
  const known = [
    ...searched.filter((one) => !confirmed.some(({ value }) => value === one.value)),
    ...confirmed,
  ];
  const between = values
    .filter((value) => low < value && value < high)
    .map((value) => ({ value, cost: costAt(known, value) }));
  return between.length === 0 ? null : nearest(between, aim.target).value;
};

/** Of equally near ones the smallest. Throws RangeError where there is none. */
export const nearest = <T extends Tried>(tried: readonly T[], target: number): T => {
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
