import { inOrder } from './in-order.js';

/**
 * Batches taken from their source before they are asked for. Engines hold the main thread while they compute, and decoding an image
 * needs it twice (for its size, then for its pixels): with two batches under way, decoders work through every step.
 */
const AHEAD = 2;

/** The items in their order, the next few already under way. Throws what an item throws, once its turn has come. */
export const prefetched = <T>(source: Iterable<Promise<T>>): AsyncGenerator<T> =>
  inOrder(asActions(source), AHEAD);

function* asActions<T>(source: Iterable<Promise<T>>): Generator<() => Promise<T>> {
  for (const item of source) yield () => item;
}
