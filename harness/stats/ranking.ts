/**
 * The pairs of a relation and all that follow by chains of them: what is better than something better is better. Every pair of a
 * family may be taken as true at the level of the family, and so may what they imply together (Warshall 1962).
 */
export const transitiveClosure = <T>(
  items: readonly T[],
  holds: (one: T, other: T) => boolean,
): ((one: T, other: T) => boolean) => {
  const places = new Map(items.map((item, i) => [item, i]));
  const size = items.length;
  const reached = Uint8Array.from({ length: size * size }, (_, at) => {
    const [one, other] = [items[Math.floor(at / size)], items[at % size]];
    return one !== undefined && other !== undefined && holds(one, other) ? 1 : 0;
  });
  for (let by = 0; by < size; by += 1) {
    for (let from = 0; from < size; from += 1) {
      if (reached[from * size + by] === 0) continue;
      for (let to = 0; to < size; to += 1) {
        if (reached[by * size + to] === 1) reached[from * size + to] = 1;
      }
    }
  }
  return (one, other) => reached[(places.get(one) ?? 0) * size + (places.get(other) ?? 0)] === 1;
};

/**
 * One more than the number of items that are better, for every item in order. `isBetter` is transitive: then an item's rank is always
 * less than that of any it is better than. Two of different rank need not be told apart: where the first beats the third, and the
 * second neither, the first two share a rank.
 */
export const ranks = <T>(items: readonly T[], isBetter: (one: T, other: T) => boolean): readonly number[] =>
  items.map((item) => 1 + items.filter((other) => other !== item && isBetter(other, item)).length);
