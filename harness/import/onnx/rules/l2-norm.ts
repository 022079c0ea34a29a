/** Values over their L2 norm, which exporters write as a norm, its lower limit and a quotient: they become one operation at the quotient. */
import type { NormAxis } from '../../../graph/operations/ops.js';
import { elementCount, isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import type { BinaryOperator } from '../formula.js';
import type { Pending, Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { type Dimension, isSameView, viewShape } from '../view.js';

type Norms = Extract<Pending, { readonly state: 'norms' }>;

/** Over all channels of every pixel, or all pixels of every channel. */
export const reduceL2: Rule = (site) => {
  const value = site.variable(0);
  const rank = value.view.length;
  const given = site.numbers(1, 'axes', 'its axes') ?? value.view.map((_, axis) => axis);
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis));
  const over = axisOf(
    site,
    value,
    axes.flatMap((axis) => value.view[axis] ?? []),
  );
  if (over === null || site.number('keepdims', 1) !== 1) {
    throw new UserError(
      'it is over neither the channels of every pixel nor the pixels of every channel',
      UNSUPPORTED,
    );
  }
  return { ...value, pending: { state: 'norms', value, over, least: 0 } };
};

const axisOf = (site: Site, value: Variable, reduced: Dimension): NormAxis | null => {
  const shape = site.shapeOf(value);
  const count = elementCount(reduced.map(({ size }) => size));
  if (!isMap(shape)) return null;
  if (reduced.every(({ axis }) => axis === 'c') && count === shape[0]) return 'channels';
  return reduced.every(({ axis }) => axis !== 'c') && count === shape[1] * shape[2] ? 'pixels' : null;
};

/** Norms that are at least so large. */
export const atLeast = (norms: Norms, least: number): Variable => ({
  ...norms.value,
  pending: { ...norms, least: Math.max(norms.least, least) },
});

/** As often as the values that they are of. */
export const repeatedNorms = (site: Site, norms: Norms): Variable => {
  const sizes = viewShape(norms.value.view);
  const asked = site.numbers(1, 'shape', 'its shape') ?? [];
  if (asked.length !== sizes.length || asked.some((size, axis) => size !== 1 && size !== sizes[axis]))
    throw new UserError(`it repeats norms as ${asked.join('x')}`, UNSUPPORTED);
  return atLeast(norms, 0);
};

/** A lower limit of norms, or the quotient of what they are of by them. Throws UserError, as `variable` does, where it is anything else. */
export const ofNorms = (site: Site, operator: BinaryOperator, norms: Norms, place: number): Variable => {
  if (operator === 'Max') return atLeast(norms, limitOf(site, 1 - place));
  if (operator !== 'Div' || place !== 1) return site.variable(place);
  const [above, { value, over, least }] = [site.variable(0), norms];
  const isSame = above.node === value.node && above.formula.computes === value.formula.computes;
  if (!isSame || !isSameView(above.view, value.view)) return site.variable(place);
  if (least === 0) {
    throw new UserError(
      'it divides by an L2 norm that may be zero',
      'Give it a lower limit, as torch.nn.functional.normalize does.',
    );
  }
  const op = { kind: 'l2Norm', over, epsilon: Number(least.toPrecision(6)) } as const;
  return site.value(site.sketch.add(site.path(), op, [site.sketch.settle(value)]), value.view);
};

const limitOf = (site: Site, index: number): number => {
  const { values } = site.constant(index, 'the lower limit of a norm');
  if (values.length === 1) return values[0] ?? 0;
  throw new UserError('it limits norms by several numbers', UNSUPPORTED);
};
