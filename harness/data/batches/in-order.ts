/**
 * Results in the order in which they were asked for, up to so many more asked for before one is there. Throws what an action throws, once its
 * turn has come; whoever stops early waits for what is under way.
 */
export async function* inOrder<T>(
  actions: Iterable<() => Promise<T>> | AsyncIterable<() => Promise<T>>,
  ahead: number,
): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  try {
    for await (const act of actions) {
      const result = act();
      // One that fails before its turn is no unhandled rejection.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length > ahead) yield* underWay.splice(0, 1);
    }
    while (underWay.length > 0) yield* underWay.splice(0, 1);
  } finally {
    await Promise.allSettled(underWay);
  }
}
