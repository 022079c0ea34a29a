import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommitState, findFirstBad } from '../../../../harness/regression/bisect/first-bad.js';

const named = (length: number): [string, ...string[]] => [
  'c0',
  ...Array.from({ length: length - 1 }, (_, index) => `c${index + 1}`),
];

describe('the first bad commit', () => {
  it('is found wherever it is, with a logarithmic number of questions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), async (length, nat) => {
        const turn = nat % length;
        const asked: string[] = [];
        const { firstBad, lastGood, between } = await findFirstBad(named(length), async (commit) => {
          asked.push(commit);
          return Number(commit.slice(1)) < turn ? 'good' : 'bad';
        });
        expect([firstBad, lastGood, between]).toEqual([`c${turn}`, turn === 0 ? null : `c${turn - 1}`, []]);
        expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(length)));
      }),
    );
  });

  it('lies within the bounds where some cannot be told, none is asked twice, and all between are untold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<CommitState | null>(null, null, 'skipped', 'undecided'), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.nat(),
        async (untold, nat) => {
          const turn = nat % untold.length;
          const asked = new Set<string>();
          const commits = named(untold.length);
          const { firstBad, lastGood, between } = await findFirstBad(commits, async (commit) => {
            expect(asked.has(commit)).toBe(false);
            asked.add(commit);
            const place = Number(commit.slice(1));
            return untold[place] ?? (place < turn ? 'good' : 'bad');
          });
          const [low, high] = [lastGood === null ? -1 : commits.indexOf(lastGood), commits.indexOf(firstBad)];
          expect([low < turn, turn <= high]).toEqual([true, true]);
          expect(between).toEqual(commits.slice(low + 1, high));
          for (const commit of between) expect(untold[commits.indexOf(commit)]).not.toBeNull();
        },
      ),
    );
  });
});
