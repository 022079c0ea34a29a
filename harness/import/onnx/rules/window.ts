/** Windows that slide over a map: convolutions and poolings. */
import type { Pair } from '../../../graph/ops.js';
import { isMap, type MapShape } from '../../../graph/shape.js';
import { UserError } from '../../../user-error.js';
import type { Padding, Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { dimensionOf, viewShape } from '../view.js';

interface Window {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
  /** What it slides over, without the padding before it. */
  readonly source: Variable;
}

/** The window's padding joined with the Pad before it. */
export const windowOf = (site: Site, kernel: Pair): Window => {
  const { padding: before = [0, 0, 0, 0], ...source } = site.variable(0);
  const stride = pairOf(site.list('strides'));
  const dilation = pairOf(site.list('dilations'));
  const own = ownPadding(site, source, kernel, { stride, dilation });
  const padding: Padding = [before[0] + own[0], before[1] + own[1], before[2] + own[2], before[3] + own[3]];
  return { stride, dilation, padding, source };
};

const pairOf = ([height = 1, width = 1]: readonly number[] = []): Pair => [height, width];

const ownPadding = (
  site: Site,
  source: Variable,
  kernel: Pair,
  { stride, dilation }: { readonly stride: Pair; readonly dilation: Pair },
): Padding => {
  const mode = site.text('auto_pad', 'NOTSET');
  if (mode === 'NOTSET' || mode === 'VALID') {
    const [top = 0, left = 0, bottom = 0, right = 0] = (mode === 'NOTSET' && site.list('pads')) || [];
    return [top, left, bottom, right];
  }
  const [, , ...size] = viewShape(source.view);
  const total = ([0, 1] as const).map((axis) => {
    const given = size[axis] ?? 1;
    const extent = dilation[axis] * (kernel[axis] - 1) + 1;
    return Math.max(0, (Math.ceil(given / stride[axis]) - 1) * stride[axis] + extent - given);
  });
  const [vertical = 0, horizontal = 0] = total;
  const [up, side] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return mode === 'SAME_UPPER'
    ? [up, side, vertical - up, horizontal - side]
    : [vertical - up, horizontal - side, up, side];
};

/** Throws UserError where the two sides of an axis have unlike padding. */
export const evenPadding = ([top, left, bottom, right]: Padding): Pair => {
  if (top === bottom && left === right) return [top, left];
  throw new UserError(
    `its padding is ${top} above, ${bottom} below, ${left} left and ${right} right`,
    'Both sides need the same padding: export networks of TensorFlow’s padding ("tf_") in their PyTorch variant.',
  );
};

export const pad: Rule = (site) => {
  const x = site.variable(0);
  const pads = site.numbers(1, 'pads', 'its padding') ?? [];
  if (pads.every((amount) => amount === 0)) return x;
  const value = site.inputs[2] ? (site.constant(2, 'its value').values[0] ?? 0) : site.number('value', 0);
  const [batch = 0, channels = 0, top = 0, left = 0, , , bottom = 0, right = 0] = pads;
  const isMapPad = pads.length === 8 && batch === 0 && channels === 0 && pads[4] === 0 && pads[5] === 0;
  if (site.text('mode', 'constant') !== 'constant' || value !== 0 || !isMapPad) {
    throw new UserError('it pads with other than zeros around the map', UNSUPPORTED);
  }
  if (pads.some((amount) => amount < 0)) throw new UserError('it crops the map', UNSUPPORTED);
  return { ...site.value(site.sketch.asMap(x, site.path())), padding: [top, left, bottom, right] };
};

export const averagePool: Rule = (site) => {
  const { window, source, padded } = poolOf(site);
  if (
    padded &&
    site.number('count_include_pad', 0) === 0 &&
    (window.padding[0] > 0 || window.padding[1] > 0)
  ) {
    throw new UserError(
      'it leaves its padding out of the average',
      'Set count_include_pad=True, or pad with 0.',
    );
  }
  return site.value(site.sketch.add(site.path(), { kind: 'avgPool', ...window }, [source]));
};

export const maxPool: Rule = (site) => {
  if (site.variable(0).padding)
    throw new UserError('a Pad of zeros stands before it', 'Use its own padding.');
  const { window, source } = poolOf(site);
  return site.value(site.sketch.add(site.path(), { kind: 'maxPool', ...window }, [source]));
};

const poolOf = (site: Site) => {
  const kernel = site.list('kernel_shape') ?? [];
  if (kernel.length !== 2) throw new UserError(`it slides along ${kernel.length} axes, not 2`, UNSUPPORTED);
  const size = pairOf(kernel);
  const { stride, dilation, padding, source } = windowOf(site, size);
  if (dilation[0] * dilation[1] !== 1) throw new UserError('its window is dilated', UNSUPPORTED);
  const id = site.sketch.asMap(source, site.path());
  const window = { kernel: size, stride, padding: evenPadding(padding) };
  if (site.number('ceil_mode', 0) === 1) requireWholeWindows(site.sketch.at(id).shape, window);
  return { window, source: id, padded: site.variable(0).padding === undefined };
};

/** With ceil_mode, a last window that reaches beyond the map counts. */
const requireWholeWindows = (
  shape: readonly number[],
  { kernel, stride, padding }: { readonly kernel: Pair; readonly stride: Pair; readonly padding: Pair },
): void => {
  for (const axis of [0, 1] as const) {
    const room = (shape[axis + 1] ?? 1) + 2 * padding[axis] - kernel[axis];
    if (room % stride[axis] === 0) continue;
    throw new UserError(
      `with ceil_mode its last window reaches beyond the map of ${shape.slice(1).join('x')}`,
      'Choose an image size at which every window fits, or export without ceil_mode.',
    );
  }
};

export const globalAveragePool: Rule = (site) => mean(site, [2, 3], true);

export const reduceMean: Rule = (site) => {
  const { view } = site.variable(0);
  const given = site.numbers(1, 'axes', 'its axes') ?? view.map((_, axis) => axis);
  const axes = given.map((axis) => (axis < 0 ? axis + view.length : axis));
  return mean(site, axes, site.number('keepdims', 1) === 1);
};

/** Over whole dimensions that hold the height and the width, and nothing else. */
const mean = (site: Site, axes: readonly number[], keep: boolean): Variable => {
  const given = site.variable(0);
  const source = site.sketch.settle(given);
  const { shape } = site.sketch.at(source);
  const reduced = axes.flatMap((axis) => given.view[axis] ?? []);
  const pixels = reduced.reduce((product, { size }) => product * size, 1);
  const isPixels = reduced.every(({ axis }) => axis !== 'c');
  if (!isMap(shape) || !isPixels || pixels !== pixelsOf(shape)) {
    throw new UserError(
      'it averages over something other than all pixels',
      'Only the mean over the height and the width is understood.',
    );
  }
  const kept = given.view.map((atoms, axis) => (axes.includes(axis) ? [] : atoms));
  const view = keep ? kept : kept.filter((_, axis) => !axes.includes(axis));
  const channels = dimensionOf(view, 'c');
  if (channels === null && shape[0] > 1) throw new RangeError('The channels are lost.');
  return site.value(site.sketch.add(site.path(), { kind: 'globalAvgPool' }, [source]), view);
};

const pixelsOf = ([, height, width]: MapShape): number => height * width;
