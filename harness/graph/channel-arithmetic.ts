/** Arithmetic on numbers of channels: what divides them, and what is nearest. */

/** The divisors of `count` that stand next to `value`, one on each side where both exist. */
export const divisorsNear = (count: number, value: number): readonly number[] => {
  const divisors = Array.from({ length: count }, (_, i) => i + 1).filter((n) => count % n === 0);
  const below = divisors.filter((n) => n <= value).at(-1);
  const above = divisors.find((n) => n > value);
  return [below, above].filter((n) => n !== undefined);
};

export const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** The nearest numbers below and above `n` with a property, from 1 on; above, one must exist. */
export const nearestWhere = (n: number, holds: (candidate: number) => boolean): readonly number[] => {
  const below = Array.from({ length: n - 1 }, (_, i) => n - 1 - i).find(holds);
  let above = n + 1;
  while (!holds(above)) above += 1;
  return [...(below === undefined ? [] : [below]), above];
};
