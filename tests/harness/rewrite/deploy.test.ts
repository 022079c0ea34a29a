import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, type Value } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { graphParameters } from '../../../harness/graph/parameters.js';
import { fingerprint } from '../../../harness/graph/print.js';
import { elementCount, type MapShape, type Shape } from '../../../harness/graph/shape.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { differenceOfForms } from '../../support/forms.js';
import { OP_GRAPHS } from '../../support/op-graphs.js';
import { randomValues, randomWeights } from '../../support/random.js';
import { referenceForward, relativeDifference } from '../../support/reference.js';

const BATCH = 2;

/** Weights are rounded to float32 once; everything else is float64. */
const ROUNDING = 1e-6;

const graphOf = (shape: MapShape, build: (g: GraphBuilder, x: Value) => Value<Shape>): Graph => {
  const g = GraphBuilder.create();
  return g.finish(build(g, g.input(shape)));
};

/** Printed as `path kind`, the input left out. */
const nodesOf = (graph: Graph): readonly string[] =>
  graph.nodes.slice(1).map(({ path, op }) => `${path} ${op.kind}`);

interface BranchSet {
  readonly groups: number;
  readonly inGroup: number;
  readonly outGroup: number;
  readonly stride: 1 | 2;
  readonly kernels: readonly (readonly [number, number])[];
  readonly convBias: boolean;
  readonly normalised: boolean;
  readonly identity: 'none' | 'normalised' | 'plain' | 'both';
  readonly normAfterwards: boolean;
  readonly size: readonly [number, number];
}

/** Parallel convolutions of one value, square, flat and upright, with and without identity: a generous superset of what parts do. */
const branchSets: fc.Arbitrary<BranchSet> = fc
  .record({
    groups: fc.integer({ min: 1, max: 4 }),
    inGroup: fc.integer({ min: 1, max: 3 }),
    outGroup: fc.integer({ min: 1, max: 3 }),
    stride: fc.constantFrom(1 as const, 2 as const),
    kernels: fc.array(fc.tuple(fc.constantFrom(1, 3, 5), fc.constantFrom(1, 3, 5)), {
      minLength: 2,
      maxLength: 7,
    }),
    convBias: fc.boolean(),
    normalised: fc.boolean(),
    identity: fc.constantFrom('none', 'normalised', 'plain', 'both'),
    normAfterwards: fc.boolean(),
    size: fc.tuple(fc.integer({ min: 3, max: 7 }), fc.integer({ min: 3, max: 7 })),
  })
  .map((set) => {
    const identity = set.stride === 2 || set.inGroup !== set.outGroup ? 'none' : set.identity;
    return { ...set, identity };
  });

const buildBranches = (set: BranchSet): Graph =>
  graphOf([set.groups * set.inGroup, ...set.size], (g, x) => {
    const { groups, stride, convBias: bias } = set;
    const convolutions = set.kernels.map((kernel, i) => {
      const options = { outChannels: groups * set.outGroup, kernel, stride, groups, bias };
      const y = g.conv2d(`branch${i}.conv`, x, options);
      return set.normalised ? g.batchNorm(`branch${i}.bn`, y) : y;
    });
    const identities = {
      none: () => [],
      normalised: () => [g.batchNorm('identity.bn', x)],
      plain: () => [x],
      both: () => [x, g.batchNorm('identity.bn', x)],
    }[set.identity]();
    const sum = g.add('sum', ...convolutions, ...identities);
    return set.normAfterwards ? g.batchNorm('after.bn', sum) : sum;
  });

describe('the deploy form of parallel branches', () => {
  it('is one convolution with the same output, for any set of branches', () => {
    fc.assert(
      fc.property(branchSets, fc.integer(), (set, seed) => {
        const graph = buildBranches(set);
        expect(nodesOf(deployForm(graph).graph)).toEqual(['sum conv2d']);
        expect(differenceOfForms(graph, seed)).toBeLessThan(ROUNDING);
      }),
    );
  });

  it('has the smallest kernel that holds all of theirs', () => {
    const graph = graphOf([4, 6, 6], (g, x) =>
      g.add(
        'sum',
        g.conv2d('row', x, { outChannels: 4, kernel: [1, 5], groups: 4 }),
        g.conv2d('column', x, { outChannels: 4, kernel: [3, 1], groups: 4 }),
      ),
    );
    const { graph: deployed } = deployForm(graph);
    expect(deployed.nodes[1]?.op).toMatchObject({ kernel: [3, 5], padding: [1, 2], groups: 4 });
  });

  it('leaves apart what is no convolution of the same value or has other groups', () => {
    const graph = graphOf([4, 5, 5], (g, x) => {
      const y = g.activation('act', x, 'relu');
      const conv = (name: string, source: Value, groups: number) =>
        g.conv2d(name, source, { outChannels: 4, kernel: 3, groups });
      const [a, b, c, d] = [conv('a', x, 4), conv('b', x, 1), conv('c', x, 4), conv('d', y, 4)];
      return g.add('sum', a, b, c, d, y);
    });
    // b stands alone; a merges with c, and d with y.
    expect(nodesOf(deployForm(graph).graph)).toEqual([
      'act activation',
      'a conv2d',
      'b conv2d',
      'd conv2d',
      'sum add',
    ]);
    expect(differenceOfForms(graph, 5)).toBeLessThan(ROUNDING);
  });

  it('keeps a branch that something else reads too', () => {
    const graph = graphOf([4, 5, 5], (g, x) => {
      const [a, b] = [1, 3].map((kernel) => g.conv2d(`conv${kernel}`, x, { outChannels: 4, kernel }));
      if (!a || !b) throw new Error('two branches');
      return g.mul('mul', g.add('sum', a, b), a);
    });
    expect(nodesOf(deployForm(graph).graph)).toEqual(nodesOf(graph));
  });

  it('merges sums of sums', () => {
    const graph = graphOf([4, 5, 5], (g, x) => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => g.conv2d(name, x, { outChannels: 4, kernel: 3 }));
      if (!a || !b || !c) throw new Error('three branches');
      return g.add('outer', g.add('inner', a, b), c);
    });
    expect(nodesOf(deployForm(graph).graph)).toEqual(['outer conv2d']);
    expect(differenceOfForms(graph, 6)).toBeLessThan(ROUNDING);
  });

  it('keeps a strided or dilated geometry, and leaves apart what has another stride', () => {
    const pair = (first: object, second: object) =>
      graphOf([2, 9, 9], (g, x) => {
        const conv = (name: string, options: object) =>
          g.conv2d(name, x, { outChannels: 2, kernel: 3, ...options });
        return g.add('sum', conv('a', first), conv('b', second));
      });
    const alike = pair({ dilation: 2, stride: 2 }, { kernel: 5, dilation: 2, stride: 2 });
    expect(nodesOf(deployForm(alike).graph)).toEqual(['sum conv2d']);
    expect(differenceOfForms(alike, 7)).toBeLessThan(ROUNDING);
    const unlike = pair({ stride: 2 }, { kernel: 5, padding: 0 });
    expect(nodesOf(deployForm(unlike).graph)).toEqual(nodesOf(unlike));
    const shifted = pair({ kernel: 2, padding: 0 }, { kernel: 4, padding: 1 });
    expect(nodesOf(deployForm(shifted).graph)).toEqual(['sum conv2d']);
    expect(differenceOfForms(shifted, 8)).toBeLessThan(ROUNDING);
  });
});

describe('the deploy form of batch norms', () => {
  it('is inside the convolution before them, or a scale at their path', () => {
    const graph = graphOf([4, 6, 6], (g, x) => {
      const inner = g.block('block');
      const pre = g.batchNorm('pre', x, 1e-3);
      const y = inner.batchNorm('bn', inner.conv2d('conv', pre, { outChannels: 6, kernel: 3, bias: true }));
      return g.batchNorm('late', g.activation('act', y, 'silu'));
    });
    const { graph: deployed } = deployForm(graph);
    expect(nodesOf(deployed)).toEqual(['pre scale', 'block.conv conv2d', 'act activation', 'late scale']);
    expect(deployed.nodes.map(({ block }) => block)).toEqual([
      undefined,
      undefined,
      'block',
      undefined,
      undefined,
    ]);
    expect(differenceOfForms(graph, 9)).toBeLessThan(ROUNDING);
  });

  it('is a scale where the convolution has other readers', () => {
    const graph = graphOf([3, 4, 4], (g, x) => {
      const y = g.conv2d('conv', x, { outChannels: 3, kernel: 1 });
      return g.add('sum', y, g.batchNorm('bn', y));
    });
    expect(nodesOf(deployForm(graph).graph)).toEqual(['conv conv2d', 'bn scale', 'sum add']);
    expect(differenceOfForms(graph, 10)).toBeLessThan(ROUNDING);
  });
});

describe('every deploy form', () => {
  const graphs = Object.entries(OP_GRAPHS).flatMap(([kind, examples]) =>
    Object.entries(examples).map(([name, graph]): [string, string, Graph] => [kind, name, graph]),
  );

  it.each(graphs)(
    '%s, %s: has no batch norm, the same output, and is its own deploy form',
    (_kind, _name, graph) => {
      const { graph: deployed, convert, counterparts } = deployForm(graph);
      expect(deployed.nodes.map(({ op }) => op.kind)).not.toContain('batchNorm');
      expect(differenceOfForms(graph, 11)).toBeLessThan(ROUNDING);
      expect(fingerprint(deployForm(deployed).graph)).toBe(fingerprint(deployed));
      expect([...convert(randomWeights(graph, 12)).keys()]).toEqual(
        graphParameters(deployed).map(({ path }) => path),
      );
      expect(counterparts).toHaveLength(deployed.nodes.length);
    },
  );

  it('names for each of its nodes the training node with the same value', () => {
    const graph = graphOf([4, 6, 6], (g, x) => {
      const conv = (name: string) =>
        g.batchNorm(`${name}.bn`, g.conv2d(`${name}.conv`, x, { outChannels: 4, kernel: 3 }));
      const sum = g.add('sum', conv('a'), conv('b'), g.activation('act', x, 'relu'));
      return g.activation('last', g.batchNorm('late', sum), 'relu');
    });
    const { graph: deployed, convert, counterparts } = deployForm(graph);
    const weights = randomWeights(graph, 13);
    const images = randomValues(BATCH * elementCount(graph.input.shape), 14);
    const options = { batch: BATCH, mode: 'inference' } as const;
    const train = referenceForward(graph, weights, images, options);
    const deploy = referenceForward(deployed, convert(weights), images, options);
    expect(counterparts.map((id) => (id === null ? null : graph.nodes[id]?.path))).toEqual([
      'input',
      null,
      'act',
      'sum',
      'late',
      'last',
    ]);
    for (const [id, counterpart] of counterparts.entries()) {
      if (counterpart === null) continue;
      expect(relativeDifference(deploy[id] ?? [], train[counterpart] ?? [])).toBeLessThan(ROUNDING);
    }
  });
});
