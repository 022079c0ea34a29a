/** Operators that move values without changing them. */
import { UserError } from '../../../user/user-error.js';
import type { Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { reshaped, transposed, viewShape } from '../view.js';
import { repeatedNorms } from './l2-norm.js';

export const same: Rule = (site) => site.variable(0);

export const dropout: Rule = (site) => {
  const training = site.inputs[2] && site.constant(2, 'its mode').values[0];
  if (!training) return site.variable(0);
  throw new UserError('it draws random numbers', 'Export the model after model.eval().');
};

export const cast: Rule = (site) => {
  const type = site.number('to', 1);
  if (type === 1 || type === 10 || type === 11) return site.step(0) ?? site.variable(0);
  throw new UserError('it turns values of the network into whole numbers', UNSUPPORTED);
};

/** To the type of a value of the network, which is float32. */
export const castLike: Rule = (site) => {
  const given = site.input(0);
  return given.kind === 'constant' ? { ...given, isWhole: false } : given;
};

const inView = (site: Site, shape: readonly number[]): Variable => {
  const given = site.arranged(0);
  const view = reshaped(given.view, shape);
  if (view) return { ...given, view };
  throw new UserError(
    `it cannot arrange ${viewShape(given.view).join('x')} values as ${shape.join('x')}`,
    'Give the input size for which the model was exported; batches of more than one image must be left open.',
  );
};

const shapeOf = (site: Site): readonly number[] => viewShape(site.arranged(0).view);

export const reshape: Rule = (site) => {
  const given = shapeOf(site);
  const asked = site.numbers(1, 'shape', 'its shape') ?? [];
  const keepsZero = site.number('allowzero', 0) === 0;
  const sizes = asked.map((size, axis) => (size === 0 && keepsZero ? (given[axis] ?? 1) : size));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const all = given.reduce((product, size) => product * size, 1);
  return inView(
    site,
    sizes.map((size) => (size === -1 ? all / known : size)),
  );
};

export const flatten: Rule = (site) => {
  const given = shapeOf(site);
  const at = site.number('axis', 1);
  const axis = at < 0 ? at + given.length : at;
  const product = (sizes: readonly number[]) => sizes.reduce((total, size) => total * size, 1);
  return inView(site, [product(given.slice(0, axis)), product(given.slice(axis))]);
};

export const squeeze: Rule = (site) => {
  const given = shapeOf(site);
  const axes = site.numbers(1, 'axes', 'its axes')?.map((axis) => (axis < 0 ? axis + given.length : axis));
  return inView(
    site,
    given.filter((size, axis) => !(axes ? axes.includes(axis) : size === 1)),
  );
};

export const unsqueeze: Rule = (site) => {
  const rank = shapeOf(site).length;
  const asked = site.numbers(1, 'axes', 'its axes') ?? [];
  const axes = asked.map((axis) => (axis < 0 ? axis + rank + asked.length : axis));
  const sizes = [...shapeOf(site)];
  return inView(
    site,
    Array.from({ length: rank + axes.length }, (_, axis) => (axes.includes(axis) ? 1 : (sizes.shift() ?? 1))),
  );
};

export const transpose: Rule = (site) => {
  const given = site.arranged(0);
  const permutation = site.list('perm') ?? given.view.map((_, axis) => axis).toReversed();
  return { ...given, view: transposed(given.view, permutation) };
};

/** Of a map of one pixel before a product, which repeats it anyway; or of nothing. */
export const expand: Rule = (site) => {
  const norms = site.pending(0, 'norms');
  if (norms) return repeatedNorms(site, norms.pending);
  const given = site.variable(0);
  const sizes = viewShape(given.view);
  const asked = site.numbers(1, 'shape', 'its shape') ?? [];
  const fits = asked.length === sizes.length;
  if (fits && asked.every((size, axis) => size === 1 || size === sizes[axis])) return given;
  const isFactor = site.readers.every((operator) => operator === 'Mul');
  if (fits && isFactor && asked.every((size, axis) => sizes[axis] === 1 || size === sizes[axis]))
    return given;
  throw new UserError(`it repeats ${sizes.join('x')} values as ${asked.join('x')}`, UNSUPPORTED);
};

export const shape: Rule = (site) => {
  const sizes = shapeOf(site);
  const values = sizes.slice(site.number('start', 0), site.number('end', sizes.length));
  return { kind: 'constant', shape: [values.length], values, isWhole: true };
};

export const spaceToDepth: Rule = (site) => {
  const map = site.sketch.asMap(site.variable(0), site.path());
  return site.value(
    site.sketch.add(site.path(), { kind: 'spaceToDepth', size: site.number('blocksize', 1) }, [map]),
  );
};

/** The pixel of a block outermost among the channels, or, as PyTorch's pixel_shuffle has it, innermost. */
export const depthToSpace: Rule = (site) => {
  const map = site.sketch.asMap(site.variable(0), site.path());
  const size = site.number('blocksize', 1);
  const groups = site.text('mode', 'DCR') === 'CRD' ? site.sketch.at(map).shape[0] / size ** 2 : 1;
  const outermost = site.sketch.permuted(map, groups, `${site.path()}_shuffle`);
  return site.value(site.sketch.outOfBlocks(outermost, size, site.path()));
};
