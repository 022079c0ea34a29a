/** A network as the ONNX file that is timed: what later code is timed against. */
import { sha256Of } from '../../results/checksum.js';
import type { ModelRecord, SessionSettings } from '../../results/model-record.js';
import type { PredictorOptions } from '../engines/engine.js';
import { predictorModel, sessionSettings } from '../engines/onnx/predictor-model.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { MapShape } from '../graph/shape.js';
import type { LoadableContender } from './latency-measurement.js';

export interface ExportedModel {
  readonly record: ModelRecord;
  readonly bytes: Uint8Array;
}

/** For whoever opens the file: times do not depend on what a network has learned. */
const UNTRAINED = { weights: 'untrained: random numbers, for timing alone' };

/** To be run on the CPU. */
export const exportModel = (
  graph: Graph,
  weights: Weights,
  { batch, threads }: PredictorOptions,
): ExportedModel => {
  const bytes = predictorModel(graph, weights, batch, UNTRAINED);
  return {
    record: { sha256: sha256Of(bytes), bytes: bytes.length, batch, session: sessionSettings(threads, 'cpu') },
    bytes,
  };
};

export const modelContender = (
  name: string,
  input: MapShape,
  model: Uint8Array,
  session: SessionSettings,
): LoadableContender => ({
  name,
  input,
  load: async () => {
    const { createModelPredictor } = await import('../engines/onnx/session.js');
    return createModelPredictor(model, session);
  },
});
