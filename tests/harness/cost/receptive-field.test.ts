import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone, buildNetwork } from '../../../blocks/build.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import { receptiveField } from '../../../harness/cost/receptive-field.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { dependenciesAlong } from '../../support/jacobian.js';
import { OP_GRAPHS } from '../../support/op-graphs.js';

/** A maximum or a flat activation may hide a path by chance, in one try. */
const TRIES = 4;

/** The longest distance from the first to the last row (or column) of the input that changes one of the output. */
const extentAlong = (graph: Graph, axis: 1 | 2, tries: number): number => {
  const spans = dependenciesAlong(graph, axis, tries).map(
    (found) => (found.at(-1) ?? -1) - (found[0] ?? 0) + 1,
  );
  return Math.max(...spans);
};

const expectJacobian = (graph: Graph, axis: 1 | 2): void => {
  const expected = receptiveField(graph).extent[axis - 1];
  const once = extentAlong(graph, axis, 1);
  expect(once === expected ? once : extentAlong(graph, axis, TRIES)).toBe(expected);
};

const examples = Object.entries(OP_GRAPHS).flatMap(([kind, graphs]) =>
  Object.entries(graphs).map(([name, graph]) => [kind, name, graph] as const),
);

describe('the receptive field is where the numeric Jacobian is not zero', () => {
  it.each(examples)('%s, %s', (_kind, _name, graph) => {
    expectJacobian(graph, 1);
    expectJacobian(graph, 2);
  });

  it.each([
    ...listDefinitions().flatMap(({ id, kind }) => (kind === 'network' ? [] : [id])),
    'depthwise(dilation=2)',
    'repso(kernel=5,column=false)',
    'partial(kernel=5)',
    'ghost(kernel=5)',
    'sandglass(kernel=5)',
    'inverted-residual(squeeze=0.25)',
  ])('%s', (choice) => {
    const alone = (height: number, width: number) =>
      buildAlone(choice, [8, height, width], { activation: 'silu' });
    expectJacobian(alone(9, 1), 1);
    expectJacobian(alone(1, 9), 2);
  });

  it('for any chain of parallel windows, whose strides make the jump', () => {
    const window = fc.record({ height: fc.constantFrom(1, 3, 5), dilation: fc.constantFrom(1, 2) });
    const layer = fc.record({
      windows: fc.array(window, { minLength: 1, maxLength: 3 }),
      stride: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 3 }), (layers) => {
        const g = GraphBuilder.create();
        const y = layers.reduce(
          (x, { windows, stride }, i) => {
            const branch = ({ height, dilation }: (typeof windows)[number], b: number) =>
              g.conv2d(`${i}.${b}`, x, {
                outChannels: 1,
                kernel: [height, 1],
                dilation: [dilation, 1],
                stride: [stride, 1],
              });
            return g.concat(`${i}`, ...windows.map(branch), ...(stride === 1 ? [x] : []));
          },
          g.input([1, 96, 1]),
        );
        const graph = g.finish(y);
        expectJacobian(graph, 1);
        expect(receptiveField(graph).jump[0]).toBe(
          layers.reduce((product, { stride }) => product * stride, 1),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('the receptive field of known parts', () => {
  it.each([
    ['depthwise', 1, [3, 3], [1, 1]],
    ['depthwise(kernel=7)', 2, [7, 7], [2, 2]],
    ['depthwise(dilation=3)', 1, [7, 7], [1, 1]],
    ['repso', 1, [3, 3], [1, 1]],
    ['pointwise', 1, [1, 1], [1, 1]],
    ['sandglass', 1, [5, 5], [1, 1]],
    ['inverted-residual(squeeze=0.25)', 1, [28, 28], [1, 1]],
  ] as const)('%s at stride %i', (choice, stride, extent, jump) => {
    expect(receptiveField(buildAlone(choice, [32, 28, 28], { stride }))).toEqual({ extent, jump });
  });

  it('of a network is the whole image', () => {
    const graph = buildNetwork('lightnet(preset=small)', { input: [1, 32, 32], classes: 10 });
    expect(receptiveField(graph).extent).toEqual([32, 32]);
  });
});
