/** int8 forms in tests: quantised by random images, run by onnxruntime with every value looked at, and computed anew in integers. */
import { exportInt8 } from '../../harness/engines/onnx/int8/model.js';
import { createObserver } from '../../harness/engines/onnx/int8/session.js';
import { int8SessionSettings } from '../../harness/engines/onnx/int8/settings.js';
import { InferenceSession, Tensor } from '../../harness/engines/onnx/native.js';
import type { Graph, GraphNode } from '../../harness/graph/graph.js';
import { parametersOf, type Weights } from '../../harness/graph/parameters.js';
import { elementCount } from '../../harness/graph/shape.js';
import {
  type Affine,
  dequantise,
  quantise,
  roundHalfEven,
  UINT8_MOST,
} from '../../harness/quantise/affine.js';
import { calibrate } from '../../harness/quantise/calibrate.js';
import { calibratedNodes } from '../../harness/quantise/layout.js';
import { type Int8Form, int8Form } from '../../harness/quantise/quantise.js';
import type { WeightScale } from '../../results/training/int8.js';
import { randomValues } from './random.js';
import { referenceNode } from './reference.js';

const IMAGES = 2;

/** Calibrated by min-max on two random images, of which the first is given back. */
export const randomlyQuantised = async (
  graph: Graph,
  weights: Weights,
  scales: WeightScale = 'per-channel',
): Promise<{ readonly form: Int8Form; readonly image: Float32Array }> => {
  const images = Array.from({ length: IMAGES }, (_, i) =>
    randomValues(elementCount(graph.input.shape), 90 + i, 2),
  );
  const observer = await createObserver(graph, weights, calibratedNodes(graph), { batch: 1, threads: 1 });
  const ranges = await calibrate(
    graph,
    'min-max',
    (pixels) => observer.run(pixels),
    () => images,
  );
  await observer.dispose();
  return { form: int8Form(graph, weights, ranges, scales), image: images[0] ?? new Float32Array() };
};

/** The integers of every quantised value by the id of its node, and what the model gives; with onnxruntime's graph optimisation or without. */
export const runObserved = async (
  form: Int8Form,
  image: Float32Array,
  optimised: boolean,
): Promise<{ readonly integers: ReadonlyMap<number, Uint8Array>; readonly output: Float32Array }> => {
  const { graph, values, placements } = form;
  const observed = graph.nodes.flatMap(({ id }) =>
    values[id] && placements[id]?.state !== 'absorbed' ? [id] : [],
  );
  const model = exportInt8(form, { batch: 1, outputName: 'output', observed });
  const { executionProviders, ...settings } = int8SessionSettings(1);
  const session = await InferenceSession.create(model, {
    ...settings,
    executionProviders: [...executionProviders],
    graphOptimizationLevel: optimised ? 'all' : 'disabled',
  });
  const outputs = await session.run({ input: new Tensor('float32', image, [1, ...graph.input.shape]) });
  const [name = '', ...names] = session.outputNames;
  const read = <T>(key: string, kind: new (...given: never[]) => T): T => {
    const data = outputs[key]?.data;
    if (data instanceof kind) return data;
    throw new TypeError(`${key} is of another type.`);
  };
  const integers = new Map(observed.map((id, i) => [id, read(names[i] ?? '', Uint8Array)]));
  for (const { id, inputs } of graph.nodes) {
    const source = integers.get(inputs[0] ?? -1);
    if (placements[id]?.state === 'absorbed' && source) integers.set(id, source);
  }
  await session.release();
  return { integers, output: read(name, Float32Array) };
};

/** The integers that a node should give for these of its inputs: exact where `isExact` says so, else to the nearest step. */
export const expectedIntegers = (
  form: Int8Form,
  node: GraphNode,
  integers: ReadonlyMap<number, Uint8Array>,
): Uint8Array => {
  const { graph, values } = form;
  const output = values[node.id];
  const kernel = form.kernels.get(node.path);
  if (!output) throw new RangeError(`${node.path} is not quantised.`);
  const sources = node.inputs.map((id) => ({
    integers: integers.get(id) ?? new Uint8Array(),
    affine: values[id] ?? ({ scale: 1, zeroPoint: 0 } satisfies Affine),
  }));
  const [source] = sources;
  if (kernel && source) {
    const [weight, bias] = parametersOf(graph, node).map(({ path }) => path);
    const whole = new Map<string, ArrayLike<number>>([
      [weight ?? '', kernel.integers],
      [bias ?? '', kernel.bias ?? []],
    ]);
    const centred = Float64Array.from(source.integers, (value) => value - source.affine.zeroPoint);
    const sums = referenceNode(graph, node, whole, [centred]);
    const perRow = sums.length / (parametersOf(graph, node)[0]?.shape[0] ?? 1);
    return Uint8Array.from(sums, (sum, i) => {
      const scale = kernel.scales[Math.floor(i / perRow)] ?? kernel.scales[0] ?? 1;
      const factor = Math.fround(Math.fround(source.affine.scale * scale) / output.scale);
      return within(roundHalfEven(Math.fround(Math.fround(sum) * factor)) + output.zeroPoint);
    });
  }
  const real = sources.map(({ integers: own, affine }) =>
    Float64Array.from(own, (value) => dequantise(value, affine)),
  );
  return Uint8Array.from(referenceNode(graph, node, new Map(), real), (value) => quantise(value, output));
};

const within = (integer: number): number => Math.min(UINT8_MOST, Math.max(0, integer));

/** The nodes that integer kernels compute or that move quantised values, all of whose inputs are quantised. */
export const checkedNodes = ({ graph, values, placements }: Int8Form): readonly GraphNode[] =>
  graph.nodes.filter(
    ({ id, inputs }) =>
      inputs.length > 0 &&
      values[id] &&
      ['integer', 'moves'].includes(placements[id]?.state ?? '') &&
      inputs.every((source) => values[source]),
  );

/** Whether the specification leaves no choice: integers are summed exactly, or only moved. */
export const isExact = (form: Int8Form, node: GraphNode): boolean =>
  form.kernels.has(node.path) || form.placements[node.id]?.state === 'moves';

/** The largest difference of integers. */
export const stepsApart = (one: Uint8Array, other: Uint8Array): number => {
  if (one.length !== other.length)
    throw new RangeError(`Compared ${one.length} values with ${other.length}.`);
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? Number.NaN))), 0);
};
