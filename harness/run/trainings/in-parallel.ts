import pMap from 'p-map';

export interface Parallel {
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The action for every item, several at a time. Where one throws, or the signal is given, the others are told by the signal that they
 * get, no more are begun, and the promise rejects once all have ended: nothing goes on behind the caller's back.
 */
export const inParallel = async <T>(
  items: readonly T[],
  { concurrency, signal }: Parallel,
  action: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', forward, { once: true });
  await pMap(
    items,
    async (item) => {
      if (stop.signal.aborted) return;
      await action(item, stop.signal).catch((error: unknown) => stop.abort(error));
    },
    { concurrency },
  );
  signal?.removeEventListener('abort', forward);
  stop.signal.throwIfAborted();
};
