/** A network as the ONNX file that is timed: what later code is timed against. */
import { sha256Of } from '../../results/model-files.js';
import type { ModelRecord, SessionSettings } from '../../results/model-record.js';
import type { PredictorOptions } from '../engines/engine.js';
import { createModelPredictor, predictorModel, sessionOptions } from '../engines/onnx/session.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { MapShape } from '../graph/shape.js';
import type { LoadableContender } from './latency.js';

export interface ExportedModel {
  readonly record: ModelRecord;
  readonly bytes: Uint8Array;
}

/** To be run on the CPU. */
export const exportModel = (
  graph: Graph,
  weights: Weights,
  { batch, threads }: PredictorOptions,
): ExportedModel => {
  const bytes = predictorModel(graph, weights, batch);
  return {
    record: { sha256: sha256Of(bytes), bytes: bytes.length, batch, session: sessionOptions(threads, 'cpu') },
    bytes,
  };
};

export const modelContender = (
  name: string,
  input: MapShape,
  model: Uint8Array,
  session: SessionSettings,
): LoadableContender => ({ name, input, load: () => createModelPredictor(model, session) });
