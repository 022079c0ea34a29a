import { describe, expect, it } from 'vitest';
import { GraphBuilder, type Value } from '../../../../harness/graph/build/builder.js';
import { ACTIVATIONS } from '../../../../harness/graph/operations/ops.js';
import type { Shape } from '../../../../harness/graph/shape.js';
import { equalisedPairs } from '../../../../harness/quantise/equalise/pairs.js';

/** The paths of the pairs of a convolution to 4 channels, what is in between, and what follows. */
const pairsWith = (build: (g: GraphBuilder, x: Value) => Value<Shape>) => {
  const g = GraphBuilder.create();
  const x = g.conv2d('first', g.input([3, 6, 6]), { outChannels: 4, kernel: 3 });
  return equalisedPairs(g.finish(build(g, x))).map(({ first, second, channels }) => ({
    pair: [first.path, second.path],
    channels,
  }));
};

const next = (g: GraphBuilder, x: Value) => g.conv2d('second', x, { outChannels: 5, kernel: 1 });

const FOUND = [{ pair: ['first', 'second'], channels: [0, 1, 2, 3] }];

describe('equalised pairs', () => {
  it.each([
    ['nothing', (_g: GraphBuilder, x: Value) => x],
    ['a leaky ReLU', (g: GraphBuilder, x: Value) => g.leakyRelu('act', x, 0.1)],
    ['a PReLU', (g: GraphBuilder, x: Value) => g.prelu('act', x, true)],
    ['a pool', (g: GraphBuilder, x: Value) => g.maxPool('pool', x, { kernel: 2, stride: 2 })],
  ] as const)('are two convolutions with %s in between', (_name, between) => {
    expect(pairsWith((g, x) => next(g, between(g, x)))).toEqual(FOUND);
  });

  it('have of all activation functions ReLU alone in between: the others do not multiply', () => {
    const through = ACTIVATIONS.filter(
      (name) => pairsWith((g, x) => next(g, g.activation('act', x, name))).length > 0,
    );
    expect(through).toEqual(['relu']);
  });

  it('follow channels through a shuffle, a flattening and a scale', () => {
    expect(pairsWith((g, x) => next(g, g.permuteChannels('shuffle', x, 2)))).toEqual([
      { pair: ['first', 'second'], channels: [0, 2, 1, 3] },
    ]);
    expect(
      pairsWith((g, x) =>
        g.dense('second', g.flatten('flat', g.maxPool('pool', x, { kernel: 3, stride: 3 })), 2),
      ),
    ).toEqual([{ pair: ['first', 'second'], channels: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3] }]);
    expect(pairsWith((g, x) => next(g, g.scale('norm', x, true))).map(({ pair }) => pair)).toEqual([
      ['first', 'norm'],
      ['norm', 'second'],
    ]);
  });

  it('chain over a depthwise convolution', () => {
    const chained = pairsWith((g, x) =>
      next(g, g.conv2d('depthwise', x, { outChannels: 4, kernel: 3, groups: 4 })),
    );
    expect(chained.map(({ pair }) => pair)).toEqual([
      ['first', 'depthwise'],
      ['depthwise', 'second'],
    ]);
  });

  it('are none where another operation reads the value too, or none does', () => {
    expect(pairsWith((g, x) => g.add('sum', x, g.conv2d('b', x, { outChannels: 4, kernel: 1 })))).toEqual([]);
    expect(pairsWith((g, x) => g.activation('act', x, 'relu'))).toEqual([]);
  });
});
