/** Runs a graph, in whatever form it stands, as an ONNX model with its weights as constants. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import { elementCount } from '../../graph/shape.js';
import type { Predictor, PredictorOptions } from '../engine.js';
import { exportOnnx, INPUT_NAME } from './export.js';
import { PROVIDERS, type Provider } from './provider.js';

const OUTPUT_NAME = 'output';

/**
 * A session with every graph optimisation on. Images are read where they lie, and every run writes its output to the same buffer.
 * A run rejects where the number of values is not that of `batch` images.
 */
export const createOnnxPredictor = async (
  graph: Graph,
  weights: Weights,
  { batch, threads }: PredictorOptions,
  provider: Provider,
): Promise<Predictor> => {
  const bytes = exportOnnx(graph, weights, { batch, outputName: OUTPUT_NAME });
  const session = await InferenceSession.create(bytes, sessionOptions(threads, provider));
  const inputDims = [batch, ...graph.input.shape];
  const outputDims = [batch, ...graph.output.shape];
  const result = new Float32Array(elementCount(outputDims));
  const output = new Tensor('float32', result, outputDims);
  return {
    run: async (images) => {
      await session.run(
        { [INPUT_NAME]: new Tensor('float32', images, inputDims) },
        { [OUTPUT_NAME]: output },
      );
      return result;
    },
    dispose: () => session.release(),
  };
};

/** How every session of this project runs: one operation after another, each on `threads` threads where it runs on the CPU. */
export const sessionOptions = (threads: number, provider: Provider): InferenceSession.SessionOptions => ({
  executionProviders: [PROVIDERS[provider].backend],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  extra: { session: { set_denormal_as_zero: '1' } },
  logSeverityLevel: 3,
});
