import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseVariance, crossedInference } from '../../../harness/stats/crossed.js';
import { ALPHA } from '../../../harness/stats/inference.js';
import {
  type AccuracyModel,
  differenceRows,
  normalSource,
  simulateCorrect,
  trueAccuracy,
} from '../../support/simulation.js';

describe('analyseVariance', () => {
  it('gives the mean squares of a table worked by hand', () => {
    // Row means 2 and 4, column means 1.5, 3, 4.5: sums of squares 6, 9 and 1 over 1, 2 and 2 degrees of freedom.
    const { mean, squares } = analyseVariance([
      [1, 2, 3],
      [2, 4, 6],
    ]);
    expect(mean).toBe(3);
    expect(squares).toEqual({ seeds: 6, images: 4.5, residual: 0.5 });
  });

  it('finds no residual where seeds and images add up', () => {
    const table = [0, 10, 30].map((seed) => [1, 5, 7, 8].map((image) => seed + image));
    expect(analyseVariance(table).squares.residual).toBeCloseTo(0, 12);
  });

  it('refuses tables that are not crossed', () => {
    expect(() => analyseVariance([[1, 2], [1]])).toThrow(RangeError);
    expect(() => analyseVariance([[1, 2]])).toThrow(RangeError);
    expect(() => analyseVariance([[1], [2]])).toThrow(RangeError);
  });
});

describe('crossedInference', () => {
  const table = [
    [1, 2, 3],
    [2, 4, 6],
  ];

  it('gives the intervals of a table worked by hand', () => {
    // Seeds add 6 + 1 / 36, images 4.5 - 0.5. At 95 %, t(1) = 12.7062 and t(2) = 4.3027; at 99 %, 63.6567 and 9.9248.
    const { value, units, interval } = crossedInference(table);
    const [seeds, images] = [6 + 1 / 36, 4];
    const error = Math.sqrt((seeds + images) / 6);
    expect([value, units]).toEqual([3, 2]);
    const arithmetic = (seeds * 12.7062 + images * 4.3027) / (seeds + images);
    expect(interval(0.05)[1]).toBeCloseTo(3 + arithmetic * error, 3);
    const quadratic = Math.sqrt((seeds * 63.6567 ** 2 + images * 9.9248 ** 2) / (seeds + images));
    expect(interval(0.01)[1]).toBeCloseTo(3 + quadratic * error, 3);
  });

  it('takes the geometric mean of the critical values from three seeds on', () => {
    // Row means 1, 2, 3 and no residual: seeds add 2 * 1 + 1 / 24, images 3 * 2; t(2) = 4.3027, t(1) = 12.7062.
    const rows = [
      [0, 2],
      [1, 3],
      [2, 4],
    ];
    const [seeds, images] = [2 + 1 / 24, 6];
    const critical = (4.3027 ** seeds * 12.7062 ** images) ** (1 / (seeds + images));
    const error = Math.sqrt((seeds + images) / 6);
    expect(crossedInference(rows).interval(0.05)[1]).toBeCloseTo(2 + critical * error, 3);
  });

  it('counts images alone where there is one seed, and predicts nothing', () => {
    const { interval, units, predict } = crossedInference([[1, 2, 3]]);
    expect(interval(0.05)[1]).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 3);
    expect([units, predict]).toEqual([1, null]);
  });

  it('predicts for as many seeds as there are what it has found', () => {
    const { interval, predict } = crossedInference(table);
    expect(predict?.(2, ALPHA).halfWidth).toBeCloseTo(interval(ALPHA)[1] - 3, 12);
  });

  it('is certain to a few images where nothing varies', () => {
    const images = 10_000;
    const [low, high] = crossedInference([new Float64Array(images), new Float64Array(images)]).interval(
      ALPHA,
    );
    expect(low).toBe(-high);
    expect(high * images).toBeLessThan(3);
  });

  const tables = fc
    .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 8 }))
    .chain(([seeds, images]) =>
      fc.array(fc.array(fc.integer({ min: -1, max: 1 }), { minLength: images, maxLength: images }), {
        minLength: seeds,
        maxLength: seeds,
      }),
    );

  it('is never narrower at a smaller alpha', () => {
    const alpha = fc.double({ min: 1e-4, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(tables, alpha, alpha, (rows, a, b) => {
        const { interval } = crossedInference(rows);
        const width = (level: number) => interval(level)[1] - interval(level)[0];
        expect(width(Math.min(a, b))).toBeGreaterThanOrEqual(width(Math.max(a, b)) * (1 - 1e-9));
      }),
    );
  });

  it('turns round with its table', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const [low, high] = crossedInference(rows).interval(ALPHA);
        const turned = crossedInference(rows.map((row) => row.map((value) => -value))).interval(ALPHA);
        expect(turned[0]).toBeCloseTo(-high, 9);
        expect(turned[1]).toBeCloseTo(-low, 9);
      }),
    );
  });
});

describe('coverage of the difference of two networks', () => {
  const IMAGES = 500;

  const coverage = (model: AccuracyModel, seeds: number, alpha: number, simulations: number): number => {
    const normal = normalSource(seeds);
    const [reference = 0, candidate = 0] = model.gains;
    const truth = trueAccuracy(model, candidate) - trueAccuracy(model, reference);
    let covered = 0;
    for (let i = 0; i < simulations; i += 1) {
      const [first = [], second = []] = simulateCorrect(normal, model, { seeds, images: IMAGES });
      const [low, high] = crossedInference(differenceRows(second, first)).interval(alpha);
      if (low <= truth && truth <= high) covered += 1;
    }
    return covered / simulations;
  };

  const cells = [2, 3, 5, 10].flatMap((seeds) =>
    [0.01, 0.04, 0.16].map((spread) => [seeds, spread] as const),
  );

  it.each(cells)('of 95 % intervals is 93 to 97 % with %i seeds that vary by %f', (seeds, seedSpread) => {
    const share = coverage({ seedSpread, gains: [0, 0.05] }, seeds, ALPHA, 2000);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });

  it.each([2, 3, 5, 10])(
    'of the intervals of a family of 15 is not less than promised with %i seeds',
    (seeds) => {
      const alpha = ALPHA / 15;
      const share = coverage({ seedSpread: 0.04, gains: [0, 0] }, seeds, alpha, 2000);
      expect(1 - share).toBeLessThanOrEqual(alpha + 2 * Math.sqrt(alpha / 2000));
    },
  );
});
