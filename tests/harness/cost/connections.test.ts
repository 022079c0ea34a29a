import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import type { Choice } from '../../../blocks/part.js';
import { type Connections, connectionFactors, connectionsOf } from '../../../harness/cost/connections.js';
import { receptiveRange } from '../../../harness/cost/receptive-range.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { UserError } from '../../../harness/user/user-error.js';
import { dependenciesAlong } from '../../support/jacobian.js';
import { OP_GRAPHS } from '../../support/op-graphs.js';
import { refusalOf } from '../../support/refusal.js';

/** Squeeze and excitation with ReLU may lose a path by chance, in one try. */
const TRIES = 6;

const inputsOf = ({ inputs, outputs, connects }: Connections): readonly (readonly number[])[] =>
  Array.from({ length: outputs }, (_, output) =>
    Array.from({ length: inputs }, (_, input) => input).filter((input) => connects(output, input)),
  );

const expectJacobian = (graph: Graph): void => {
  const connected = inputsOf(connectionsOf(graph));
  const once = dependenciesAlong(graph, 0, 1);
  const same = JSON.stringify(once) === JSON.stringify(connected);
  expect(same ? once : dependenciesAlong(graph, 0, TRIES)).toEqual(connected);
};

const examples = Object.entries(OP_GRAPHS).flatMap(([kind, graphs]) =>
  Object.entries(graphs).map(([name, graph]) => [kind, name, graph] as const),
);

describe('the connections are where the numeric Jacobian is not zero', () => {
  it.each(examples)('%s, %s', (_kind, _name, graph) => {
    expectJacobian(graph);
  });

  const parts = listDefinitions().filter(({ kind }) => kind !== 'network');

  it.each(parts.map(({ id, kind }) => [id, kind] as const))('%s, for any number of channels', (id, kind) => {
    const channels = fc.constantFrom(8, 12, 16);
    fc.assert(
      fc.property(channels, channels, (from, to) => {
        const outChannels = kind === 'spatial' ? from : to;
        const graph = buildIfAdmitted(id, from, outChannels);
        fc.pre(graph !== undefined);
        expectJacobian(graph);
      }),
      { numRuns: 3 },
    );
  });

  it.each([
    'grouped(groups=4)',
    'shuffled(groups=4)',
    'igc(factors=3)',
    'igc-v3(groups=[4,2])',
    'channelwise(window=5)',
    'group-channelwise(groups=4,window=7)',
    'ghost(ratio=4)',
    'sf(kernel=4,interleave=true)',
    'partial(divisor=2)',
    'meta-light(expand=shuffled(groups=4),project=grouped(groups=2))',
    'meta-light(expand=grouped(groups=2),project=channelwise(window=12))',
    'inverted-residual(squeeze=0.25)',
  ])('%s', (choice) => {
    expectJacobian(buildAlone(choice, [8, 3, 3], { activation: 'silu' }));
  });
});

const buildIfAdmitted = (id: string, from: number, outChannels: number): Graph | undefined => {
  try {
    return buildAlone(id, [from, 2, 1], { outChannels, activation: 'silu' });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

describe('the receptive range', () => {
  const range = (choice: string | Choice, from: number, outChannels: number) =>
    receptiveRange(buildAlone(choice, [from, 4, 4], { outChannels }));

  it.each([
    ['pointwise', 64, 256, 64],
    ['grouped(groups=4)', 64, 256, 16],
    ['shuffled(groups=8)', 64, 64, 8],
    ['igc', 64, 256, 64],
    ['igc(factors=3)', 256, 64, 256],
    ['igc-v3', 64, 64, 64],
    ['sf', 64, 256, 64],
    ['refco', 256, 64, 256],
    ['ghost', 64, 128, 64],
    ['low-rank', 64, 128, 64],
  ])('of %s, %i -> %i, is what its paper says: %i', (choice, from, to, expected) => {
    expect(range(choice, from, to)).toEqual({
      inputs: from,
      outputs: to,
      min: expected,
      max: expected,
      mean: expected,
      full: expected === from,
    });
  });

  it('of a channel-wise convolution is its window, and less at both ends of the line', () => {
    expect(range('channelwise(window=9)', 64, 64)).toMatchObject({ min: 5, max: 9, full: false });
    const cut = 5 + 6 + 7 + 8;
    expect(range('channelwise(window=9)', 64, 64).mean).toBe((2 * cut + 56 * 9) / 64);
  });

  it('of two grouped convolutions is full where a shuffle stands between', () => {
    const block = (expand: string) => range(`meta-light(expand=${expand},project=grouped(groups=4))`, 32, 48);
    expect(block('grouped(groups=4)')).toMatchObject({ min: 8, max: 8, full: false });
    expect(block('shuffled(groups=4)')).toMatchObject({ min: 32, full: true });
  });
});

describe('the factors of a pattern', () => {
  const sizes = (choice: string) =>
    connectionFactors(buildAlone(choice, [64, 4, 4], { outChannels: 128 })).map(
      ({ inputs, outputs, ranges }) => [inputs, outputs, Math.min(...ranges), Math.max(...ranges)],
    );

  it('are one for each layer that mixes channels, parallel branches being one layer', () => {
    expect(sizes('grouped')).toEqual([[64, 128, 32, 32]]);
    const factors = [
      [64, 32, 16, 16],
      [32, 128, 4, 4],
    ];
    expect(sizes('sf(kernel=16)')).toEqual(factors);
    expect(sizes('refco(kernel=16)')).toEqual(factors);
    expect(sizes('igc(factors=3,restore=false)')).toHaveLength(3);
  });

  it('multiply to the whole', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'sf',
          'refco',
          'igc',
          'igc(factors=3)',
          'igc-v3(groups=[4,2])',
          'low-rank',
          'shuffled',
        ),
        fc.constantFrom(8, 16, 24, 48),
        (choice, outChannels) => {
          const graph = buildAlone(choice, [24, 2, 2], { outChannels });
          const product = connectionFactors(graph).map(inputsOf).reduce(compose);
          const whole = connectionsOf(graph);
          // A permutation after the last layer is no layer.
          const sorted = (rows: readonly (readonly number[])[]) => rows.map(String).sort();
          expect(sorted(product)).toEqual(sorted(inputsOf(whole)));
        },
      ),
    );
  });

  it('are none where no channel meets another', () => {
    expect(connectionFactors(buildAlone('depthwise', [8, 4, 4]))).toEqual([]);
  });
});

/** What the second matrix's outputs depend on through the outputs of the first. */
const compose = (
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
): readonly (readonly number[])[] =>
  second.map((between) => [...new Set(between.flatMap((i) => first[i] ?? []))].sort((a, b) => a - b));

describe('a graph of too many channels', () => {
  const graph = (channels: number) => buildAlone('depthwise', [channels, 1, 1]);

  it('is refused before memory is taken', async () => {
    expect(await refusalOf(() => receptiveRange(graph(1_000_000)))).toBe(
      'The receptive range of 1000000 input channels would take too much memory. Use at most 16384 channels.',
    );
    expect(await refusalOf(() => connectionFactors(graph(2 ** 14 + 1)))).toMatch(
      /would take too much memory/,
    );
  });

  it('is not one of as many as are offered', () => {
    expect(receptiveRange(graph(2 ** 14))).toMatchObject({ inputs: 2 ** 14, min: 1, max: 1 });
  });
});
