import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomStream, randomStream } from '../../harness/random.js';

const seed = fc.integer();
const path = fc.array(fc.oneof(fc.string(), fc.integer({ min: 0 })), { maxLength: 4 });

const draw = (stream: RandomStream, count = 8): readonly number[] =>
  Array.from({ length: count }, () => stream.uniform());

describe('a random stream', () => {
  it('is the same for the same seed and path', () => {
    fc.assert(
      fc.property(seed, path, (s, p) => {
        expect(draw(randomStream(s, ...p))).toEqual(draw(randomStream(s, ...p)));
      }),
    );
  });

  it('is another for another seed or path', () => {
    const id = fc.tuple(seed, path);
    fc.assert(
      fc.property(id, id, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(draw(randomStream(a[0], ...a[1]))).not.toEqual(draw(randomStream(b[0], ...b[1])));
      }),
    );
  });

  it('does not confuse paths that print alike', () => {
    const paths = [['a', 'b'], ['a,b'], ['ab'], ['1'], [1], [1, ''], []];
    expect(new Set(paths.map((p) => draw(randomStream(0, ...p)).join())).size).toBe(paths.length);
  });
});

const COUNT = 100_000;

const momentsOf = (values: readonly number[]) => {
  const moment = (power: number, around = 0): number =>
    values.reduce((sum, value) => sum + (value - around) ** power, 0) / values.length;
  const mean = moment(1);
  return { mean, variance: moment(2, mean), fourth: moment(4, mean) };
};

/** Means of COUNT draws lie within five of their standard errors. */
const within = (deviation: number): number => (5 * deviation) / Math.sqrt(COUNT);

describe('uniform numbers', () => {
  const values = Array.from(
    { length: COUNT },
    (
      (stream) => () =>
        stream.uniform()
    )(randomStream(1, 'u')),
  );

  it('lie in [0, 1)', () => {
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('have the moments of the uniform distribution', () => {
    const { mean, variance } = momentsOf(values);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(within(Math.sqrt(1 / 12)));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(within(Math.sqrt(1 / 180)));
  });

  it('are not correlated from one to the next', () => {
    const products = values.slice(1).map((value, i) => (value - 1 / 2) * ((values[i] ?? 0) - 1 / 2));
    expect(Math.abs(momentsOf(products).mean)).toBeLessThan(within(1 / 12));
  });
});

describe('normal numbers', () => {
  const values = Array.from(
    { length: COUNT },
    (
      (stream) => () =>
        stream.normal()
    )(randomStream(1, 'n')),
  );

  it('have the moments of the standard normal distribution', () => {
    const { mean, variance, fourth } = momentsOf(values);
    expect(Math.abs(mean)).toBeLessThan(within(1));
    expect(Math.abs(variance - 1)).toBeLessThan(within(Math.sqrt(2)));
    expect(Math.abs(fourth - 3)).toBeLessThan(within(Math.sqrt(96)));
  });

  it('lie within two deviations as often as they should', () => {
    const share = values.filter((value) => Math.abs(value) < 2).length / COUNT;
    expect(Math.abs(share - 0.9545)).toBeLessThan(within(Math.sqrt(0.9545 * 0.0455)));
  });
});

describe('beta numbers', () => {
  it.each([0.2, 1, 2])('of shape %f lie in [0, 1] and have its moments', (shape) => {
    const values = Array.from(
      { length: COUNT },
      (
        (stream) => () =>
          stream.beta(shape)
      )(randomStream(1, 'b')),
    );
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    const { mean, variance, fourth } = momentsOf(values);
    const expected = 1 / (4 * (2 * shape + 1));
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(within(Math.sqrt(expected)));
    expect(Math.abs(variance - expected)).toBeLessThan(within(Math.sqrt(fourth - expected ** 2)));
    const kurtosis = 3 - 6 / (2 * shape + 3);
    expect(fourth / expected ** 2).toBeCloseTo(kurtosis, 1);
  });

  it('of a tiny shape are 0 or 1, never nothing', () => {
    const stream = randomStream(2);
    const values = Array.from({ length: 1000 }, () => stream.beta(1e-6));
    expect(new Set(values.map((value) => Math.round(value)))).toEqual(new Set([0, 1]));
    expect(values.every((value) => value < 1e-6 || value > 1 - 1e-6)).toBe(true);
  });
});

describe('whole numbers', () => {
  it('reach both ends, and every one between them equally often', () => {
    const stream = randomStream(3);
    const counts = new Map<number, number>();
    for (let i = 0; i < COUNT; i += 1) {
      const value = stream.integer(-2, 4);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3, 4]);
    const deviation = Math.sqrt(COUNT * (1 / 7) * (6 / 7));
    for (const count of counts.values()) expect(Math.abs(count - COUNT / 7)).toBeLessThan(5 * deviation);
  });
});

describe('a permutation', () => {
  it('holds every index once', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 200 }), (s, count) => {
        const sorted = randomStream(s).permutation(count).toSorted();
        expect(sorted).toEqual(Uint32Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('is every order equally often', () => {
    const stream = randomStream(5);
    const rounds = 24_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < rounds; i += 1) {
      const order = stream.permutation(4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });
});
