/** Norms over values of one image. */
import { elementCount, isMap, type MapShape } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import { floats, isModulesParameter } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { axisOf, isSameView, plainView, reshaped, type View, viewShape } from '../view.js';

const epsilonOf = (site: Site): number => Number(site.number('epsilon', 1e-5).toPrecision(6));

/** Over the channels of every pixel, which are the last dimension. */
export const layerNormalization: Rule = (site) => {
  const given = site.variable(0);
  const x = site.sketch.settle(given);
  const { shape } = site.sketch.at(x);
  const last = given.view.length - 1;
  const axis = site.number('axis', -1);
  const isLast = axis === -1 || axis === last;
  if (!isMap(shape) || !isLast || axisOf(given.view, last, shape) !== 'c') {
    throw new UserError('it normalises something other than the channels of every pixel', UNSUPPORTED);
  }
  if (!site.inputs[2]) throw new UserError('it has no offset', 'Use a layer norm with weight and bias.');
  const [gamma, beta] = [site.parameter(1, 'its factor'), site.parameter(2, 'its offset')];
  const op = { kind: 'layerNorm', epsilon: epsilonOf(site) } as const;
  const weights = { weight: () => floats(gamma), bias: () => floats(beta) };
  return site.value(site.sketch.add(site.path(gamma), op, [x], weights), given.view);
};

/**
 * Over all pixels of each channel, or of each group of channels that a reshape has made one: as group norm is written, whose factor and
 * offset for each channel stand after it.
 */
export const instanceNormalization: Rule = (site) => {
  const given = site.variable(0);
  const x = site.sketch.settle(given);
  const { shape } = site.sketch.at(x);
  const count = viewShape(given.view)[1] ?? 1;
  if (!isMap(shape) || !holdsGroups(given.view, shape, count)) {
    throw new UserError(
      'it normalises something other than the channels of an image or groups of them',
      UNSUPPORTED,
    );
  }
  const [gamma, beta] = [site.constant(1, 'its factor'), site.constant(2, 'its offset')];
  const isPlain =
    Array.from(gamma.values).every((value) => value === 1) &&
    Array.from(beta.values).every((value) => value === 0);
  const op = { kind: 'groupNorm', groups: count, epsilon: epsilonOf(site) } as const;
  if (isModulesParameter(gamma) && count === shape[0]) {
    const weights = { weight: () => floats(gamma), bias: () => floats(site.parameter(2, 'its offset')) };
    return site.value(site.sketch.add(site.path(gamma), op, [x], weights), given.view);
  }
  if (!isPlain) throw new UserError('it has a factor for each group of channels', UNSUPPORTED);
  return site.value(site.sketch.add(site.path(), op, [x]), given.view);
};

/** Whether the second dimension is the channels, or as many groups of them, and whatever follows holds the rest, in any order. */
const holdsGroups = (view: View, shape: MapShape, count: number): boolean => {
  const groups = reshaped(plainView(shape), [1, count, elementCount(shape) / count]);
  return groups !== null && isSameView(view.slice(0, 2), groups.slice(0, 2));
};
