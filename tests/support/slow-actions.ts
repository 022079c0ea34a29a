import { expect } from 'vitest';

export const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Actions that end when told to, and how to end those that were begun. */
export const slowActions = (count: number) => {
  const begun: (() => void)[] = [];
  function* actions(): Generator<() => Promise<number>> {
    for (let i = 0; i < count; i += 1) yield () => new Promise((resolve) => begun.push(() => resolve(i)));
  }
  return { begun, actions: actions() };
};

/** Of results that nobody wants beyond the first: their end waits for the three that were begun. */
export const expectAwaited = async (
  results: AsyncGenerator<number>,
  begun: (() => void)[],
): Promise<void> => {
  const first = results.next();
  await nextTurn();
  begun[0]?.();
  await first;
  let ended = false;
  const end = results.return(undefined).then(() => {
    ended = true;
  });
  await nextTurn();
  expect(ended).toBe(false);
  for (const finish of begun) finish();
  await end;
  expect(begun).toHaveLength(3);
};
