/** Where the taps of kernels lie. */
import { greatestCommonDivisor } from '../graph/channel-arithmetic.js';
import type { Op, Pair } from '../graph/operations/ops.js';

/** Tap i of an axis reads the pixel at i * dilation - padding, counted from the output's place times the stride. */
export type Taps = Pick<Op<'conv2d'>, 'kernel' | 'padding' | 'dilation'>;

export type Axis = 0 | 1;

/** The fewest taps, at equal distances, that cover those of all these kernels. */
export const commonTaps = (all: readonly Taps[]): Taps =>
  tapsAlong((axis) => {
    const before = Math.max(...all.map(({ padding }) => padding[axis]));
    const after = Math.max(...all.map((taps) => reachOf(taps, axis) - taps.padding[axis]));
    const distances = all.flatMap((taps) => [distanceOf(taps, axis), before - taps.padding[axis]]);
    return { before, reach: before + after, distance: distances.reduce(greatestCommonDivisor) };
  });

/** The taps of a kernel on what another one gives, counted on what that one reads. */
export const composedTaps = (second: Taps, first: Taps & { readonly stride: Pair }): Taps =>
  tapsAlong((axis) => {
    const stride = first.stride[axis];
    return {
      before: second.padding[axis] * stride + first.padding[axis],
      reach: reachOf(second, axis) * stride + reachOf(first, axis),
      distance: greatestCommonDivisor(distanceOf(second, axis) * stride, distanceOf(first, axis)),
    };
  });

/** All in pixels. */
interface Line {
  /** From the first tap to the output's place. */
  readonly before: number;
  /** From the first tap to the last. */
  readonly reach: number;
  /** From one tap to the next; 0 where there is one alone. */
  readonly distance: number;
}

const tapsAlong = (line: (axis: Axis) => Line): Taps => {
  const [down, along] = [line(0), line(1)];
  const dilation: Pair = [down.distance || 1, along.distance || 1];
  return {
    kernel: [down.reach / dilation[0] + 1, along.reach / dilation[1] + 1],
    padding: [down.before, along.before],
    dilation,
  };
};

const reachOf = ({ kernel, dilation }: Taps, axis: Axis): number => (kernel[axis] - 1) * dilation[axis];

const distanceOf = ({ kernel, dilation }: Taps, axis: Axis): number =>
  kernel[axis] === 1 ? 0 : dilation[axis];
