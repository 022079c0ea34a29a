import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cost } from '../../../../harness/cost/cost.js';
import { GraphBuilder, type Value } from '../../../../harness/graph/build/builder.js';
import type { Graph, GraphNode } from '../../../../harness/graph/graph.js';
import type { Op } from '../../../../harness/graph/operations/ops.js';
import type { Shape } from '../../../../harness/graph/shape.js';
import { UserError } from '../../../../harness/user/user-error.js';
import { OP_GRAPHS } from '../../../support/op-graphs.js';
import { refusalOf } from '../../../support/refusal.js';

const NOT_A_COUNT = [-1, -4, 0.5, 2.5, 160.64, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 20 + 1, '3', null];

/** What no attribute that holds such a value may be. */
const unlike = (value: unknown): fc.Arbitrary<unknown> => {
  const missing = fc.constant(undefined);
  if (Array.isArray(value)) {
    const entry = fc.tuple(fc.nat(value.length - 1), fc.constantFrom(...NOT_A_COUNT, undefined));
    const wrongEntry = entry.map(([place, wrong]) => value.map((old, i) => (i === place ? wrong : old)));
    return fc.oneof(missing, wrongEntry, fc.constantFrom(value.slice(1), [...value, 1], 1));
  }
  if (typeof value === 'number') return fc.oneof(missing, fc.constantFrom(...NOT_A_COUNT), fc.constant([1]));
  if (typeof value === 'boolean') return fc.oneof(missing, fc.constantFrom(0, 1, 'false', null));
  return fc.oneof(missing, fc.constantFrom('swish', 'ReLU', '', 'toString', null, 1));
};

/** What attributes that are no counts may not be. */
const WRONG_NUMBERS: Readonly<Record<string, readonly unknown[]>> = {
  epsilon: [0, -1e-5, 1.5, Number.NaN, 1e-30, '1e-5', undefined],
  slope: [-0.1, 1.5, Number.NaN, '0.1', undefined],
  temperature: [0.5, -2, 2 ** 21, Number.NaN, '10', undefined],
  factor: [2 ** 21, Number.NaN, Number.NEGATIVE_INFINITY, '2', undefined],
};

const anyWrong = (attribute: string, value: unknown): fc.Arbitrary<unknown> => {
  const wrong = WRONG_NUMBERS[attribute];
  return wrong ? fc.constantFrom(...wrong) : unlike(value);
};

const attributes = Object.values(OP_GRAPHS).flatMap((examples) =>
  Object.entries(examples).flatMap(([name, graph]) => {
    const node = graph.nodes[graph.output.id];
    return Object.entries(node?.op ?? {}).flatMap(([attribute, value]) =>
      attribute === 'kind' || node === undefined
        ? []
        : [{ kind: node.op.kind, name, attribute, value, graph, node }],
    );
  }),
);

/** The graph up to a node, with another operation in its place. */
const withOp = (graph: Graph, node: GraphNode, op: Op): Value<Shape> => {
  const g = GraphBuilder.create();
  const values: Value<Shape>[] = [];
  for (const { path, op: old, inputs } of graph.nodes.slice(0, node.id + 1)) {
    const read = inputs.flatMap((id) => values[id] ?? []);
    values.push(path === node.path ? g.scope('part').append('wrong', op, read) : g.append(path, old, read));
  }
  const result = values[node.id];
  if (result === undefined) throw new RangeError('the node is not in its graph');
  return result;
};

const errorOf = (build: () => unknown): UserError => {
  try {
    build();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
};

describe.each(attributes)('$kind, $name: $attribute', ({ kind, attribute, value, graph, node }) => {
  it('is refused outside its domain, with path, attribute and what is expected', () => {
    fc.assert(
      fc.property(anyWrong(attribute, value), (wrong) => {
        // The attributes of an operation are read-only and typed; a user's plain JavaScript is not.
        const op = { ...node.op, [attribute]: wrong } as Op;
        const { message, remedy } = errorOf(() => withOp(graph, node, op));
        expect(message.startsWith(`part.wrong (${kind}): ${attribute}=`)).toBe(true);
        expect(message.endsWith(' is not allowed.')).toBe(true);
        expect(remedy.startsWith(`${attribute} must be `)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('is accepted where it is', () => {
    expect(withOp(graph, node, node.op).shape).toEqual(node.shape);
  });
});

describe('what a block may ask for', () => {
  const onInput = (build: (g: GraphBuilder, x: Value) => unknown) => () => {
    const g = GraphBuilder.create();
    return build(g, g.input([8, 6, 6]));
  };
  const conv = (options: object) =>
    onInput((g, x) => g.scope('pw').conv2d('conv', x, { outChannels: 4, kernel: 3, ...options }));

  it.each<[string, () => unknown, string]>([
    [
      'no stride',
      conv({ stride: 0 }),
      'pw.conv (conv2d): stride=0 is not allowed. stride must be [height, width], each a whole number from 1 to 1048576.',
    ],
    ['half a tap', conv({ kernel: [3, 2.5] }), 'pw.conv (conv2d): kernel=[3, 2.5] is not allowed.'],
    ['no kernel', conv({ kernel: undefined }), 'pw.conv (conv2d): kernel=undefined is not allowed.'],
    [
      'fewer channels than none',
      conv({ outChannels: -4 }),
      'pw.conv (conv2d): outChannels=-4 is not allowed. outChannels must be a whole number from 1 to 1048576.',
    ],
    [
      'a part of a channel',
      conv({ outChannels: 160.64 }),
      'pw.conv (conv2d): outChannels=160.64 is not allowed.',
    ],
    ['padding that takes away', conv({ padding: -1 }), 'pw.conv (conv2d): padding=-1 is not allowed.'],
    ['no dilation', conv({ dilation: 0 }), 'pw.conv (conv2d): dilation=0 is not allowed.'],
    ['no groups', conv({ groups: 0 }), 'pw.conv (conv2d): groups=0 is not allowed.'],
    [
      'an option that is misspelt',
      conv({ stide: 2 }),
      'pw.conv (conv2d): unknown field stide. Known fields: outChannels, kernel, stride, padding, dilation, groups, bias.',
    ],
    [
      'a negative epsilon',
      onInput((g, x) => g.batchNorm('bn', x, -1)),
      'bn (batchNorm): epsilon=-1 is not allowed. epsilon must be a number from 1e-12 to 1.',
    ],
    [
      'half a channel of a slice',
      onInput((g, x) => g.slice('part', x, 0, 1.5)),
      'part (slice): end=1.5 is not allowed.',
    ],
    [
      'a slice that ends before it begins',
      onInput((g, x) => g.slice('part', x, 3, 2)),
      'part (slice): takes channels 3 to 2 of 8. Choose 0 <= start < end <= 8.',
    ],
    [
      'a permutation that is none',
      onInput((g, x) => g.permuteChannels('mix', x, 3)),
      'mix (permuteChannels): 3 groups do not divide 8 channels.',
    ],
    [
      'an unknown activation',
      onInput((g, x) => g.append('act', { kind: 'activation', function: 'swish' } as unknown as Op, [x])),
      "act (activation): function='swish' is not allowed. function must be one of relu, relu6, silu, gelu, hard-swish, hard-sigmoid, sigmoid.",
    ],
    [
      'half a class',
      onInput((g, x) => g.dense('fc', g.flatten('flat', x), 10.5)),
      'fc (dense): outFeatures=10.5 is not allowed.',
    ],
  ])('%s is refused', async (_what, build, text) => {
    expect(await refusalOf(build)).toContain(text);
  });

  it('costs a whole number of everything, whatever it asks for and is given', () => {
    const number = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.double({ min: -2, max: 9 }));
    const options = fc.record(
      {
        outChannels: number,
        kernel: number,
        stride: number,
        padding: number,
        dilation: number,
        groups: number,
      },
      { requiredKeys: ['outChannels', 'kernel'] },
    );
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 9 }), (asked, size) => {
        const g = GraphBuilder.create();
        const x = g.input([8, size, size]);
        let y: Value;
        try {
          y = g.conv2d('conv', x, asked);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        const { params, macs, flops } = cost(g.finish(y));
        for (const total of [params, macs, flops]) {
          expect(Number.isSafeInteger(total)).toBe(true);
          expect(total).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
