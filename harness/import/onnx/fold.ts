/** Operators whose inputs are all known: what exporters write to compute a size, or to put a weight into shape. */
import { elementCount } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import { BINARY, type BinaryOperator, UNARY } from './formula.js';
import type { Constant } from './operand.js';
import { projectedPositions } from './rules/positions.js';
import { type Rule, type Site, UNSUPPORTED } from './site.js';

const constant = (shape: readonly number[], values: ArrayLike<number>, isWhole: boolean): Constant => ({
  kind: 'constant',
  shape,
  values,
  isWhole,
});

const input = (site: Site, index: number): Constant => site.constant(index, `its input ${index + 1}`);

const numbers = (site: Site, index: number): readonly number[] => Array.from(input(site, index).values);

/** Distance of neighbours along each axis. */
const stridesOf = (shape: readonly number[]): readonly number[] =>
  shape.map((_, axis) => elementCount(shape.slice(axis + 1)));

/** Of a computed constant. */
const MOST_VALUES = 2 ** 24;

/** A tensor of this shape, every value from its place. */
const filled = (
  shape: readonly number[],
  isWhole: boolean,
  at: (place: readonly number[]) => number,
): Constant => {
  if (!(elementCount(shape) <= MOST_VALUES)) {
    throw new UserError(`it makes a constant of ${shape.join('x')}`, UNSUPPORTED);
  }
  const strides = stridesOf(shape);
  const values = Float64Array.from({ length: elementCount(shape) }, (_, i) =>
    at(shape.map((size, axis) => Math.floor(i / (strides[axis] ?? 1)) % size)),
  );
  return constant(shape, values, isWhole);
};

/** The value at a place; axes of size 1 are repeated. */
const valueAt = ({ shape, values }: Constant, place: readonly number[]): number => {
  const strides = stridesOf(shape);
  const skipped = place.length - shape.length;
  const index = shape.reduce(
    (sum, size, axis) => sum + (size === 1 ? 0 : (place[axis + skipped] ?? 0) * (strides[axis] ?? 0)),
    0,
  );
  return values[index] ?? 0;
};

const broadcast = (...shapes: readonly (readonly number[])[]): readonly number[] => {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)),
  );
};

const elementwise =
  (of: (...values: readonly number[]) => number): Rule =>
  (site) => {
    const given = site.inputs.flatMap((one, i) => (one ? [input(site, i)] : []));
    const shape = broadcast(...given.map((one) => one.shape));
    const isWhole = given.every((one) => one.isWhole);
    const result = (value: number): number => (isWhole ? Math.trunc(value) : value);
    return filled(shape, isWhole, (place) => result(of(...given.map((one) => valueAt(one, place)))));
  };

/** The same values, and the same weight, in another shape. */
const inShape = (site: Site, shape: readonly number[]): Constant => ({ ...input(site, 0), shape });

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const axesOf = (site: Site, rank: number): readonly number[] | undefined =>
  site.numbers(1, 'axes', 'its axes')?.map((axis) => axisOf(axis, rank));

const BINARY_NAMES = Object.keys(BINARY) as BinaryOperator[];
const UNARY_NAMES = Object.keys(UNARY) as (keyof typeof UNARY)[];

const FOLDING: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    BINARY_NAMES.map((name) => [name, elementwise((a = 0, b = 0) => BINARY[name](a, b))]),
  ),
  ...Object.fromEntries(UNARY_NAMES.map((name) => [name, elementwise((x = 0) => UNARY[name](x))])),
  Constant: (site) => {
    const tensor = site.tensor('value');
    if (tensor) return tensor;
    const list = site.list('value_ints') ?? site.list('value_floats');
    if (list) return constant([list.length], list, site.list('value_ints') !== undefined);
    const whole = site.number('value_int', Number.NaN);
    if (!Number.isNaN(whole)) return constant([], [whole], true);
    return constant([], [site.number('value_float', 0)], false);
  },
  Identity: (site) => {
    const { parameter, ...same } = input(site, 0);
    return parameter === undefined ? same : { ...same, parameter: site.outputName };
  },
  Cast: (site) => {
    const given = input(site, 0);
    const isWhole = [6, 7].includes(site.number('to', 1));
    return isWhole
      ? constant(given.shape, Array.from(given.values, Math.trunc), true)
      : { ...given, isWhole: false };
  },
  CastLike: (site) => ({ ...input(site, 0), isWhole: false }),
  Shape: (site) => constant([input(site, 0).shape.length], input(site, 0).shape, true),
  Size: (site) => constant([], [elementCount(input(site, 0).shape)], true),
  Reshape: (site) => {
    const given = input(site, 0).shape;
    const sizes = numbers(site, 1).map((size, axis) => (size === 0 ? (given[axis] ?? 1) : size));
    const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
    return inShape(
      site,
      sizes.map((size) => (size === -1 ? elementCount(given) / known : size)),
    );
  },
  Flatten: (site) => {
    const { shape } = input(site, 0);
    const axis = axisOf(site.number('axis', 1), shape.length);
    return inShape(site, [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))]);
  },
  Squeeze: (site) => {
    const { shape } = input(site, 0);
    const axes = axesOf(site, shape.length);
    return inShape(
      site,
      shape.filter((size, axis) => !(axes ? axes.includes(axis) : size === 1)),
    );
  },
  Unsqueeze: (site) => {
    const sizes = [...input(site, 0).shape];
    const rank = sizes.length + (site.numbers(1, 'axes', 'its axes')?.length ?? 0);
    const axes = axesOf(site, rank) ?? [];
    return inShape(
      site,
      Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (sizes.shift() ?? 1))),
    );
  },
  Transpose: (site) => {
    const given = input(site, 0);
    const permutation = site.list('perm') ?? given.shape.map((_, axis) => axis).toReversed();
    const shape = permutation.map((axis) => given.shape[axis] ?? 1);
    const turned = filled(shape, given.isWhole, (place) =>
      valueAt(
        given,
        given.shape.map((_, axis) => place[permutation.indexOf(axis)] ?? 0),
      ),
    );
    return given.parameter === undefined ? turned : { ...turned, parameter: given.parameter };
  },
  Concat: (site) => {
    const given = site.inputs.map((_, i) => input(site, i));
    const [first = input(site, 0)] = given;
    const axis = axisOf(site.number('axis', 0), first.shape.length);
    const starts = [0];
    for (const { shape } of given) starts.push((starts.at(-1) ?? 0) + (shape[axis] ?? 1));
    return filled(first.shape.with(axis, starts.at(-1) ?? 0), first.isWhole, (place) => {
      const at = place[axis] ?? 0;
      const owner = given.findIndex((_, i) => at < (starts[i + 1] ?? 0));
      return valueAt(given[owner] ?? first, place.with(axis, at - (starts[owner] ?? 0)));
    });
  },
  Gather: (site) => {
    const [given, places] = [input(site, 0), input(site, 1)];
    const axis = axisOf(site.number('axis', 0), given.shape.length);
    const size = given.shape[axis] ?? 1;
    const shape = [...given.shape.slice(0, axis), ...places.shape, ...given.shape.slice(axis + 1)];
    return filled(shape, given.isWhole, (place) => {
      const at = valueAt(places, place.slice(axis, axis + places.shape.length));
      const rest = place.slice(axis + places.shape.length);
      return valueAt(given, [...place.slice(0, axis), at < 0 ? at + size : at, ...rest]);
    });
  },
  Slice: (site) => {
    const given = input(site, 0);
    const starts = site.numbers(1, 'starts', 'its start') ?? [];
    const ends = site.numbers(2, 'ends', 'its end') ?? [];
    const axes = site.numbers(3, 'axes', 'its axes') ?? starts.map((_, axis) => axis);
    const steps = site.numbers(4, 'steps', 'its step') ?? starts.map(() => 1);
    const taken = given.shape.map((size, axis) => {
      const i = axes.findIndex((one) => axisOf(one, given.shape.length) === axis);
      if (i < 0) return { start: 0, step: 1, count: size };
      const step = steps[i] ?? 1;
      const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
      const bound = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, least), most);
      const start = bound(starts[i] ?? 0);
      return { start, step, count: Math.max(0, Math.ceil((bound(ends[i] ?? size) - start) / step)) };
    });
    return filled(
      taken.map(({ count }) => count),
      given.isWhole,
      (place) =>
        valueAt(
          given,
          place.map((at, axis) => (taken[axis]?.start ?? 0) + at * (taken[axis]?.step ?? 1)),
        ),
    );
  },
  Expand: (site) => {
    const given = input(site, 0);
    const asked = numbers(site, 1);
    if (elementCount(asked) === given.values.length) return inShape(site, broadcast(given.shape, asked));
    return filled(broadcast(given.shape, numbers(site, 1)), given.isWhole, (place) => valueAt(given, place));
  },
  Conv: projectedPositions,
  /** Sums of all elements up to each, along an axis. */
  CumSum: (site) => {
    const given = input(site, 0);
    const [axis = 0] = numbers(site, 1);
    if (site.number('exclusive', 0) !== 0 || site.number('reverse', 0) !== 0)
      throw new UserError('it sums up in another way than torch.cumsum', UNSUPPORTED);
    const along = axisOf(axis, given.shape.length);
    return filled(given.shape, given.isWhole, (place) =>
      Array.from({ length: (place[along] ?? 0) + 1 }, (_, at) =>
        valueAt(given, place.with(along, at)),
      ).reduce((sum, value) => sum + value),
    );
  },
  ConstantOfShape: (site) => {
    const value = site.tensor('value');
    return filled(numbers(site, 0), value?.isWhole ?? false, () => value?.values[0] ?? 0);
  },
  Range: (site) => {
    const [start = 0, end = 0, step = 1] = [0, 1, 2].flatMap((i) => numbers(site, i));
    const count = Math.max(0, Math.ceil((end - start) / step));
    return filled([count], input(site, 0).isWhole, ([i = 0]) => start + i * step);
  },
  Clip: elementwise((x = 0, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY) =>
    Math.min(Math.max(x, low), high),
  ),
  Equal: elementwise((a, b) => Number(a === b)),
  Where: elementwise((condition, a = 0, b = 0) => (condition ? a : b)),
  ReduceProd: (site) => constant([], [elementCount(numbers(site, 0))], true),
};

/** What the operator makes of constants. Throws UserError where it is not known for them. */
export const fold: Rule = (site) => {
  const rule = FOLDING[site.operator];
  if (rule) return rule(site);
  throw new UserError(`it computes a constant by ${site.operator}, which is not understood`, UNSUPPORTED);
};
