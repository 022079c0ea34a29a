/** Runs the training model step by step, feeding each step's state back in. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Graph } from '../../../graph/graph.js';
import type { Weights } from '../../../graph/parameters.js';
import type { Trainer, TrainerOptions } from '../../engine.js';
import { flatten, unflatten } from './state.js';
import { OUTPUTS, trainingModel } from './training-model.js';

export const createOnnxTrainer = async (
  graph: Graph,
  weights: Weights,
  options: TrainerOptions,
): Promise<Trainer> => {
  const { bytes, layout } = trainingModel(graph, options);
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    extra: { session: { set_denormal_as_zero: '1' } },
    logSeverityLevel: 3,
  });
  const vector = (values: Float32Array): Tensor => new Tensor('float32', values, [values.length]);
  let parameters: Tensor = vector(flatten(layout.parameters, weights));
  let momenta: Tensor = vector(new Float32Array(layout.parameterCount));
  let statistics: Tensor = vector(flatten(layout.statistics, weights));

  return {
    step: async (batch, learningRate) => {
      if (batch.count !== options.batch) {
        throw new RangeError(`A step takes ${options.batch} images and got ${batch.count}.`);
      }
      const results = await session.run({
        images: new Tensor('float32', batch.images, [batch.count, ...graph.input.shape]),
        labels: new Tensor('int64', BigInt64Array.from(batch.labels, BigInt), [batch.count]),
        rate: new Tensor('float32', Float32Array.of(learningRate), []),
        parameters,
        momenta,
        statistics,
      });
      parameters = resultOf(results, OUTPUTS.parameters);
      momenta = resultOf(results, OUTPUTS.momenta);
      statistics = resultOf(results, OUTPUTS.statistics);
      return { loss: floats(resultOf(results, OUTPUTS.loss))[0] ?? Number.NaN };
    },
    weights: async () =>
      new Map([
        ...unflatten(layout.parameters, floats(parameters)),
        ...unflatten(layout.statistics, floats(statistics)),
      ]),
    dispose: () => session.release(),
  };
};

const resultOf = (results: InferenceSession.ReturnType, name: string): Tensor => {
  const tensor = results[name];
  if (!tensor) throw new RangeError(`The training model gave no ${name}.`);
  return tensor as Tensor;
};

const floats = (tensor: Tensor): Float32Array => {
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`Expected float32 and got ${tensor.type}.`);
};
