/** Windows that slide over a map: convolutions and poolings. */
import type { Pair, Sides } from '../../../graph/operations/ops.js';
import { UserError } from '../../../user/user-error.js';
import type { Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { viewShape } from '../view.js';
import { withOnes } from './linear-attention.js';
import { averageInARow } from './mean.js';

interface Window {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Sides;
  /** What it slides over, without the padding before it. */
  readonly source: Variable;
}

/** The window's padding joined with the Pad of zeros before it, where it is one on its input as it stands. */
export const windowOf = (site: Site, kernel: Pair, input = site.windowed(0)): Window => {
  const { padding: before = [0, 0, 0, 0], ...source } = input;
  const stride = pairOf(site.list('strides'));
  const dilation = pairOf(site.list('dilations'));
  const own = ownPadding(site, source, kernel, { stride, dilation });
  const padding: Sides = [before[0] + own[0], before[1] + own[1], before[2] + own[2], before[3] + own[3]];
  return { stride, dilation, padding, source };
};

const pairOf = ([height = 1, width = 1]: readonly number[] = []): Pair => [height, width];

const ownPadding = (
  site: Site,
  source: Variable,
  kernel: Pair,
  { stride, dilation }: { readonly stride: Pair; readonly dilation: Pair },
): Sides => {
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

/**
 * What a window slides over and with which padding: what both sides of an axis have in common is the window's own, the rest stands before
 * it as a pad of its own.
 */
export const evenly = (
  site: Site,
  path: string,
  { source, padding: [top, left, bottom, right] }: Pick<Window, 'source' | 'padding'>,
): { readonly x: number; readonly padding: Pair } => {
  const map = site.sketch.asMap(source, path);
  const [down, along] = [Math.min(top, bottom), Math.min(left, right)];
  const rest: Sides = [top - down, left - along, bottom - down, right - along];
  return { x: site.sketch.padded(map, rest, 'zero', `${path}_pad`), padding: [down, along] };
};

export const pad: Rule = (site) => {
  const x = site.variable(0);
  const pads = padsOf(site, x);
  if (pads.every((amount) => amount === 0)) return x;
  const [batch = 0, channels = 0, top = 0, left = 0, , , bottom = 0, right = 0] = pads;
  const isMapPad = pads.length === 8 && batch === 0 && channels === 0 && pads[4] === 0 && pads[5] === 0;
  const value = site.inputs[2] ? (site.constant(2, 'its value').values[0] ?? 0) : site.number('value', 0);
  const mode = site.text('mode', 'constant');
  const values = mode === 'constant' ? withOnes(x, pads, value) : undefined;
  if (values) return values;
  const fill = mode === 'edge' ? mode : mode === 'constant' && value === 0 ? 'zero' : null;
  if (!isMapPad || fill === null) {
    throw new UserError('it pads with other than zeros or the nearest values around the map', UNSUPPORTED);
  }
  if (pads.some((amount) => amount < 0)) throw new UserError('it crops the map', UNSUPPORTED);
  const map = site.sketch.asMap(x, site.path());
  const sides: Sides = [top, left, bottom, right];
  if (fill === 'zero') return { ...site.value(map), padding: sides };
  return site.value(site.sketch.padded(map, sides, fill, site.path()));
};

/** Of every axis, before it and then after it; a file may name some axes alone. */
const padsOf = (site: Site, { view }: Variable): readonly number[] => {
  const given = site.numbers(1, 'pads', 'its padding') ?? [];
  const axes = site.inputs[3] && site.numbers(3, '', 'its axes');
  if (!axes) return given;
  const pads = Array<number>(2 * view.length).fill(0);
  for (const [i, axis] of axes.entries()) {
    const place = axis < 0 ? axis + view.length : axis;
    pads[place] = given[i] ?? 0;
    pads[place + view.length] = given[i + axes.length] ?? 0;
  }
  return pads;
};

export const averagePool: Rule = (site) => {
  if (site.list('kernel_shape')?.length === 1) return averageInARow(site);
  const window = poolOf(site, site.windowed(0));
  const { padding, source, ...rest } = window;
  const own = poolOf(site, site.variable(0)).padding;
  if (site.number('count_include_pad', 0) === 0 && own.some((amount) => amount > 0)) {
    throw new UserError(
      'it leaves its padding out of the average',
      'Set count_include_pad=True, or pad with 0.',
    );
  }
  if (site.number('ceil_mode', 0) === 1 && missing(window).some((amount) => amount > 0)) {
    throw new UserError(
      'with ceil_mode its last window reaches beyond the map',
      'Choose an image size at which every window fits, or export without ceil_mode.',
    );
  }
  const { x, padding: even } = evenly(site, site.path(), { source, padding });
  return site.value(site.sketch.add(site.path(), { kind: 'avgPool', ...rest, padding: even }, [x]));
};

/** Padding on one side alone, and what the last window reaches beyond the map with ceil_mode, is the edge again: no other maximum. */
export const maxPool: Rule = (site) => {
  const path = site.path();
  const window = poolOf(site, site.variable(0));
  const { padding, source, ...rest } = window;
  const [top, left, bottom, right] = padding;
  const [down, along] = site.number('ceil_mode', 0) === 1 ? missing(window) : [0, 0];
  const even: Pair = [Math.min(top, bottom), Math.min(left, right)];
  const sides: Sides = [top - even[0], left - even[1], bottom - even[0] + down, right - even[1] + along];
  const x = site.sketch.padded(site.sketch.asMap(source, path), sides, 'edge', `${path}_pad`);
  return site.value(site.sketch.add(path, { kind: 'maxPool', ...rest, padding: even }, [x]));
};

interface Pool {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Sides;
  readonly source: Variable;
}

const poolOf = (site: Site, input: Variable): Pool => {
  const kernel = site.list('kernel_shape') ?? [];
  if (kernel.length !== 2) throw new UserError(`it slides along ${kernel.length} axes, not 2`, UNSUPPORTED);
  const size = pairOf(kernel);
  const { stride, dilation, padding, source } = windowOf(site, size, input);
  if (dilation[0] * dilation[1] !== 1) throw new UserError('its window is dilated', UNSUPPORTED);
  return { kernel: size, stride, padding, source };
};

/**
 * Rows and columns that the last window lacks with ceil_mode. A window that would begin beyond the map and the padding before it is left
 * out, as PyTorch does.
 */
const missing = ({ kernel, stride, padding, source }: Pool): Pair => {
  const [, , ...size] = viewShape(source.view);
  const along = (axis: 0 | 1): number => {
    const [before, after] = [padding[axis], padding[axis + 2] ?? 0];
    const given = size[axis] ?? 1;
    const room = given + before + after - kernel[axis];
    const last = Math.ceil(room / stride[axis]) * stride[axis];
    return last >= given + before ? 0 : last - room;
  };
  return [along(0), along(1)];
};

/** By nearest neighbours to a size, or by factors. */
export const resize: Rule = (site) => {
  const mode = site.text('mode', 'nearest');
  const places = site.text('coordinate_transformation_mode', 'half_pixel');
  const rounding = site.text('nearest_mode', 'round_prefer_floor');
  if (mode !== 'nearest' || places !== 'asymmetric' || rounding !== 'floor') {
    throw new UserError(
      `it resizes by ${mode === 'nearest' ? `nearest neighbours of another kind (${places}, ${rounding})` : `the mode ${mode}`}`,
      "Use torch.nn.functional.interpolate with mode='nearest'.",
    );
  }
  const map = site.sketch.asMap(site.variable(0), site.path());
  const given = [1, ...site.sketch.at(map).shape];
  const axes = site.list('axes') ?? given.map((_, axis) => axis);
  const factors = site.inputs[2] && site.constant(2, 'its factors').values;
  const isBySize = site.inputs[3] !== undefined;
  const asked = isBySize ? site.numbers(3, '', 'its size') : Array.from(factors ?? []);
  const sizes = [...given];
  for (const [i, axis] of axes.entries()) {
    const amount = asked?.[i] ?? 1;
    sizes[axis] = isBySize ? amount : Math.floor(Math.fround((given[axis] ?? 1) * amount));
  }
  const [batch, channels, height = 1, width = 1] = sizes;
  if (batch !== given[0] || channels !== given[1]) {
    throw new UserError('it resizes something other than the height and the width', UNSUPPORTED);
  }
  return site.value(site.sketch.add(site.path(), { kind: 'resize', size: [height, width] }, [map]));
};
