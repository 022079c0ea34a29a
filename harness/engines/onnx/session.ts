/** Runs ONNX models. The one module of prediction that loads onnxruntime's native library: import it where a model is loaded. */

import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import { elementCount, type MapShape } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import type { Predictor, PredictorOptions } from '../engine.js';
import { int8SessionSettings } from './int8/settings.js';
import { InferenceSession, Tensor } from './native.js';
import { predictorModel, type SessionSettings, sessionSettings } from './predictor-model.js';
import type { Provider } from './provider.js';

/** As `createModelPredictor`, with every graph optimisation on. */
export const createOnnxPredictor = (
  graph: Graph,
  weights: Weights,
  { batch, threads }: PredictorOptions,
  provider: Provider,
): Promise<Predictor> =>
  createModelPredictor(predictorModel(graph, weights, batch), sessionSettings(threads, provider));

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

/** A model that somebody has written: what it takes and gives, and a predictor of it for a number of images. */
export interface OpenModel {
  readonly input: MapShape;
  readonly classes: number;
  /** Images that it takes; null where it takes any number. */
  readonly batch: number | null;
  readonly predictor: (batch: number) => Predictor;
  readonly dispose: () => Promise<void>;
}

/**
 * A classifier from an ONNX file: one float32 input, images x channels x height x width, and one output, images x classes. Throws UserError
 * where onnxruntime cannot load it, or it is something else. One in int8 gives the same on every processor.
 */
export const openModel = async (model: Uint8Array, where: string, threads: number): Promise<OpenModel> => {
  const session = await InferenceSession.create(model, int8SessionSettings(threads)).catch(
    (error: unknown) => {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
      throw new UserError(
        `${where} cannot be loaded: ${reason}.`,
        'Name an ONNX file that onnxruntime runs.',
      );
    },
  );
  const shapes = [session.inputMetadata, session.outputMetadata].map(([only, ...others]) =>
    only?.isTensor && only.type === 'float32' && others.length === 0 ? only : null,
  );
  const [input, output] = shapes;
  const [batch, channels, height, width, ...rest] = input?.shape ?? [];
  const [, classes, ...further] = output?.shape ?? [];
  const sizes = [channels, height, width, classes].filter((side) => typeof side === 'number' && side > 0);
  if (!input || !output || sizes.length < 4 || rest.length > 0 || further.length > 0) {
    await session.release();
    throw new UserError(
      `${where} is no classifier of images: expected one float32 input, images x channels x height x width, and one output, images x classes.`,
      'Export the network alone, with a fixed image size.',
    );
  }
  const shape = [Number(channels), Number(height), Number(width)] as const;
  return {
    input: shape,
    classes: Number(classes),
    batch: typeof batch === 'number' ? batch : null,
    predictor: (images) => ({
      run: async (pixels) => {
        const given = { [input.name]: new Tensor('float32', pixels, [images, ...shape]) };
        const { [output.name]: logits } = await session.run(given);
        if (logits?.data instanceof Float32Array) return logits.data;
        throw new RangeError('The model gave no float32 tensor.');
      },
      dispose: async () => {},
    }),
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
