/** Runs int8 forms, and observes the values of a network on calibration images. Loads onnxruntime's native library. */
import type { Graph } from '../../../graph/graph.js';
import type { Weights } from '../../../graph/parameters.js';
import type { Int8Form } from '../../../quantise/quantise.js';
import type { Observer, Predictor, PredictorOptions } from '../../engine.js';
import { exportOnnx } from '../export.js';
import { InferenceSession, Tensor } from '../native.js';
import { sessionSettings } from '../predictor-model.js';
import { createModelPredictor } from '../session.js';
import { exportInt8 } from './model.js';
import { int8SessionSettings } from './settings.js';

export const createInt8Predictor = (
  form: Int8Form,
  { batch, threads }: PredictorOptions,
): Promise<Predictor> =>
  createModelPredictor(exportInt8(form, { batch, outputName: 'output' }), int8SessionSettings(threads));

/** The float32 network with the values of these nodes as further outputs. */
export const createObserver = async (
  graph: Graph,
  weights: Weights,
  nodes: readonly number[],
  { batch, threads }: PredictorOptions,
): Promise<Observer> => {
  const given: ReadonlySet<number> = new Set([graph.input.id, graph.output.id]);
  const observed = nodes.filter((id) => !given.has(id));
  const model = exportOnnx(graph, weights, { batch, outputName: 'output', observed });
  const { executionProviders, ...settings } = sessionSettings(threads, 'cpu');
  const session = await InferenceSession.create(model, {
    ...settings,
    executionProviders: [...executionProviders],
  });
  const [output = '', ...names] = session.outputNames;
  const nameOf = new Map([
    [graph.output.id, output],
    ...observed.map((id, i) => [id, names[i] ?? ''] as const),
  ]);
  return {
    run: async (images) => {
      const outputs = await session.run({
        input: new Tensor('float32', images, [batch, ...graph.input.shape]),
      });
      const valuesOf = (id: number): Float32Array => {
        const data = id === graph.input.id ? images : outputs[nameOf.get(id) ?? '']?.data;
        if (data instanceof Float32Array) return data;
        throw new RangeError('The model gave no float32 tensor.');
      };
      return new Map(nodes.map((id) => [id, valuesOf(id)]));
    },
    dispose: () => session.release(),
  };
};
