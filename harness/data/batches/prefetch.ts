/**
 * Batches taken from their source before they are asked for. Engines hold the main thread while they compute, and decoding an image
 * needs it twice (for its size, then for its pixels): with two batches under way, decoders work through every step.
 */
const AHEAD = 2;

/** The items in their order, the next few already under way. Throws what an item throws, once its turn has come. */
export async function* prefetched<T>(source: Iterator<Promise<T>>): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  const start = (): void => {
    const next = source.next();
    if (next.done) return;
    // An item that fails before its turn is no unhandled rejection.
    next.value.catch(() => {});
    underWay.push(next.value);
  };
  try {
    for (let i = 0; i < AHEAD; i += 1) start();
    for (let next = underWay.shift(); next; next = underWay.shift()) {
      start();
      yield await next;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
