/** Runs a graph, in whatever form it stands, with its parameters brought into TF.js's layouts once. */
import type { Graph } from '../../graph/graph.js';
import { graphParameters, type ParameterRole, type Weights } from '../../graph/parameters.js';
import { elementCount } from '../../graph/shape.js';
import type { Predictor, PredictorOptions } from '../engine.js';
import { onBackend, type TfjsBackend } from './backends/backend.js';
import { tf } from './backends/tf.js';
import { forward, type Mode } from './operations/forward.js';
import { asVector, storedTensor, valuesOf } from './operations/tensors.js';

/** A run rejects with RangeError where the number of values is not that of `batch` images, or a parameter has no values. */
export const createTfjsPredictor = async (
  backend: TfjsBackend,
  graph: Graph,
  weights: Weights,
  { batch }: PredictorOptions,
): Promise<Predictor> => {
  const [channels, height, width] = graph.input.shape;
  const count = batch * elementCount(graph.input.shape);
  const constants = new Map<string, tf.Tensor>();
  const mode = inferenceMode(graph, weights, constants);
  return {
    run: (images) =>
      onBackend(backend, async () => {
        if (images.length !== count)
          throw new RangeError(`A run takes ${count} values and got ${images.length}.`);
        const output = tf.tidy(() =>
          forward(graph, tf.tensor4d(images, [batch, channels, height, width]), mode),
        );
        const values = await valuesOf(output);
        output.dispose();
        return values;
      }),
    dispose: () =>
      onBackend(backend, () => {
        tf.dispose([...constants.values()]);
        constants.clear();
      }),
  };
};

/** The first run makes the constants and leaves them for the next. */
const inferenceMode = (graph: Graph, weights: Weights, constants: Map<string, tf.Tensor>): Mode => {
  const byPath = new Map(graphParameters(graph).map((parameter) => [parameter.path, parameter]));
  const parameter: Mode['parameter'] = (path, arrange = (stored) => stored) => {
    const known = constants.get(path);
    if (known) return known;
    const stored = byPath.get(path);
    if (!stored) throw new RangeError(`The graph has no parameter ${path}.`);
    const made = tf.keep(arrange(storedTensor(stored, weights)));
    constants.set(path, made);
    return made;
  };
  return {
    parameter,
    batchNorm: (x, epsilon, pathOf) => {
      const constant = (role: ParameterRole): tf.Tensor1D => asVector(parameter(pathOf(role)));
      return tf.batchNorm4d(
        x,
        constant('running-mean'),
        constant('running-variance'),
        constant('beta'),
        constant('gamma'),
        epsilon,
      );
    },
  };
};
