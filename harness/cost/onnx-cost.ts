/**
 * The second count: costs from the nodes of an exported ONNX file alone, by the definitions of `rules.ts` but sharing nothing
 * with our graph, its shapes or its rules. The two counts must agree exactly.
 */
import { elementCount } from '../graph/shape.js';
import type { Totals } from './cost.js';
import { type OnnxConstant, type OnnxFile, type OnnxNode, readOnnx } from './onnx-file.js';

/** Parameters, MACs and FLOPs of one image. Throws TypeError at an operator that has no rule. */
export const onnxCost = (bytes: Uint8Array): Totals => {
  const file = readOnnx(bytes);
  const shapes = new Map(file.constants.map(({ name, shape }) => [name, shape]));
  shapes.set(NOT_GIVEN, []);
  shapes.set(file.input.name, file.input.shape);
  const constants = new Map(file.constants.map((constant) => [constant.name, constant]));
  let [macs, flops] = [0, 0];
  for (const node of file.nodes) {
    const effect = effectOf(node, {
      shapes: node.inputs.map((name) => lookUp(shapes, name)),
      integers: (index) => lookUp(constants, node.inputs[index] ?? '').integers ?? [],
      floats: (index) => lookUp(constants, node.inputs[index] ?? '').floats(),
      attribute: (name, fallback) => node.attributes.get(name) ?? fallback,
    });
    shapes.set(node.output, effect.shape);
    macs += effect.macs ?? 0;
    flops += effect.flops ?? 0;
  }
  return { params: learnableScalars(file), macs, flops };
};

/** The name of an optional input that is left out. */
const NOT_GIVEN = '';

/**
 * Float constants but for the fixed numbers in formulas, which have no axes, the statistics that batch norms read, the ones and zeros of
 * instance norms, whose factors stand after them, the codes of positions that are convolved, and by what maps are resized.
 */
const learnableScalars = ({ nodes, constants }: OnnxFile): number => {
  const inputsOf = (wanted: string): readonly (readonly string[])[] =>
    nodes.filter(({ operator }) => operator === wanted).map(({ inputs }) => inputs);
  const fixed = new Set([
    ...inputsOf('BatchNormalization').flatMap((inputs) => inputs.slice(3)),
    ...inputsOf('InstanceNormalization').flatMap((inputs) => inputs.slice(1)),
    ...inputsOf('Conv').flatMap((inputs) => inputs.slice(0, 1)),
    ...inputsOf('Resize').flatMap((inputs) => inputs.slice(1)),
  ]);
  const learnable = ({ name, shape, integers }: OnnxConstant): boolean =>
    integers === null && shape.length > 0 && !fixed.has(name);
  return constants.filter(learnable).reduce((sum, { shape }) => sum + elementCount(shape), 0);
};

type OnnxShape = readonly number[];

interface Effect {
  readonly shape: OnnxShape;
  readonly macs?: number;
  readonly flops?: number;
}

interface NodeView {
  readonly shapes: readonly OnnxShape[];
  /** Values of the whole-number constant that is this input. */
  readonly integers: (input: number) => readonly number[];
  /** The same of a float32 constant. */
  readonly floats: (input: number) => readonly number[];
  readonly attribute: (name: string, fallback: readonly number[]) => readonly number[];
}

type Rule = (view: NodeView) => Effect;

const effectOf = ({ operator, name }: OnnxNode, view: NodeView): Effect => {
  const rule = RULES[operator];
  if (!rule) throw new TypeError(`No cost is known for the operator ${operator} of node ${name}.`);
  return rule(view);
};

const inputShape = ({ shapes }: NodeView, index: number): OnnxShape => {
  const shape = shapes[index];
  if (!shape) throw new RangeError(`The node has no input ${index}.`);
  return shape;
};

/** A rule for operators that give each element of their output at a fixed price; inputs are broadcast against each other. */
const elementwise =
  (flopsPerElement: (view: NodeView) => number): Rule =>
  (view) => {
    const rank = Math.max(...view.shapes.map((shape) => shape.length));
    const aligned = view.shapes.map((shape) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
    const shape = Array.from({ length: rank }, (_, axis) =>
      Math.max(...aligned.map((dims) => dims[axis] ?? 1)),
    );
    return { shape, flops: flopsPerElement(view) * elementCount(shape) };
  };

const unary =
  (flopsPerElement: number): Rule =>
  (view) => {
    const shape = inputShape(view, 0);
    return { shape, flops: flopsPerElement * elementCount(shape) };
  };

const multiplyAdds = (shape: OnnxShape, macs: number, bias: boolean): Effect => ({
  shape,
  macs,
  flops: 2 * macs + (bias ? elementCount(shape) : 0),
});

/** floor((size + pads - dilation * (kernel - 1) - 1) / stride) + 1 on every spatial axis. */
const slidOver = (view: NodeView, kernel: OnnxShape): OnnxShape => {
  const ones = kernel.map(() => 1);
  const [strides, dilations] = [view.attribute('strides', ones), view.attribute('dilations', ones)];
  const pads = view.attribute('pads', []);
  return kernel.map((extent, axis) => {
    const padding = (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    const room = (inputShape(view, 0)[axis + 2] ?? 1) + padding - (dilations[axis] ?? 1) * (extent - 1) - 1;
    return Math.floor(room / (strides[axis] ?? 1)) + 1;
  });
};

const pool =
  (flopsPerElement: (kernelElements: number) => number): Rule =>
  (view) => {
    const kernel = view.attribute('kernel_shape', []);
    const shape = [...inputShape(view, 0).slice(0, 2), ...slidOver(view, kernel)];
    return { shape, flops: flopsPerElement(elementCount(kernel)) * elementCount(shape) };
  };

const RULES: Readonly<Record<string, Rule>> = {
  Conv: (view) => {
    const [outChannels = 0, inputsPerGroup = 0, ...kernel] = inputShape(view, 1);
    const shape = [inputShape(view, 0)[0] ?? 1, outChannels, ...slidOver(view, kernel)];
    const macs = elementCount(shape) * inputsPerGroup * elementCount(kernel);
    return multiplyAdds(shape, macs, view.shapes.length > 2);
  },
  Gemm: (view) => {
    const [rows = 0, inFeatures = 0] = inputShape(view, 0);
    const [outFeatures = 0] = inputShape(view, 1);
    const macs = rows * inFeatures * outFeatures;
    return multiplyAdds([rows, outFeatures], macs, view.shapes.length > 2);
  },
  /** Of matrices, the axes before the last two broadcast against each other. */
  MatMul: (view) => {
    const [a, b] = [inputShape(view, 0), inputShape(view, 1)];
    const [summed = 0, columns = 0] = [a.at(-1), b.at(-1)];
    const shape = [
      ...a.slice(0, -2).map((size, axis) => Math.max(size, b[axis] ?? 1)),
      a.at(-2) ?? 0,
      columns,
    ];
    return multiplyAdds(shape, elementCount(shape) * summed, false);
  },
  Softmax: unary(5),
  SpaceToDepth: (view) => {
    const [batch = 1, channels = 0, height = 0, width = 0] = inputShape(view, 0);
    const [size = 1] = view.attribute('blocksize', []);
    return { shape: [batch, channels * size ** 2, height / size, width / size] };
  },
  DepthToSpace: (view) => {
    const [batch = 1, channels = 0, height = 0, width = 0] = inputShape(view, 0);
    const [size = 1] = view.attribute('blocksize', []);
    return { shape: [batch, channels / size ** 2, height * size, width * size] };
  },
  BatchNormalization: unary(2),
  LayerNormalization: unary(7),
  InstanceNormalization: unary(5),
  /** A square and a sum for every value, a root for every norm. */
  ReduceL2: (view) => {
    const shape = inputShape(view, 0);
    const norms = view.integers(1).reduce((kept, axis) => kept.with(axis, 1), shape);
    return { shape: norms, flops: 2 * elementCount(shape) + elementCount(norms) };
  },
  Max: elementwise(() => 1),
  LeakyRelu: unary(2),
  PRelu: elementwise(() => 2),
  Relu: unary(1),
  Clip: unary(2),
  Sigmoid: unary(3),
  HardSigmoid: unary(4),
  HardSwish: unary(5),
  Erf: unary(1),
  Add: elementwise(() => 1),
  Sum: elementwise(({ shapes }) => shapes.length - 1),
  Mul: elementwise(() => 1),
  Div: elementwise(() => 1),
  AveragePool: pool((elements) => elements),
  MaxPool: pool((elements) => elements - 1),
  GlobalAveragePool: (view) => {
    const [batch = 1, channels = 0, ...pixels] = inputShape(view, 0);
    return { shape: [batch, channels, ...pixels.map(() => 1)], flops: elementCount(inputShape(view, 0)) };
  },
  Identity: unary(0),
  Concat: ({ shapes, attribute }) => {
    const [axis = 0] = attribute('axis', []);
    const size = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
    return { shape: (shapes[0] ?? []).with(axis, size) };
  },
  Slice: (view) => {
    const [start, end, axis] = [1, 2, 3].map((input) => view.integers(input)[0] ?? 0);
    return { shape: inputShape(view, 0).with(axis ?? 0, (end ?? 0) - (start ?? 0)) };
  },
  Pad: (view) => {
    const amounts = view.integers(1);
    const shape = inputShape(view, 0);
    return {
      shape: shape.map((size, axis) => size + (amounts[axis] ?? 0) + (amounts[axis + shape.length] ?? 0)),
    };
  },
  Resize: (view) => {
    const factors = view.floats(2);
    return { shape: inputShape(view, 0).map((size, i) => Math.floor(Math.fround(size * (factors[i] ?? 1)))) };
  },
  Gather: (view) => {
    const [axis = 0] = view.attribute('axis', []);
    return { shape: inputShape(view, 0).with(axis, view.integers(1).length) };
  },
  Reshape: (view) => ({
    shape: view.integers(1).map((size, axis) => (size === 0 ? (inputShape(view, 0)[axis] ?? 0) : size)),
  }),
  Transpose: (view) => ({
    shape: view.attribute('perm', []).map((axis) => inputShape(view, 0)[axis] ?? 0),
  }),
  Flatten: (view) => {
    const [batch = 1, ...rest] = inputShape(view, 0);
    return { shape: [batch, elementCount(rest)] };
  },
};

const lookUp = <T>(values: ReadonlyMap<string, T>, name: string): T => {
  const value = values.get(name);
  if (value === undefined) throw new RangeError(`The model reads ${name} before it is computed.`);
  return value;
};
