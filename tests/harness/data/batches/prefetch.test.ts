import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefetched } from '../../../../harness/data/batches/prefetch.js';
import { expectAwaited, nextTurn, slowActions } from '../../../support/slow-actions.js';

/** Items that are ready when told to be, and how to end those that were begun. */
const slowItems = (count: number) => {
  const { begun, actions } = slowActions(count);
  function* items(): Generator<Promise<number>> {
    for (const act of actions) yield act();
  }
  return { begun, items: items() };
};

describe('what is prefetched', () => {
  it('comes whole and in order, however long each item takes', async () => {
    const delays = fc.array(fc.nat(3), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(delays, async (turns) => {
        const item = async (index: number): Promise<number> => {
          for (let turn = 0; turn < (turns[index] ?? 0); turn += 1) await nextTurn();
          return index;
        };
        function* items() {
          for (const index of turns.keys()) yield item(index);
        }
        const got: number[] = [];
        for await (const one of prefetched(items())) got.push(one);
        expect(got).toEqual([...turns.keys()]);
      }),
    );
  });

  it('is two items ahead of the one in use, and no more', async () => {
    const { begun, items } = slowItems(6);
    const taken = prefetched(items);
    for (let i = 0; i < 6; i += 1) {
      const next = taken.next();
      begun[i]?.();
      expect(await next).toEqual({ done: false, value: i });
      expect(begun).toHaveLength(Math.min(6, i + 3));
    }
    expect(await taken.next()).toEqual({ done: true, value: undefined });
  });

  it('throws what an item throws when its turn has come, even if it failed long before', async () => {
    function* items() {
      yield Promise.resolve(1);
      yield Promise.reject(new RangeError('second'));
    }
    const taken = prefetched(items());
    expect(await taken.next()).toEqual({ done: false, value: 1 });
    await nextTurn();
    await expect(taken.next()).rejects.toThrow('second');
  });

  it('is waited for where nobody wants the rest', async () => {
    const { begun, items } = slowItems(6);
    await expectAwaited(prefetched(items), begun);
  });
});
