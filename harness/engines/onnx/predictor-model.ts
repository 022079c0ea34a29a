/** The ONNX model that stands for a graph, in whatever form it is, and the settings under which it runs. Loads no native library. */
import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import { exportOnnx } from './export.js';
import { PROVIDERS, type Provider } from './provider.js';

/** The model that predictors of a graph run. */
export const predictorModel = (
  graph: Graph,
  weights: Weights,
  batch: number,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => exportOnnx(graph, weights, { batch, outputName: 'output', metadata });

/** Options of an onnxruntime session that can be written down. */
export type SessionSettings = Omit<InferenceSession.SessionOptions, 'executionProviders'> & {
  readonly executionProviders: readonly string[];
};

/** How every session of this project runs: one operation after another, each on `threads` threads where it runs on the CPU. */
export const sessionSettings = (threads: number, provider: Provider) => ({
  executionProviders: [PROVIDERS[provider].backend],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential' as const,
  graphOptimizationLevel: 'all' as const,
  extra: { session: { set_denormal_as_zero: '1' } },
  logSeverityLevel: 3 as const,
});
