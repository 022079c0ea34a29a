/** What the Python process is told of a network before it trains or runs it; where, and as what, is added by who asks. */
import type { Graph } from '../../graph/graph.js';
import { graphRecord } from '../../graph/graph-record.js';
import { graphParameters, type Parameter, type Weights } from '../../graph/parameters.js';
import { elementCount } from '../../graph/shape.js';
import type { StepRecipe } from '../../recipe/recipe.js';
import type { PredictorOptions, TrainerOptions } from '../engine.js';
import { flatten, type Piece, stateLayout } from '../onnx/train/update/state.js';
import { initialVector, restoredVector, stateVectors, vectorSize } from '../onnx/train/update/vectors.js';

/** A network to train, and its state as one array a vector. Throws RangeError where weights or checkpoint do not fit it. */
export const trainerRequest = (
  graph: Graph,
  weights: Weights,
  { batch, recipe, checkpoint }: Omit<TrainerOptions, 'threads'>,
) => {
  const layout = stateLayout(graphParameters(graph).map((parameter): Piece => [parameter]));
  const names = stateVectors(recipe);
  return {
    layout,
    names,
    request: {
      ask: 'trainer',
      graph: graphRecord(graph),
      input: graph.input.shape,
      learnable: layout.parameters.flat().map(described),
      running: layout.statistics.flat().map(described),
      recipe: { precision: 'float32', deterministic: false, compiled: false, ...recipe },
      batch,
      steps: checkpoint?.steps ?? 0,
      leastBytes: leastBytes(graph, batch, recipe),
      vectors: names.map((name) => [name, vectorSize(layout, name)]),
    },
    payload: names.map((name) =>
      checkpoint === undefined
        ? initialVector(layout, name, weights)
        : restoredVector(layout, name, checkpoint),
    ),
  } as const;
};

/** A network to run, and its parameters one after the other. Throws RangeError where weights do not fit it. */
export const predictorRequest = (
  graph: Graph,
  weights: Weights,
  { batch }: Pick<PredictorOptions, 'batch'>,
) => {
  const parameters = graphParameters(graph);
  return {
    request: {
      ask: 'predictor',
      graph: graphRecord(graph),
      input: graph.input.shape,
      parameters: parameters.map(described),
      batch,
    },
    payload: [
      flatten(
        parameters.map((parameter): Piece => [parameter]),
        weights,
      ),
    ],
  } as const;
};

/**
 * What the maps of a step take at the least: PyTorch keeps about every second one until the gradient has been there, in the precision of the
 * recipe.
 */
const leastBytes = ({ nodes }: Graph, batch: number, { precision }: StepRecipe): number => {
  const values = nodes.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return Math.round((batch * values * (precision === 'bf16' ? 2 : 4)) / 2);
};

const described = ({ path, shape, size, role }: Parameter) => ({
  path,
  shape,
  size,
  decays: role === 'kernel',
});
