import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { graphParameters, type Parameter } from '../../../harness/graph/parameters.js';
import { UserError } from '../../../harness/user/user-error.js';
import { referenceOutput } from '../../support/reference.js';
import { kernelWeights, learnable } from '../learnable.js';

const build = (choice: string, from: number, to: number): Graph =>
  buildAlone(choice, [from, 1, 1], { outChannels: to });

/** The matrix [input][output] that a linear graph computes with these kernels, its batch norms left at their initial values. */
const matrixOf = (graph: Graph, kernel: (parameter: Parameter) => readonly number[]) => {
  const [inputs] = graph.input.shape;
  const [outputs] = graph.output.shape;
  const weights = new Map(
    graphParameters(graph).map((parameter) => {
      if (parameter.role === 'kernel') return [parameter.path, kernel(parameter)];
      const one = parameter.role === 'gamma' || parameter.role === 'running-variance';
      return [parameter.path, Array<number>(parameter.size).fill(one ? 1 : 0)];
    }),
  );
  const unit = Array.from({ length: inputs * inputs }, (_, i) => (i % (inputs + 1) === 0 ? 1 : 0));
  const values = referenceOutput(graph, weights, unit, { batch: inputs, mode: 'inference' });
  return Array.from({ length: inputs }, (_, i) =>
    [...values.subarray(i * outputs, (i + 1) * outputs)].map((value) => Math.round(value * 1e3) / 1e3),
  );
};

/** Paths from every input to every output: kernels of ones. */
const paths = (graph: Graph) => matrixOf(graph, ({ size }) => Array<number>(size).fill(1));

const distinct = (matrix: readonly (readonly number[])[]): readonly number[] => [...new Set(matrix.flat())];

/** Products of small numbers, so that there are factors; to a multiple or a part of it. */
const widths = fc
  .tuple(fc.constantFrom(8, 12, 16, 24, 30, 36), fc.constantFrom(1, 2, 3), fc.boolean())
  .map(([small, ratio, expands]): readonly [from: number, to: number] =>
    expands ? [small, small * ratio] : [small * ratio, small],
  );

describe('IGC', () => {
  it.each([
    [64, 64, 2, 64 * 8 + 64 * 8],
    [64, 64, 3, 3 * 64 * 4],
    [100, 100, 2, 100 * 10 + 100 * 10],
    [32, 128, 2, 32 * 16 + 128 * 2],
    [128, 32, 2, 128 * 2 + 32 * 16],
  ])(
    '%i -> %i channels in %i convolutions has the weights of the best product',
    (from, to, factors, weights) => {
      const graph = build(`igc(factors=${factors})`, from, to);
      expect(kernelWeights(graph)).toBe(weights);
      expect(learnable(graph)).toBe(weights + 2 * Math.min(from, to) * (factors - 1) + 2 * to);
    },
  );

  it('has exactly one path from every input to every output', () => {
    fc.assert(
      fc.property(widths, fc.constantFrom(2, 3), ([from, to], factors) => {
        expect(distinct(paths(build(`igc(factors=${factors},hiddenNorm=false)`, from, to)))).toEqual([1]);
      }),
      { numRuns: 30 },
    );
  });

  it('has fewest weights of all products, whatever their order', () => {
    fc.assert(
      fc.property(widths, ([from, to]) => {
        const small = Math.min(from, to);
        const weights = Array.from({ length: small }, (_, i) => i + 1)
          .filter((k) => k > 1 && k < small && small % k === 0)
          .map((k) => (small / k) * small + k * Math.max(from, to));
        expect(kernelWeights(build('igc', from, to))).toBe(Math.min(...weights));
      }),
    );
  });

  it('brings the channels back into the order of the input, or does not', () => {
    const identity = ({ shape: [outputs = 0, inputs = 0] }: Parameter) =>
      Array.from({ length: outputs * inputs }, (_, i) =>
        Math.floor(i / inputs) % inputs === i % inputs ? 1 : 0,
      );
    const place = (choice: string) => matrixOf(build(choice, 24, 24), identity).map((row) => row.indexOf(1));
    const inOrder = Array.from({ length: 24 }, (_, i) => i);
    for (const factors of [2, 3, 4]) {
      expect(place(`igc(factors=${factors})`)).toEqual(inOrder);
      expect(place(`igc(factors=${factors},restore=false)`)).not.toEqual(inOrder);
    }
  });

  it('has as many batch norms as convolutions, or one', () => {
    const norms = (choice: string) =>
      build(choice, 27, 27).nodes.flatMap(({ op, path }) => (op.kind === 'batchNorm' ? [path] : []));
    expect(norms('igc(factors=3)')).toEqual(['conv1.bn', 'conv2.bn', 'conv3.bn']);
    expect(norms('igc(factors=3,hiddenNorm=false)')).toEqual(['conv3.bn']);
  });

  it('may go between numbers of which neither is a multiple of the other', () => {
    expect(distinct(paths(build('igc(hiddenNorm=false)', 25, 10)))).toEqual([1]);
  });

  it.each([
    [7, 7, 2, '7 is not a product of 2 factors greater than 1', 'numbers of channels are 6 and 8.'],
    [12, 12, 4, '12 is not a product of 4 factors greater than 1', 'numbers of channels are 16.'],
    [
      6,
      7,
      2,
      'no choice of groups for 2 convolutions',
      'With 6 channels, the nearest valid numbers are 6 and 8.',
    ],
    [
      7,
      6,
      2,
      'no choice of groups for 2 convolutions',
      'With 6 channels, the nearest valid numbers are 6 and 8.',
    ],
  ])('refuses %i -> %i channels in %i convolutions', (from, to, factors, message, remedy) => {
    expect(() => build(`igc(factors=${factors})`, from, to)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`igc: ${from} -> ${to} channels: ${message}`),
        remedy: expect.stringContaining(remedy),
      }),
    );
  });
});

describe('IGC V3', () => {
  it.each([
    ['igc-v3', 24, 144, (24 * 24) / 2 + (24 * 144) / 2, 24],
    ['igc-v3', 144, 24, (144 * 24) / 2 + (24 * 24) / 2, 24],
    ['igc-v3(groups=[2,4])', 32, 32, (32 * 32) / 2 + (32 * 32) / 4, 32],
  ])('%s, %i -> %i, has the weights of two grouped convolutions', (choice, from, to, weights, hidden) => {
    const graph = build(choice, from, to);
    expect(kernelWeights(graph)).toBe(weights);
    expect(learnable(graph)).toBe(weights + 2 * hidden + 2 * to);
  });

  it('has a path from every input to every output for all the groups that it admits, and refuses the others', () => {
    const group = fc.constantFrom(1, 2, 3, 4, 6, 12);
    fc.assert(
      fc.property(group, group, fc.boolean(), (first, second, expands) => {
        const [from, to] = expands ? [12, 24] : [24, 12];
        const attempt = () => build(`igc-v3(groups=[${first},${second}],hiddenNorm=false)`, from, to);
        if (first * second > 12) expect(attempt).toThrow(UserError);
        else expect(distinct(paths(attempt()))).not.toContain(0);
      }),
    );
  });

  it('says which groups it admits', () => {
    expect(() => build('igc-v3(groups=[4,4])', 8, 8)).toThrow(
      expect.objectContaining({ remedy: 'Use at most 2 groups in the second convolution.' }),
    );
    expect(() => build('igc-v3(groups=[3,2])', 8, 8)).toThrow('igc-v3: conv1.conv (conv2d): 3 groups');
  });
});
