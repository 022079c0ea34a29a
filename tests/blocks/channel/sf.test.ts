import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { elementCount } from '../../../harness/graph/shape.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { randomValues, randomWeights } from '../../support/random.js';
import { referenceOutput, relativeDifference } from '../../support/reference.js';
import { kernelWeights, learnable } from '../learnable.js';

/** C, lambda, R, and the K that is best. */
const CASES = [
  [64, 2, 2, 16],
  [32, 4, 2, 16],
  [256, 4, 2, 32],
  [128, 1 / 4, 2, 8],
  [64, 1, 4, 16],
] as const;

describe('SF Conv', () => {
  it.each(CASES)('C=%d, lambda=%d, R=%d has the weights of the paper at K=%d', (c, lambda, r, k) => {
    const graph = buildAlone(`sf(reduction=${r})`, [c, 3, 3], { outChannels: lambda * c });
    const weights = (c * k) / r + (lambda * c * c) / k;
    expect(kernelWeights(graph)).toBe(weights);
    expect(learnable(graph)).toBe(weights + 2 * (c / r) + 2 * lambda * c);
  });

  it('groups, permutes and groups again: position-major to hidden-major', () => {
    const { nodes } = buildAlone('sf(kernel=8)', [32, 3, 3], { outChannels: 64 });
    expect(nodes.map(({ path, op }) => [path, op.kind])).toEqual([
      ['input', 'input'],
      ['first.conv', 'conv2d'],
      ['first.bn', 'batchNorm'],
      ['permute', 'permuteChannels'],
      ['second.conv', 'conv2d'],
      ['second.bn', 'batchNorm'],
    ]);
    expect(nodes.map(({ op }) => ('groups' in op ? op.groups : undefined)).filter(Boolean)).toEqual([
      4, 4, 4,
    ]);
    expect(nodes[1]?.op).toMatchObject({ outChannels: 16, groups: 4 });
  });

  it('may restore the interleaved order', () => {
    const { nodes } = buildAlone('sf(kernel=16,interleave=true)', [32, 3, 3], { outChannels: 64 });
    expect(nodes.at(-1)?.op).toEqual({ kind: 'permuteChannels', groups: 8 });
  });

  it('may leave out the norm between', () => {
    const { nodes } = buildAlone('sf(hiddenNorm=false)', [32, 3, 3]);
    expect(nodes.filter(({ op }) => op.kind === 'batchNorm').map(({ path }) => path)).toEqual(['second.bn']);
  });
});

describe('RefCO', () => {
  it.each(CASES)('C=%d, lambda=%d, R=%d has C/K first and K/R second SF convs at K=%d', (c, lambda, r, k) => {
    const graph = buildAlone(`refco(reduction=${r})`, [c, 3, 3], { outChannels: lambda * c });
    const first = (c / k) * ((c * k) / r + 2 * (c / r));
    const second = (k / r) * ((lambda * c * c) / k + 2 * lambda * c);
    expect(learnable(graph)).toBe(first + second);
  });

  it('takes its numbers of branches', () => {
    const { nodes } = buildAlone('refco(firstBranches=2,secondBranches=3)', [32, 3, 3]);
    const sums = nodes.filter(({ op }) => op.kind === 'add').map(({ path, inputs }) => [path, inputs.length]);
    expect(sums).toEqual([
      ['first.sum', 2],
      ['second.sum', 3],
    ]);
  });

  it('is SF Conv in deploy form, and computes the same, for any shape', () => {
    const options = { batch: 2, mode: 'inference' } as const;
    const branches = fc.oneof(fc.constant('auto'), fc.integer({ min: 1, max: 4 }));
    const shape = fc.record({
      from: fc.constantFrom(8, 12, 16, 24),
      to: fc.constantFrom(8, 12, 24, 48),
      set: fc.record({
        reduction: fc.constantFrom(1, 2),
        interleave: fc.boolean(),
        firstBranches: branches,
        secondBranches: branches,
      }),
    });
    fc.assert(
      fc.property(shape, fc.integer(), ({ from, to, set }, seed) => {
        const trained = buildAlone({ id: 'refco', set }, [from, 2, 1], { outChannels: to });
        const deployed = deployForm(trained);
        const { reduction, interleave } = set;
        const sf = buildAlone({ id: 'sf', set: { reduction, interleave } }, [from, 2, 1], {
          outChannels: to,
        });
        const operations = (graph: Graph) => graph.nodes.map(({ op, inputs }) => [op, inputs]);
        expect(operations(deployed.graph)).toEqual(operations(deployForm(sf).graph));
        const weights = randomWeights(trained, seed);
        const images = randomValues(2 * elementCount(trained.input.shape), seed);
        const expected = referenceOutput(trained, weights, images, options);
        const actual = referenceOutput(deployed.graph, deployed.convert(weights), images, options);
        expect(relativeDifference(actual, expected)).toBeLessThan(1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('with one branch each is SF Conv', () => {
    const one = buildAlone('refco(firstBranches=1,secondBranches=1)', [32, 3, 3], { outChannels: 64 });
    const sf = buildAlone('sf', [32, 3, 3], { outChannels: 64 });
    expect(one.nodes.map(({ op, inputs }) => [op, inputs])).toEqual(
      sf.nodes.map(({ op, inputs }) => [op, inputs]),
    );
  });
});
