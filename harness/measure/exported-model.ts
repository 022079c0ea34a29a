/** A network as the ONNX file that is timed: what later code is timed against. */
import { sha256Of } from '../../results/journal/checksum.js';
import type { ModelRecord, SessionSettings } from '../../results/model/model-record.js';
import type { PredictorOptions } from '../engines/engine.js';
import { exportInt8 } from '../engines/onnx/int8/model.js';
import { int8SessionSettings } from '../engines/onnx/int8/settings.js';
import { predictorModel, sessionSettings } from '../engines/onnx/predictor-model.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { MapShape } from '../graph/shape.js';
import type { Int8Form } from '../quantise/quantise.js';
import type { LoadableContender, TimedForm } from './latency/latency-measurement.js';

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

/** The same of its int8 form. */
export const exportInt8Model = (form: Int8Form, { batch, threads }: PredictorOptions): ExportedModel => {
  const bytes = exportInt8(form, { batch, outputName: 'output', metadata: UNTRAINED });
  return {
    record: { sha256: sha256Of(bytes), bytes: bytes.length, batch, session: int8SessionSettings(threads) },
    bytes,
  };
};

export const modelContender = (
  name: string,
  input: MapShape,
  model: Uint8Array,
  session: SessionSettings,
  form: TimedForm = 'deploy',
): LoadableContender => ({
  name,
  input,
  form,
  load: async () => {
    const { createModelPredictor } = await import('../engines/onnx/session.js');
    return createModelPredictor(model, session);
  },
});
