/** What is gained against what it costs. */
export interface Offer {
  readonly gain: number;
  readonly cost: number;
}

/** For every offer, whether it is on the Pareto front: no other gains as much for less, or more for as little. */
export const paretoFront = (offers: readonly Offer[]): readonly boolean[] =>
  offers.map((offer) => !offers.some((other) => dominates(other, offer)));

/**
 * For every offer, the share of draws in which it is on the front: with bootstrap draws, the probability that it is
 * (Efron 1979). Throws RangeError where there is no draw.
 */
export const frontProbabilities = (draws: readonly (readonly Offer[])[]): readonly number[] => {
  const [first] = draws;
  if (!first) throw new RangeError('No draw tells no probability.');
  const counts = first.map(() => 0);
  for (const draw of draws) {
    for (const [i, isOn] of paretoFront(draw).entries()) counts[i] = (counts[i] ?? 0) + (isOn ? 1 : 0);
  }
  return counts.map((count) => count / draws.length);
};

const dominates = (one: Offer, other: Offer): boolean =>
  one.gain >= other.gain && one.cost <= other.cost && (one.gain > other.gain || one.cost < other.cost);
