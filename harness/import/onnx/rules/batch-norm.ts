import { isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import { type Constant, floats } from '../operand.js';
import type { Rule, Site } from '../site.js';
import { withChannels } from '../view.js';

export const batchNormalization: Rule = (site) => {
  requireAffine(site);
  const [gamma, beta, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map((what, i) =>
    site.parameter(i + 1, `its ${what}`),
  );
  const path = site.path(gamma);
  const given = site.variable(0);
  const x = site.sketch.settle(given);
  const shape = site.sketch.at(x).shape;
  if (!isMap(shape) || withChannels(given.view, shape, 1, shape[0]) === null) {
    const map = site.sketch.asMap(given, path);
    return site.value(normalised(site, map, path, [gamma, beta, mean, variance]));
  }
  return site.value(normalised(site, x, path, [gamma, beta, mean, variance]), given.view);
};

/** PyTorch's batch norm without weights is exported with ones and zeros that no module names. */
const requireAffine = (site: Site): void => {
  const isEach = (index: number, what: string, standard: number): boolean => {
    const { parameter, values } = site.constant(index, what);
    return parameter === undefined && Array.from(values).every((value) => value === standard);
  };
  if (!isEach(1, 'its scale', 1) || !isEach(2, 'its shift', 0)) return;
  throw new UserError(
    'it is a batch norm without scale and shift (affine=False), and has no counterpart here',
    'Use a batch norm with them (affine=True).',
  );
};

const normalised = (
  site: Site,
  x: number,
  path: string,
  [gamma, beta, mean, variance]: readonly (Constant | undefined)[],
): number => {
  const named = { weight: gamma, bias: beta, running_mean: mean, running_var: variance };
  const weights = Object.entries(named).flatMap(([name, constant]) =>
    constant ? [[name, () => floats(constant)] as const] : [],
  );
  const epsilon = Number(site.number('epsilon', 1e-5).toPrecision(6));
  return site.sketch.add(path, { kind: 'batchNorm', epsilon }, [x], Object.fromEntries(weights));
};
