/**
 * The pairs of a relation and all that follow by chains of them: what is better than something better is better. Every pair of a
 * family may be taken as true at the level of the family, and so may what they imply together.
 */
export const transitiveClosure = <T>(
  items: readonly T[],
  holds: (one: T, other: T) => boolean,
): ((one: T, other: T) => boolean) => {
  const reached = new Map<T, ReadonlySet<T>>(
    items.map((item) => {
      const found = new Set<T>();
      const open = [item];
      for (let from = open.pop(); from !== undefined; from = open.pop()) {
        for (const to of items) {
          if (found.has(to) || !holds(from, to)) continue;
          found.add(to);
          open.push(to);
        }
      }
      return [item, found];
    }),
  );
  return (one, other) => reached.get(one)?.has(other) ?? false;
};

/**
 * One more than the number of items that are better, for every item in order. `isBetter` is transitive: then an item's rank is always
 * less than that of any it is better than. Two of different rank need not be told apart: where the first beats the third, and the
 * second neither, the first two share a rank.
 */
export const ranks = <T>(items: readonly T[], isBetter: (one: T, other: T) => boolean): readonly number[] =>
  items.map((item) => 1 + items.filter((other) => other !== item && isBetter(other, item)).length);
