/** What a step does with the gradients: clips them, updates parameters by the recipe's rule, and moves the averages. */
import type { StepRecipe } from '../../../../recipe/recipe.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { ScalarInput } from './scalars.js';
import type { StateLayout } from './state.js';
import { outputOf, type StateTensors, type StateVector, vectorOf } from './vectors.js';

interface Site {
  readonly ops: TensorOps;
  readonly layout: StateLayout;
  readonly recipe: StepRecipe;
  readonly state: StateTensors;
  readonly scalars: ReadonlyMap<ScalarInput, Tensor>;
}

/** New values of all vectors but the running statistics', which are given. */
export const updateState = (site: Site, gradients: Tensor, statistics: Tensor): StateTensors => {
  const { ops, recipe } = site;
  const clipped = recipe.clipNorm === null ? gradients : clip(ops, gradients, recipe.clipNorm);
  const updated = new Map([...optimize(site, clipped), ['statistics', statistics] as const]);
  if (recipe.emaDecay === 0) return updated;
  const averaged = (['parameters', 'statistics'] as const).map((vector) => {
    const mean = vectorOf(site.state, `mean_${vector}`);
    const change = ops.sub(vectorOf(updated, vector), mean);
    return [`mean_${vector}`, ops.add(mean, ops.mul(change, scalarOf(site.scalars, 'mean_share')))] as const;
  });
  return new Map([...updated, ...averaged]);
};

const optimize = (site: Site, gradients: Tensor): StateTensors => {
  const { optimizer } = site.recipe;
  switch (optimizer.kind) {
    case 'sgd':
      return sgd(site, gradients, optimizer);
    case 'adamw':
      return adamW(site, gradients, optimizer);
  }
};

/** A sum that is an output of the model and is read on: under the output's name, it needs no copy. */
const result = (ops: TensorOps, vector: StateVector, a: Tensor, b: Tensor): Tensor =>
  ops.model.node('Add', [a, b], { name: outputOf(vector) });

type Settings<K extends StepRecipe['optimizer']['kind']> = Extract<StepRecipe['optimizer'], { kind: K }>;

/**
 * One step of SGD as in PyTorch: g <- g + decay w (kernels only), m <- momentum m + g, and w <- w - rate m, or with Nesterov
 * w <- w - rate (g + momentum m).
 */
const sgd = (
  { ops, layout, recipe, state, scalars }: Site,
  plain: Tensor,
  { momentum, nesterov }: Settings<'sgd'>,
): StateTensors => {
  const parameters = vectorOf(state, 'parameters');
  const decay = kernelsTimes(ops, layout, parameters, recipe.weightDecay);
  const gradients = decay === null ? plain : ops.add(plain, decay);
  const momenta = result(ops, 'momenta', ops.times(vectorOf(state, 'momenta'), momentum), gradients);
  const direction = nesterov ? ops.add(gradients, ops.times(momenta, momentum)) : momenta;
  const change = ops.mul(direction, scalarOf(scalars, 'rate'));
  return new Map([
    ['parameters', ops.sub(parameters, change)],
    ['momenta', momenta],
  ]);
};

/**
 * One step of AdamW as in PyTorch (Loshchilov and Hutter 2019, arXiv:1711.05101): m <- b1 m + (1 - b1) g, s <- b2 s + (1 - b2) g^2, and
 * w <- w - rate (decay w (kernels only) + M / (sqrt(S) + epsilon)) with M = m / (1 - b1^t) and S = s / (1 - b2^t) at step t.
 */
const adamW = (
  { ops, layout, recipe, state, scalars }: Site,
  gradients: Tensor,
  { beta1, beta2, epsilon }: Settings<'adamw'>,
): StateTensors => {
  const parameters = vectorOf(state, 'parameters');
  const momenta = result(
    ops,
    'momenta',
    ops.times(vectorOf(state, 'momenta'), beta1),
    ops.times(gradients, 1 - beta1),
  );
  const squared = ops.times(ops.mul(gradients, gradients), 1 - beta2);
  const squares = result(ops, 'squares', ops.times(vectorOf(state, 'squares'), beta2), squared);
  const root = ops.unary('Sqrt', ops.mul(squares, scalarOf(scalars, 'squares_scale')));
  const mean = ops.mul(momenta, scalarOf(scalars, 'momenta_scale'));
  const adapted = ops.div(mean, ops.add(root, ops.model.constant(epsilon)));
  const decay = kernelsTimes(ops, layout, parameters, recipe.weightDecay);
  const direction = decay === null ? adapted : ops.add(adapted, decay);
  const change = ops.mul(direction, scalarOf(scalars, 'rate'));
  return new Map([
    ['parameters', ops.sub(parameters, change)],
    ['momenta', momenta],
    ['squares', squares],
  ]);
};

/** Scaled down to the norm where it is longer, as in PyTorch: g min(1, norm / (|g| + 1e-6)). */
const clip = (ops: TensorOps, gradients: Tensor, norm: number): Tensor => {
  const { model } = ops;
  const length = ops.unary('Sqrt', ops.sum(ops.mul(gradients, gradients), 0));
  const factor = ops.div(model.constant(norm), ops.add(length, model.constant(1e-6)));
  return ops.mul(gradients, model.node('Min', [factor, model.constant(1)]));
};

/** A factor times each kernel and zero for all else; null where the factor is zero. */
const kernelsTimes = (
  ops: TensorOps,
  { decayedCount, parameterCount }: StateLayout,
  parameters: Tensor,
  factor: number,
): Tensor | null => {
  if (factor === 0) return null;
  const kernels = ops.times(ops.slice(parameters, 0, 0, decayedCount), factor);
  return ops.pad(kernels, [0], [parameterCount - decayedCount]);
};

const scalarOf = (scalars: Site['scalars'], name: ScalarInput): Tensor => {
  const scalar = scalars.get(name);
  if (scalar === undefined) throw new RangeError(`The training model has no ${name}.`);
  return scalar;
};
