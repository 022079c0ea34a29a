/** Runs a graph, in whatever form it stands, in the Python process. */
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import { elementCount } from '../../graph/shape.js';
import type { Predictor, PredictorOptions } from '../engine.js';
import type { Place } from './device.js';
import { paintRequest } from './painting.js';
import { pythonProcess } from './process.js';
import { predictorRequest } from './requests.js';

/** Rejects with RangeError where weights do not fit the graph; a run where the number of values is not that of `batch` images. */
export const createTorchPredictor = async (
  graph: Graph,
  weights: Weights,
  { batch, threads }: PredictorOptions,
  { device, paints }: Place,
): Promise<Predictor> => {
  const { request, payload } = predictorRequest(graph, weights, { batch });
  const count = batch * elementCount(graph.input.shape);
  const python = await pythonProcess();
  const common = { handle: python.newHandle(), threads };
  await python.ask({ ...request, ...common, device }, payload);
  const runUnpainted: Predictor['runUnpainted'] = async (images) => {
    if (images.count !== batch) throw new RangeError(`A run takes ${batch} images and got ${images.count}.`);
    const { painting, payload } = paintRequest(images);
    return python.ask({ ask: 'run', ...common, painting }, payload);
  };
  return {
    run: async (images) => {
      if (images.length !== count)
        throw new RangeError(`A run takes ${count} values and got ${images.length}.`);
      return python.ask({ ask: 'run', ...common }, [images]);
    },
    ...(paints ? { runUnpainted } : {}),
    queues: true,
    dispose: async () => void (await python.ask({ ask: 'forget', ...common })),
  };
};
