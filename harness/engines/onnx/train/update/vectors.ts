/** Which vectors training carries from step to step, and what they begin with. */
import type { Weights } from '../../../../graph/parameters.js';
import type { StepRecipe } from '../../../../recipe/recipe.js';
import type { Checkpoint } from '../../../engine.js';
import type { Tensor } from '../../model.js';
import { flatten, type Piece, type StateLayout, totalSize } from './state.js';

interface Kind {
  readonly holds: 'parameters' | 'statistics';
  /** Moments begin at zero, averages where the weights do. */
  readonly begins: 'with the weights' | 'at zero';
  readonly needed: (recipe: StepRecipe) => boolean;
}

const always = (): boolean => true;

const averaged = ({ emaDecay }: StepRecipe): boolean => emaDecay > 0;

/** The model takes and gives them in this order. */
const KINDS = {
  parameters: { holds: 'parameters', begins: 'with the weights', needed: always },
  momenta: { holds: 'parameters', begins: 'at zero', needed: always },
  squares: { holds: 'parameters', begins: 'at zero', needed: ({ optimizer }) => optimizer.kind === 'adamw' },
  statistics: { holds: 'statistics', begins: 'with the weights', needed: always },
  mean_parameters: { holds: 'parameters', begins: 'with the weights', needed: averaged },
  mean_statistics: { holds: 'statistics', begins: 'with the weights', needed: averaged },
} as const satisfies Readonly<Record<string, Kind>>;

export type StateVector = keyof typeof KINDS;

/** The model's output that is a vector's value after the step. */
export const outputOf = (vector: StateVector): string => `new_${vector}`;

const isVector = (name: string): name is StateVector => name in KINDS;

/** Those that a recipe needs. */
export const stateVectors = (recipe: StepRecipe): readonly StateVector[] =>
  Object.keys(KINDS)
    .filter(isVector)
    .filter((vector) => KINDS[vector].needed(recipe));

/** What a vector has values for. */
export const vectorPieces = (layout: StateLayout, vector: StateVector): readonly Piece[] =>
  layout[KINDS[vector].holds];

export const vectorSize = (layout: StateLayout, vector: StateVector): number =>
  totalSize(vectorPieces(layout, vector));

export const initialVector = (layout: StateLayout, vector: StateVector, weights: Weights): Float32Array =>
  KINDS[vector].begins === 'at zero'
    ? new Float32Array(vectorSize(layout, vector))
    : flatten(vectorPieces(layout, vector), weights);

/** Throws RangeError where the checkpoint is of another recipe or graph. */
export const restoredVector = (
  layout: StateLayout,
  vector: StateVector,
  { vectors }: Checkpoint,
): Float32Array => {
  const values = vectors.get(vector);
  if (values === undefined) throw new RangeError(`The checkpoint has no ${vector}.`);
  return flatten(vectorPieces(layout, vector), values);
};

/** A tensor, of the model or of a session, for each vector that a recipe needs. */
export type StateTensors<T = Tensor> = ReadonlyMap<StateVector, T>;

export const vectorOf = <T>(state: StateTensors<T>, vector: StateVector): T => {
  const tensor = state.get(vector);
  if (tensor === undefined) throw new RangeError(`The training state has no ${vector}.`);
  return tensor;
};
