/** Runs a graph, in whatever form it stands, as an ONNX model with its weights as constants. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import { elementCount } from '../../graph/shape.js';
import type { Predictor, PredictorOptions } from '../engine.js';
import { exportOnnx } from './export.js';
import { PROVIDERS, type Provider } from './provider.js';

/** Options of a session that can be written down. */
export interface SessionSettings {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: 'sequential' | 'parallel';
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'layout' | 'all';
  readonly extra: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
}

/** As `createModelPredictor`, with every graph optimisation on. */
export const createOnnxPredictor = (
  graph: Graph,
  weights: Weights,
  { batch, threads }: PredictorOptions,
  provider: Provider,
): Promise<Predictor> =>
  createModelPredictor(predictorModel(graph, weights, batch), sessionOptions(threads, provider));

/** The model that predictors of a graph run. */
export const predictorModel = (graph: Graph, weights: Weights, batch: number): Uint8Array =>
  exportOnnx(graph, weights, { batch, outputName: 'output' });

/**
 * A session of a model with one input and one output of fixed shapes. Images are read where they lie, and every run writes its output
 * to the same buffer. A run rejects where the number of values is not that of the model's batch.
 */
export const createModelPredictor = async (
  model: Uint8Array,
  { executionProviders, ...settings }: SessionSettings,
): Promise<Predictor> => {
  const session = await InferenceSession.create(model, {
    ...settings,
    executionProviders: [...executionProviders],
  });
  const input = fixedTensor(session.inputMetadata);
  const output = fixedTensor(session.outputMetadata);
  const result = new Float32Array(elementCount(output.dims));
  const written = new Tensor('float32', result, output.dims);
  return {
    run: async (images) => {
      await session.run(
        { [input.name]: new Tensor('float32', images, input.dims) },
        { [output.name]: written },
      );
      return result;
    },
    dispose: () => session.release(),
  };
};

const fixedTensor = ([only, ...others]: readonly InferenceSession.ValueMetadata[]) => {
  if (!only?.isTensor || others.length > 0)
    throw new RangeError('The model has not one tensor in and one out.');
  const dims = only.shape.filter((size) => typeof size === 'number');
  if (dims.length < only.shape.length) throw new RangeError(`The model leaves sizes of ${only.name} open.`);
  return { name: only.name, dims };
};

/** How every session of this project runs: one operation after another, each on `threads` threads where it runs on the CPU. */
export const sessionOptions = (threads: number, provider: Provider): SessionSettings => ({
  executionProviders: [PROVIDERS[provider].backend],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  extra: { session: { set_denormal_as_zero: '1' } },
  logSeverityLevel: 3,
});
