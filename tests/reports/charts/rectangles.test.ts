import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectanglesOf } from '../../../reports/charts/rectangles.js';

const grids = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .chain(([height, width]) =>
    fc.array(fc.stringMatching(new RegExp(`^[0159]{${width}}$`)), { minLength: height, maxLength: height }),
  );

describe('the rectangles of a grid', () => {
  it('cover every cell that is not zero once, with its level, and no other', () => {
    fc.assert(
      fc.property(grids, (rows) => {
        const painted = rows.map((row) => [...row].map(() => 0));
        for (const { left, right, top, bottom, level } of rectanglesOf(rows)) {
          for (const line of painted.slice(top, bottom))
            for (let cell = left; cell < right; cell++) line[cell] = (line[cell] ?? 0) + level;
        }
        expect(painted.map((line) => line.join(''))).toEqual(rows);
      }),
    );
  });

  it.each([
    ['a full grid', ['999', '999'], 1],
    ['an empty one', ['000', '000'], 0],
    ['groups', ['9900', '9900', '0099'], 2],
    ['a part below a gap', ['99', '00', '99'], 2],
  ])('are as few as they can be: %s', (_what, rows, count) => {
    expect(rectanglesOf(rows)).toHaveLength(count);
  });
});
