import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../harness/data/batches/in-order.js';
import { expectAwaited, nextTurn, slowActions } from '../../../support/slow-actions.js';

describe('results in order', () => {
  it('come whole and in order, however long each takes, with at most so many more begun', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 12 }), fc.nat(3), async (turns, ahead) => {
        let underWay = 0;
        let most = 0;
        async function* actions() {
          for (const [index, count] of turns.entries()) {
            yield async () => {
              underWay += 1;
              most = Math.max(most, underWay);
              for (let turn = 0; turn < count; turn += 1) await nextTurn();
              underWay -= 1;
              return index;
            };
          }
        }
        const got: number[] = [];
        for await (const one of inOrder(actions(), ahead)) got.push(one);
        expect(got).toEqual([...turns.keys()]);
        expect(most).toBeLessThanOrEqual(ahead + 1);
      }),
    );
  });

  it.each([0, 1, 2])('are asked for %i ahead before the first is there, and no more', async (ahead) => {
    const { begun, actions } = slowActions(5);
    const first = inOrder(actions, ahead).next();
    await nextTurn();
    expect(begun).toHaveLength(ahead + 1);
    begun[0]?.();
    expect(await first).toEqual({ done: false, value: 0 });
  });

  it('throw what one throws when its turn has come, even if it failed before', async () => {
    async function* actions() {
      yield async () => {
        await nextTurn();
        return 1;
      };
      yield () => Promise.reject(new RangeError('second'));
    }
    const results = inOrder(actions(), 1);
    expect(await results.next()).toEqual({ done: false, value: 1 });
    await expect(results.next()).rejects.toThrow('second');
  });

  it('are waited for where nobody wants the rest', async () => {
    const { begun, actions } = slowActions(5);
    await expectAwaited(inOrder(actions, 2), begun);
  });
});
