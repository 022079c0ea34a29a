/** The receptive field: which pixels of the input one output pixel depends on, along each axis, through every branch of a graph. */
import { type Graph, type GraphNode, inputShapes } from '../graph/graph.js';
import { applyRule, type Pair, type RuleTable } from '../graph/ops.js';
import { isMap, type Shape } from '../graph/shape.js';

/** The receptive field of a graph, in pixels of its input. */
export interface ReceptiveField {
  /**
   * Pixels from the first to the last that one output pixel depends on: the most over all output pixels, cut off at the edges of the
   * input.
   */
  readonly extent: Pair;
  /** Input pixels from one output pixel to the next. */
  readonly jump: Pair;
}

/** Exact, by following every path from the output pixels back to the input. */
export const receptiveField = (graph: Graph): ReceptiveField => {
  const fields: Field[] = [];
  const fieldOf = (id: number): Field => fields[id] ?? WHOLE_INPUT;
  for (const node of graph.nodes) {
    fields.push(applyRule(fieldRules, node.op, node.inputs.map(fieldOf), inputShapes(graph, node), node));
  }
  const [rows, columns] = fieldOf(graph.output.id);
  const [, height, width] = graph.input.shape;
  const [outputHeight, outputWidth] = sizeOf(graph.output.shape);
  return {
    extent: [extentOf(rows, outputHeight, height), extentOf(columns, outputWidth, width)],
    jump: [rows.jump, columns.jump],
  };
};

/** Along one axis the output pixel p depends on the input pixels from `p * jump - before` to `p * jump + after`. */
interface Reach {
  readonly jump: number;
  readonly before: number;
  readonly after: number;
}

type Field = readonly [rows: Reach, columns: Reach];

const PIXEL: Reach = { jump: 1, before: 0, after: 0 };

const EVERYTHING: Reach = { jump: 1, before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };

const WHOLE_INPUT: Field = [EVERYTHING, EVERYTHING];

/** The longest part of a reach that lies inside the input, over all output pixels. */
const extentOf = ({ jump, before, after }: Reach, outputs: number, inputs: number): number => {
  const extents = Array.from({ length: outputs }, (_, p) => {
    const first = Math.max(0, p * jump - before);
    const last = Math.min(inputs - 1, p * jump + after);
    return last - first + 1;
  });
  return Math.max(...extents);
};

const sizeOf = (shape: Shape): Pair => (isMap(shape) ? [shape[1], shape[2]] : [1, 1]);

const along = <A>(pair: readonly [A, A], change: (value: A, axis: 0 | 1) => Reach): Field => [
  change(pair[0], 0),
  change(pair[1], 1),
];

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation?: Pair;
}

/** Output pixel p stands on `p * stride - padding` and the `(kernel - 1) * dilation` pixels after it. */
const windowed = (
  { kernel, stride, padding, dilation = [1, 1] }: Window,
  [x = WHOLE_INPUT]: readonly Field[],
) =>
  along(x, ({ jump, before, after }, axis) => ({
    jump: jump * stride[axis],
    before: before + padding[axis] * jump,
    after: after + ((kernel[axis] - 1) * dilation[axis] - padding[axis]) * jump,
  }));

/** A window over the whole map. */
const pooled = ([x = WHOLE_INPUT]: readonly Field[], [shape = [1]]: readonly Shape[]): Field => {
  const size = sizeOf(shape);
  return windowed({ kernel: size, stride: size, padding: [0, 0] }, [x]);
};

const joined = ([first = WHOLE_INPUT, ...others]: readonly Field[]): Field =>
  along(first, ({ jump, before, after }, axis) => ({
    jump,
    before: Math.max(before, ...others.map((other) => other[axis].before)),
    after: Math.max(after, ...others.map((other) => other[axis].after)),
  }));

const unchanged = ([x = WHOLE_INPUT]: readonly Field[]): Field => x;

const fieldRules: RuleTable<[inputs: readonly Field[], shapes: readonly Shape[], node: GraphNode], Field> = {
  input: () => [PIXEL, PIXEL],
  conv2d: (op, inputs) => windowed(op, inputs),
  channelConv: ({ kernel: [, height, width] }, inputs) =>
    windowed({ kernel: [height, width], stride: [1, 1], padding: [0, 0] }, inputs),
  dense: (_op, inputs) => unchanged(inputs),
  batchNorm: (_op, inputs) => unchanged(inputs),
  scale: (_op, inputs) => unchanged(inputs),
  activation: (_op, inputs) => unchanged(inputs),
  add: (_op, inputs) => joined(inputs),
  /** A factor for a whole map brings what it was pooled from to every pixel. */
  mul: (_op, inputs, [x, factor]) => {
    const broadcast = x !== undefined && factor !== undefined && elementsPerMap(factor) < elementsPerMap(x);
    if (!broadcast) return joined(inputs);
    const [first = WHOLE_INPUT] = inputs;
    return along(first, ({ jump }) => ({ ...EVERYTHING, jump }));
  },
  concat: (_op, inputs) => joined(inputs),
  slice: (_op, inputs) => unchanged(inputs),
  permuteChannels: (_op, inputs) => unchanged(inputs),
  globalAvgPool: (_op, inputs, shapes) => pooled(inputs, shapes),
  avgPool: (op, inputs) => windowed(op, inputs),
  maxPool: (op, inputs) => windowed(op, inputs),
  flatten: (_op, inputs, shapes) => pooled(inputs, shapes),
};

const elementsPerMap = (shape: Shape): number => {
  const [height, width] = sizeOf(shape);
  return height * width;
};
