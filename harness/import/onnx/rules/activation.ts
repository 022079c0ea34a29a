/** Elementwise operators of one value. */
import { UserError } from '../../../user/user-error.js';
import { UNCHANGED } from '../elementwise.js';
import {
  after,
  clip as clipped,
  type Formula,
  gelu as geluFormula,
  geluTanh,
  hardSigmoid as hardSigmoidOf,
  IDENTITY,
  isActivation,
  leakyRelu as leakyReluOf,
  operationsIn,
  recognised,
  type Scalar,
  type Step,
} from '../formula.js';
import type { Variable } from '../operand.js';
import type { Rule, Site } from '../site.js';
import { atLeast } from './l2-norm.js';

export const unary =
  (of: Scalar): Rule =>
  (site) =>
    applied(site, site.variable(0), plain(of));

const plain = (of: Scalar): Step => ({ of, constants: [] });

/** The operation after what the operand's formula does already. */
export const applied = (site: Site, operand: Variable, step: Step): Variable => {
  const rebased = isActivation(operand.formula.computes)
    ? { ...operand, node: site.sketch.settle(operand), formula: UNCHANGED }
    : operand;
  return functionOf(site, rebased, after(rebased.formula.computes, step), () => {
    const operation = recognised(after(IDENTITY, step));
    if (operation === null || operation === 'identity') {
      throw new UserError(
        'what it computes of each value is no activation that lightbench has',
        USE_ACTIVATION,
      );
    }
    return site.sketch.add(site.path(), operation, [site.sketch.settle(rebased)]);
  });
};

const USE_ACTIVATION =
  'Use relu, leaky relu, prelu, relu6, silu, gelu (without approximation), hard-swish, hard-sigmoid or sigmoid.';

/** More than any activation takes, however it is written. */
const MOST_OPERATIONS = 64;

/** What a formula makes of a value, `otherwise` being its node where that is no operation as a whole. */
export const functionOf = (
  site: Site,
  of: Variable,
  computes: Formula,
  otherwise: () => number,
): Variable => {
  if (operationsIn(computes) > MOST_OPERATIONS) {
    throw new UserError(
      `it is one of more than ${MOST_OPERATIONS} operations that compute a function of each value`,
      USE_ACTIVATION,
    );
  }
  return { ...of, formula: { computes, path: site.path(), otherwise: site.within(otherwise) } };
};

export const hardSigmoid: Rule = (site) =>
  applied(site, site.variable(0), hardSigmoidOf(site.number('alpha', 0.2), site.number('beta', 0.5)));

export const leakyRelu: Rule = (site) =>
  applied(site, site.variable(0), leakyReluOf(site.number('alpha', 0.01)));

export const gelu: Rule = (site) =>
  applied(
    site,
    site.variable(0),
    site.text('approximate', 'none') === 'tanh' ? plain(geluTanh) : plain(geluFormula),
  );

export const clip: Rule = (site) => {
  const norms = site.pending(0, 'norms');
  const limit = (index: number, attribute: string, none: number): number =>
    site.numbers(index, attribute, 'its limit')?.[0] ?? site.number(attribute, none);
  const low = limit(1, 'min', Number.NEGATIVE_INFINITY);
  const high = limit(2, 'max', Number.POSITIVE_INFINITY);
  if (norms && high > LARGEST_NORM) return atLeast(norms.pending, low);
  return applied(site, site.variable(0), clipped(low, high));
};

/** A limit above is none where it is the largest float32. */
const LARGEST_NORM = 3.4e38;
