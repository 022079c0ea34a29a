/**
 * What every operation means, in float64 and plain loops: the independent answer that engines and rewrites are checked
 * against. Slow, and meant for a few small images.
 */
import { type Graph, type GraphNode, inputShapes } from '../../harness/graph/graph.js';
import {
  type ActivationFunction,
  applyRule,
  type MatrixProduct,
  type Op,
  type Pair,
  type RuleTable,
} from '../../harness/graph/operations/ops.js';
import { parametersOf } from '../../harness/graph/parameters.js';
import { elementCount, isMap, type MapShape, type Shape } from '../../harness/graph/shape.js';

export interface ReferenceOptions {
  readonly batch: number;
  /** Batch norms use running statistics in inference, and those of the batch (biased variance) in training. */
  readonly mode: 'inference' | 'training';
}

export type ReferenceWeights = ReadonlyMap<string, ArrayLike<number>>;

/** The output of every node, by id, flattened image after image. */
export const referenceForward = (
  graph: Graph,
  weights: ReferenceWeights,
  input: ArrayLike<number>,
  options: ReferenceOptions,
): readonly Float64Array[] => {
  const values: Float64Array[] = [];
  for (const node of graph.nodes) {
    const shapes = inputShapes(graph, node);
    const site: Site = {
      ...options,
      shapes,
      output: node.shape,
      inputs: node.op.kind === 'input' ? [Float64Array.from(input)] : node.inputs.map((id) => at(values, id)),
      parameter: (name) => parameterOf(graph, node, weights, name),
    };
    values.push(applyRule(referenceRules, node.op, site));
  }
  return values;
};

/** The output of one node for one image, in inference, from what it reads. */
export const referenceNode = (
  graph: Graph,
  node: GraphNode,
  weights: ReferenceWeights,
  inputs: readonly Float64Array[],
): Float64Array =>
  applyRule(referenceRules, node.op, {
    ...{ batch: 1, mode: 'inference', inputs, output: node.shape },
    shapes: inputShapes(graph, node),
    parameter: (name) => parameterOf(graph, node, weights, name),
  });

/** The output of the graph. */
export const referenceOutput = (
  graph: Graph,
  weights: ReferenceWeights,
  input: ArrayLike<number>,
  options: ReferenceOptions,
): Float64Array => at(referenceForward(graph, weights, input, options), graph.output.id);

/** max |actual - expected| / max |expected|. */
export const relativeDifference = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  if (actual.length !== expected.length)
    throw new RangeError(`Compared ${actual.length} values with ${expected.length}.`);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(at(actual, i) - at(expected, i)));
    largest = Math.max(largest, Math.abs(at(expected, i)));
  }
  return difference / largest;
};

interface Site extends ReferenceOptions {
  readonly inputs: readonly Float64Array[];
  readonly shapes: readonly Shape[];
  readonly output: Shape;
  readonly parameter: (name: string) => ArrayLike<number>;
}

const referenceRules: RuleTable<[site: Site], Float64Array> = {
  input: (_op, { inputs }) => at(inputs, 0),
  conv2d: (op, site) => {
    const [inChannels] = mapOf(site.shapes[0]);
    const kernel = site.parameter('weight');
    const groupInputs = inChannels / op.groups;
    const groupOutputs = op.outChannels / op.groups;
    const taps = elementCount(op.kernel);
    return eachPixel(site, (n, channel, row, column, pixel) => {
      const firstInput = Math.floor(channel / groupOutputs) * groupInputs;
      let sum = op.bias ? at(site.parameter('bias'), channel) : 0;
      for (let c = 0; c < groupInputs; c++) {
        eachTap(op, row, column, (y, x, tap) => {
          const weight = at(kernel, (channel * groupInputs + c) * taps + tap);
          sum += weight * pixel(n, firstInput + c, y, x);
        });
      }
      return sum;
    });
  },
  channelConv: (op, site) => {
    const [outChannels] = mapOf(site.output);
    const [depth, height, width] = op.kernel;
    const kernel = site.parameter('weight');
    const maps = outChannels / op.filters;
    return eachPixel(site, (n, channel, row, column, pixel) => {
      const filter = Math.floor(channel / maps);
      const start = (channel % maps) * op.channelStride - op.channelPadding[0];
      let sum = 0;
      for (let d = 0; d < depth; d++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const weight = at(kernel, ((filter * depth + d) * height + y) * width + x);
            sum += weight * pixel(n, start + d, row + y, column + x);
          }
        }
      }
      return sum;
    });
  },
  dense: (op, { batch, inputs, shapes, parameter }) => {
    const features = elementCount(shapes[0] ?? []);
    return Float64Array.from({ length: batch * op.outFeatures }, (_, i) => {
      const [n, out] = [Math.floor(i / op.outFeatures), i % op.outFeatures];
      let sum = op.bias ? at(parameter('bias'), out) : 0;
      for (let k = 0; k < features; k++)
        sum += at(parameter('weight'), out * features + k) * at(at(inputs, 0), n * features + k);
      return sum;
    });
  },
  batchNorm: (op, site) => {
    const [channels] = mapOf(site.output);
    const statistics = Array.from({ length: channels }, (_, c) =>
      site.mode === 'training'
        ? momentsOf(channelValues(site, c))
        : { mean: at(site.parameter('running_mean'), c), variance: at(site.parameter('running_var'), c) },
    );
    return eachPixel(site, (n, c, row, column, pixel) => {
      const { mean, variance } = at(statistics, c);
      const normalised = (pixel(n, c, row, column) - mean) / Math.sqrt(variance + op.epsilon);
      return at(site.parameter('weight'), c) * normalised + at(site.parameter('bias'), c);
    });
  },
  scale: (op, site) =>
    eachPixel(site, (n, c, row, column, pixel) => {
      const scaled = at(site.parameter('weight'), c) * pixel(n, c, row, column);
      return op.bias ? scaled + at(site.parameter('bias'), c) : scaled;
    }),
  scaleGroups: (op, site) => {
    const [channels] = mapOf(site.output);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const group = Math.floor((c * op.groups) / channels);
      const offset = op.bias ? at(site.parameter('bias'), group) : 0;
      return at(site.parameter('weight'), group) * pixel(n, c, row, column) + offset;
    });
  },
  l2Norm: ({ over, epsilon }, site) => {
    const [channels, height, width] = mapOf(site.output);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const squares =
        over === 'channels'
          ? sumOf(channels, (i) => pixel(n, i, row, column) ** 2)
          : sumOf(height * width, (i) => pixel(n, c, Math.floor(i / width), i % width) ** 2);
      return pixel(n, c, row, column) / Math.max(Math.sqrt(squares), epsilon);
    });
  },
  addPositions: ({ codes, temperature }, site) => {
    const [, height, width] = mapOf(site.output);
    /** The codes of a place along an axis, as sines and cosines in turn. */
    const code = (place: number, size: number, k: number): number => {
      const position = (2 * Math.PI * (place + 1)) / (size + 1e-6);
      const angle = position / temperature ** ((2 * Math.floor(k / 2)) / codes);
      return k % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    };
    return eachPixel(site, (n, c, row, column, pixel) => {
      const weight = (k: number): number => at(site.parameter('weight'), 2 * codes * c + k);
      const ofRow = sumOf(codes, (k) => weight(k) * code(row, height, k));
      const ofColumn = sumOf(codes, (k) => weight(codes + k) * code(column, width, k));
      return pixel(n, c, row, column) + ofRow + ofColumn + at(site.parameter('bias'), c);
    });
  },
  layerNorm: (op, site) => {
    const [channels] = mapOf(site.output);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const values = Array.from({ length: channels }, (_, i) => pixel(n, i, row, column));
      return normalised(pixel(n, c, row, column), values, op.epsilon, c, site);
    });
  },
  groupNorm: (op, site) => {
    const [channels, height, width] = mapOf(site.output);
    const perGroup = channels / op.groups;
    return eachPixel(site, (n, c, row, column, pixel) => {
      const start = Math.floor(c / perGroup) * perGroup;
      const values = Array.from({ length: perGroup * height * width }, (_, i) =>
        pixel(n, start + Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width),
      );
      return normalised(pixel(n, c, row, column), values, op.epsilon, c, site);
    });
  },
  leakyRelu: (op, { inputs }) => at(inputs, 0).map((x) => (x > 0 ? x : op.slope * x)),
  prelu: (op, site) =>
    eachPixel(site, (n, c, row, column, pixel) => {
      const x = pixel(n, c, row, column);
      return x > 0 ? x : at(site.parameter('weight'), op.perChannel ? c : 0) * x;
    }),
  times: (op, { inputs }) => at(inputs, 0).map((x) => op.factor * x),
  activation: (op, { inputs }) => at(inputs, 0).map(ACTIVATION[op.function]),
  add: (_op, { inputs }) =>
    at(inputs, 0).map((_, i) => inputs.reduce((sum, values) => sum + at(values, i), 0)),
  mul: (_op, { inputs, shapes, output }) => {
    const [channels, ...size] = output;
    const [given, pixels] = [shapes[1] ?? output, elementCount(size)];
    const factorOf = (i: number): number => {
      const [channel, pixel] = [Math.floor(i / pixels), i % pixels];
      if (elementCount(given.slice(1)) < pixels) return channel;
      return given[0] < channels ? Math.floor(channel / channels) * pixels + pixel : i;
    };
    return at(inputs, 0).map((value, i) => value * at(at(inputs, 1), factorOf(i)));
  },
  concat: (_op, { batch, inputs, shapes }) =>
    Float64Array.from(
      Array.from({ length: batch }, (_, n) =>
        inputs.flatMap((values, k) => {
          const size = elementCount(at(shapes, k));
          return [...values.subarray(n * size, (n + 1) * size)];
        }),
      ).flat(),
    ),
  slice: (op, site) => eachPixel(site, (n, c, row, column, pixel) => pixel(n, op.start + c, row, column)),
  permuteChannels: (op, site) => {
    const [channels] = mapOf(site.output);
    const perGroup = channels / op.groups;
    return eachPixel(site, (n, c, row, column, pixel) => {
      const [place, group] = [Math.floor(c / op.groups), c % op.groups];
      return pixel(n, group * perGroup + place, row, column);
    });
  },
  globalAvgPool: (_op, site) => {
    const [, height, width] = mapOf(site.shapes[0]);
    return eachPixel(site, (n, c, _row, _column, pixel) => {
      let sum = 0;
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += pixel(n, c, y, x);
      return sum / (height * width);
    });
  },
  avgPool: (op, site) =>
    eachPixel(site, (n, c, row, column, pixel) => {
      let sum = 0;
      eachTap(op, row, column, (y, x) => {
        sum += pixel(n, c, y, x);
      });
      return sum / elementCount(op.kernel);
    }),
  maxPool: (op, site) => {
    const [, height, width] = mapOf(site.shapes[0]);
    return eachPixel(site, (n, c, row, column, pixel) => {
      let largest = Number.NEGATIVE_INFINITY;
      eachTap(op, row, column, (y, x) => {
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        if (inside) largest = Math.max(largest, pixel(n, c, y, x));
      });
      return largest;
    });
  },
  pad: ({ padding: [top, left], fill }, site) => {
    const [, height, width] = mapOf(site.shapes[0]);
    const nearest = (i: number, size: number): number => Math.min(Math.max(i, 0), size - 1);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const [y, x] = [row - top, column - left];
      return fill === 'zero' ? pixel(n, c, y, x) : pixel(n, c, nearest(y, height), nearest(x, width));
    });
  },
  resize: ({ size }, site) => {
    const [, height, width] = mapOf(site.shapes[0]);
    return eachPixel(site, (n, c, row, column, pixel) =>
      pixel(n, c, Math.floor((row * height) / size[0]), Math.floor((column * width) / size[1])),
    );
  },
  matMul: (op, site) => PRODUCTS[op.product](op, site),
  linearAttention: ({ heads, epsilon }, site) => {
    const [query, key, value] = [0, 1, 2].map((i) =>
      pixelsOf({ ...site, inputs: site.inputs.slice(i), shapes: site.shapes.slice(i) }),
    );
    if (!query || !key || !value) throw new RangeError('Linear attention has three inputs.');
    const [channels, height, width] = mapOf(site.shapes[1]);
    const [depth, breadth] = [channels / heads, mapOf(site.output)[0] / heads];
    return eachPixel(site, (n, c, row, column) => {
      const first = Math.floor(c / breadth) * depth;
      const overPixels = (term: (y: number, x: number) => number): number =>
        sumOf(height * width, (i) => term(Math.floor(i / width), i % width));
      const asked = (term: (channel: number) => number): number =>
        sumOf(depth, (i) => query(n, first + i, row, column) * term(first + i));
      const answer = asked((k) => overPixels((y, x) => key(n, k, y, x) * value(n, c, y, x)));
      return answer / (asked((k) => overPixels((y, x) => key(n, k, y, x))) + epsilon);
    });
  },
  softmax: (op, site) => {
    const [channels] = mapOf(site.output);
    const perGroup = channels / op.groups;
    return eachPixel(site, (n, c, row, column, pixel) => {
      const start = Math.floor(c / perGroup) * perGroup;
      const values = Array.from({ length: perGroup }, (_, i) => pixel(n, start + i, row, column));
      return weightOf(pixel(n, c, row, column), values);
    });
  },
  pixelSoftmax: (_op, site) => {
    const [, height, width] = mapOf(site.output);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const values = Array.from({ length: height * width }, (_, i) =>
        pixel(n, c, Math.floor(i / width), i % width),
      );
      return weightOf(pixel(n, c, row, column), values);
    });
  },
  spaceToDepth: ({ size }, site) => {
    const [channels] = mapOf(site.shapes[0]);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const place = Math.floor(c / channels);
      return pixel(n, c % channels, row * size + Math.floor(place / size), column * size + (place % size));
    });
  },
  depthToSpace: ({ size }, site) => {
    const [channels] = mapOf(site.output);
    return eachPixel(site, (n, c, row, column, pixel) => {
      const place = (row % size) * size + (column % size);
      return pixel(n, place * channels + c, Math.floor(row / size), Math.floor(column / size));
    });
  },
  flatten: (_op, { inputs }) => at(inputs, 0),
};

/** Each value of a matrix product of two maps as a sum over their channels or pixels. */
const PRODUCTS: Record<MatrixProduct, (op: Op<'matMul'>, site: Site) => Float64Array> = {
  'pixel-scores': (op, site) => {
    const { x, y, channels, groupOfY } = factors(op, site);
    const [, , width] = mapOf(site.shapes[1]);
    const met = elementCount(mapOf(site.shapes[1]).slice(1));
    return eachPixel(site, (n, c, row, column) => {
      const [group, place] = [Math.floor(c / met), c % met];
      return sumOf(channels, (i) => {
        const other = y(n, groupOfY(group) + i, Math.floor(place / width), place % width);
        return x(n, group * channels + i, row, column) * other;
      });
    });
  },
  'weighted-pixels': (op, site) => {
    const { x, y, channels, groupOfY } = factors(op, site);
    const [, , width] = mapOf(site.shapes[1]);
    const perGroup = mapOf(site.output)[0] / op.groups;
    return eachPixel(site, (n, c, row, column) => {
      const [group, place] = [Math.floor(c / perGroup), c % perGroup];
      return sumOf(channels, (i) => {
        const value = y(n, groupOfY(group) + place, Math.floor(i / width), i % width);
        return x(n, group * channels + i, row, column) * value;
      });
    });
  },
  'channel-scores': (op, site) => {
    const { x, y, channels, groupOfY } = factors(op, site);
    const [[, height, width], [, , widthOfY]] = [mapOf(site.shapes[0]), mapOf(site.shapes[1])];
    return eachPixel(site, (n, c, row) => {
      const group = Math.floor(c / channels);
      return sumOf(height * width, (i) => {
        const other = y(n, groupOfY(group) + row, Math.floor(i / widthOfY), i % widthOfY);
        return x(n, c, Math.floor(i / width), i % width) * other;
      });
    });
  },
};

/** The values of both inputs, the channels of a group of the first, and the first channel of a group of the second. */
const factors = (op: Op<'matMul'>, site: Site) => {
  const channelsOfY = mapOf(site.shapes[1])[0];
  return {
    x: pixelsOf(site),
    y: pixelsOf({ ...site, inputs: site.inputs.slice(1), shapes: site.shapes.slice(1) }),
    channels: mapOf(site.shapes[0])[0] / op.groups,
    groupOfY: (group: number): number => (op.shared ? 0 : (group * channelsOfY) / op.groups),
  };
};

const sumOf = (count: number, term: (i: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
};

/** The share of a value in a softmax of these. */
const weightOf = (x: number, values: readonly number[]): number => {
  const largest = Math.max(...values);
  const exponential = (value: number): number => Math.exp(value - largest);
  return exponential(x) / sumOf(values.length, (i) => exponential(at(values, i)));
};

/** A value less the mean of these, over their deviation, with the channel's factor and offset. */
const normalised = (
  x: number,
  values: readonly number[],
  epsilon: number,
  channel: number,
  site: Site,
): number => {
  const { mean, variance } = momentsOf(values);
  const scaled = at(site.parameter('weight'), channel) * ((x - mean) / Math.sqrt(variance + epsilon));
  return scaled + at(site.parameter('bias'), channel);
};

/** erf x = 2 / sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n + 1) / (1 * 3 * ... * (2n + 1)); to rounding below 6, 1 beyond. */
const erf = (x: number): number => {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const hardSigmoid = (x: number): number => Math.min(Math.max(x / 6 + 0.5, 0), 1);

const ACTIVATION: Record<ActivationFunction, (x: number) => number> = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  'hard-swish': (x) => x * hardSigmoid(x),
  'hard-sigmoid': hardSigmoid,
  sigmoid,
};

type Window = Pick<Op<'avgPool'>, 'kernel' | 'stride' | 'padding'> & { readonly dilation?: Pair };

/** Calls with the input row and column under every tap of the window, which may lie outside of the map. */
const eachTap = (
  { kernel, stride, padding, dilation = [1, 1] }: Window,
  row: number,
  column: number,
  visit: (y: number, x: number, tap: number) => void,
): void => {
  const [top, left] = [row * stride[0] - padding[0], column * stride[1] - padding[1]];
  for (let i = 0; i < kernel[0]; i++)
    for (let j = 0; j < kernel[1]; j++)
      visit(top + i * dilation[0], left + j * dilation[1], i * kernel[1] + j);
};

const eachPixel = (
  site: Site,
  compute: (n: number, channel: number, row: number, column: number, pixel: Pixel) => number,
): Float64Array => {
  const { batch, output } = site;
  const [channels, height, width] = mapOf(output);
  const pixel = pixelsOf(site);
  const values = new Float64Array(batch * channels * height * width);
  let index = 0;
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) values[index++] = compute(n, c, row, column, pixel);
  return values;
};

type Pixel = (n: number, c: number, y: number, x: number) => number;

/** The values of the first input, zero outside of it. */
const pixelsOf = ({ inputs, shapes }: Site): Pixel => {
  const [channels, height, width] = mapOf(shapes[0]);
  const values = at(inputs, 0);
  return (n, c, y, x) => {
    if (c < 0 || c >= channels || y < 0 || y >= height || x < 0 || x >= width) return 0;
    return at(values, ((n * channels + c) * height + y) * width + x);
  };
};

const channelValues = (site: Site, channel: number): readonly number[] => {
  const pixel = pixelsOf(site);
  const [, height, width] = mapOf(site.shapes[0]);
  return Array.from({ length: site.batch * height * width }, (_, i) => {
    const [n, place] = [Math.floor(i / (height * width)), i % (height * width)];
    return pixel(n, channel, Math.floor(place / width), place % width);
  });
};

const momentsOf = (values: readonly number[]): { readonly mean: number; readonly variance: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
};

const parameterOf = (
  graph: Graph,
  node: GraphNode,
  weights: ReferenceWeights,
  name: string,
): ArrayLike<number> => {
  const parameter = parametersOf(graph, node).find((candidate) => candidate.name === name);
  const values = parameter && weights.get(parameter.path);
  if (!parameter || values?.length !== parameter.size) {
    throw new RangeError(`${node.path} has no ${name} of the right size.`);
  }
  return values;
};

const mapOf = (shape: Shape | undefined): MapShape => {
  if (shape && isMap(shape)) return shape;
  throw new TypeError('A map was expected.');
};

const at = <T>(values: ArrayLike<T>, index: number): T => {
  const value = values[index];
  if (value === undefined) throw new RangeError(`There is no value ${index} among ${values.length}.`);
  return value;
};
