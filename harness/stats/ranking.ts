/** One more than the number of items decided to be better, for every item in order. Items that nothing separates share a rank. */
export const ranks = <T>(items: readonly T[], isBetter: (one: T, other: T) => boolean): readonly number[] =>
  items.map((item) => 1 + items.filter((other) => other !== item && isBetter(other, item)).length);
