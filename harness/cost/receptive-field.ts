/** The receptive field: which pixels of the input one output pixel depends on, along each axis, through every branch of a graph. */
import type { Graph, GraphNode } from '../graph/graph.js';
import { applyRule, type Pair, type RuleTable } from '../graph/operations/ops.js';
import { edgePlaces, nearestPlaces } from '../graph/operations/places.js';
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
  const fieldOf = (id: number): Field => {
    const field = fields[id];
    if (!field) throw new RangeError(`Node ${id} is read before it is there.`);
    return field;
  };
  for (const node of graph.nodes) {
    fields.push(applyRule(fieldRules, node.op, node.inputs.map(fieldOf), node));
  }
  const [rows, columns] = fieldOf(graph.output.id);
  return { extent: [extentOf(rows), extentOf(columns)], jump: [rows.jump, columns.jump] };
};

/** The input pixels that a pixel depends on, from the first to the last; null where it depends on none, as padding. */
type Span = readonly [first: number, last: number] | null;

/** Along one axis of a map, or of the one pixel of a vector. */
interface Reach {
  readonly jump: number;
  /** Of every pixel. */
  readonly spans: readonly Span[];
}

type Field = readonly [rows: Reach, columns: Reach];

const extentOf = ({ spans }: Reach): number =>
  Math.max(...spans.map((span) => (span === null ? 0 : span[1] - span[0] + 1)));

/** From the first to the last pixel of all these spans. */
const joinedSpan = (spans: readonly Span[]): Span => {
  let joined: Span = null;
  for (const span of spans) {
    if (span === null) continue;
    joined = joined === null ? span : [Math.min(joined[0], span[0]), Math.max(joined[1], span[1])];
  }
  return joined;
};

const sizeOf = (shape: Shape): Pair => (isMap(shape) ? [shape[1], shape[2]] : [1, 1]);

const along = ([rows, columns]: Field, change: (reach: Reach, axis: 0 | 1) => Reach): Field => [
  change(rows, 0),
  change(columns, 1),
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
  inputs: readonly Field[],
  { shape }: GraphNode,
): Field =>
  along(only(inputs), ({ jump, spans }, axis) => ({
    jump: jump * stride[axis],
    spans: Array.from({ length: sizeOf(shape)[axis] }, (_, p) =>
      joinedSpan(
        Array.from(
          { length: kernel[axis] },
          (_tap, tap) => spans[p * stride[axis] - padding[axis] + tap * dilation[axis]] ?? null,
        ),
      ),
    ),
  }));

/** One pixel of the whole map. */
const pooled = (inputs: readonly Field[]): Field =>
  along(only(inputs), ({ jump, spans }) => ({ jump: jump * spans.length, spans: [joinedSpan(spans)] }));

const joined = (inputs: readonly Field[]): Field =>
  along(only(inputs), ({ jump, spans }, axis) => ({
    jump,
    spans: spans.map((_, p) => joinedSpan(inputs.map((field) => field[axis].spans[p] ?? null))),
  }));

/** Pixels put elsewhere: for each along an axis, its place in the map before; outside of it there is padding. */
const moved = (inputs: readonly Field[], places: (size: number, axis: 0 | 1) => readonly number[]): Field =>
  along(only(inputs), ({ jump, spans }, axis) => ({
    jump,
    spans: places(spans.length, axis).map((place) => spans[place] ?? null),
  }));

const only = ([x]: readonly Field[]): Field => {
  if (!x) throw new RangeError('The operation has no input.');
  return x;
};

const everywhere = (inputs: readonly Field[]): Field =>
  along(only(inputs), ({ jump, spans }) => {
    const all = joinedSpan(spans);
    return { jump, spans: spans.map(() => all) };
  });

const unchanged = (inputs: readonly Field[]): Field => only(inputs);

const fieldRules: RuleTable<[inputs: readonly Field[], node: GraphNode], Field> = {
  input: (_op, _inputs, { shape }) => {
    const pixels = (size: number): Reach => ({
      jump: 1,
      spans: Array.from({ length: size }, (_, p) => [p, p] as const),
    });
    const [height, width] = sizeOf(shape);
    return [pixels(height), pixels(width)];
  },
  conv2d: windowed,
  channelConv: ({ kernel: [, height, width] }, inputs, node) =>
    windowed({ kernel: [height, width], stride: [1, 1], padding: [0, 0] }, inputs, node),
  dense: (_op, inputs) => unchanged(inputs),
  batchNorm: (_op, inputs) => unchanged(inputs),
  scale: (_op, inputs) => unchanged(inputs),
  scaleGroups: (_op, inputs) => unchanged(inputs),
  layerNorm: (_op, inputs) => unchanged(inputs),
  /** The statistics bring the whole map to every pixel. */
  groupNorm: (_op, inputs) => everywhere(inputs),
  l2Norm: ({ over }, inputs) => (over === 'channels' ? unchanged(inputs) : everywhere(inputs)),
  addPositions: (_op, inputs) => unchanged(inputs),
  activation: (_op, inputs) => unchanged(inputs),
  leakyRelu: (_op, inputs) => unchanged(inputs),
  prelu: (_op, inputs) => unchanged(inputs),
  times: (_op, inputs) => unchanged(inputs),
  add: (_op, inputs) => joined(inputs),
  /** A factor for a whole map brings what it was pooled from to every pixel. */
  mul: (_op, [x, factor]) => {
    const [map, of] = [only(x ? [x] : []), only(factor ? [factor] : [])];
    return along(map, ({ jump, spans }, axis) => {
      const factors = of[axis].spans;
      const isBroadcast = factors.length < spans.length;
      return {
        jump,
        spans: spans.map((span, p) => joinedSpan([span, factors[isBroadcast ? 0 : p] ?? null])),
      };
    });
  },
  concat: (_op, inputs) => joined(inputs),
  slice: (_op, inputs) => unchanged(inputs),
  permuteChannels: (_op, inputs) => unchanged(inputs),
  globalAvgPool: (_op, inputs) => pooled(inputs),
  avgPool: windowed,
  maxPool: windowed,
  pad: ({ padding, fill }, inputs) =>
    moved(inputs, (size, axis) => {
      const [before, after] = [padding[axis], padding[axis + 2] ?? 0];
      if (fill === 'edge') return edgePlaces(before, size, after);
      return Array.from({ length: before + size + after }, (_, i) => i - before);
    }),
  resize: ({ size: sizes }, inputs) => {
    const nearest = moved(inputs, (size, axis) => nearestPlaces(size, sizes[axis]));
    return along(only(inputs), ({ jump, spans }, axis) => ({
      ...nearest[axis],
      jump: (jump * spans.length) / sizes[axis],
    }));
  },
  /** To every pixel of the first, all of the second; the rows of channel scores are channels, and see all of both. */
  matMul: ({ product }, [x, y], { shape }) => {
    const [first, second] = [only(x ? [x] : []), only(y ? [y] : [])];
    return along(first, ({ jump, spans }, axis) => {
      const met = second[axis].spans;
      if (product !== 'channel-scores')
        return { jump, spans: spans.map((span) => joinedSpan([span, ...met])) };
      const all = joinedSpan([...spans, ...met]);
      return { jump: jump * spans.length, spans: Array.from({ length: sizeOf(shape)[axis] }, () => all) };
    });
  },
  linearAttention: (_op, [query, ...others]) =>
    along(only(query ? [query] : []), ({ jump, spans }, axis) => {
      const met = others.flatMap((other) => other[axis].spans);
      return { jump, spans: spans.map((span) => joinedSpan([span, ...met])) };
    }),
  softmax: (_op, inputs) => unchanged(inputs),
  pixelSoftmax: (_op, inputs) => everywhere(inputs),
  spaceToDepth: ({ size }, inputs, node) =>
    windowed({ kernel: [size, size], stride: [size, size], padding: [0, 0] }, inputs, node),
  depthToSpace: ({ size }, inputs) => {
    const spread = moved(inputs, (length) => nearestPlaces(length, length * size));
    return along(spread, ({ jump, spans }) => ({ jump: jump / size, spans }));
  },
  flatten: (_op, inputs) => pooled(inputs),
};
