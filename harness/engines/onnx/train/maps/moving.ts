/** What puts the pixels of a map elsewhere, some of them several times: padding, and nearest neighbours. */
import type { Op, Pair } from '../../../../graph/operations/ops.js';
import { edgePlaces, nearestPlaces } from '../../../../graph/operations/places.js';
import type { MapShape } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { Lowered, TrainingContext } from '../context.js';

export const padded = (
  context: TrainingContext,
  { padding: [top, left, bottom, right], fill }: Op<'pad'>,
  x: Tensor,
  shape: MapShape,
): Lowered => {
  const { ops, layout } = context;
  const { batch, lanes } = layout;
  const [channels, height, width] = shape;
  if (fill === 'edge')
    return picked(context, [edgePlaces(top, height, bottom), edgePlaces(left, width, right)], x, shape);
  const [newHeight, newWidth] = [top + height + bottom, left + width + right];
  const blocks = batch / lanes;
  const [before, after] = [
    [0, 0, top, left, 0],
    [0, 0, bottom, right, 0],
  ];
  const larger = ops.pad(ops.reshape(x, channels, blocks, height, width, lanes), before, after);
  return {
    output: ops.reshape(larger, channels, batch * newHeight * newWidth),
    backward: (gradient) => {
      const whole = ops.reshape(gradient, channels, blocks, newHeight, newWidth, lanes);
      const inner = ops.pad(whole, before.map(negated), after.map(negated));
      return [ops.reshape(inner, channels, batch * height * width)];
    },
  };
};

/** Nearest neighbours: see the operation. */
export const resized = (
  context: TrainingContext,
  [newHeight, newWidth]: Pair,
  x: Tensor,
  shape: MapShape,
): Lowered =>
  picked(context, [nearestPlaces(shape[1], newHeight), nearestPlaces(shape[2], newWidth)], x, shape);

const negated = (amount: number): number => -amount;

/** Every row and column of the result is the one of the map at its place. */
const picked = (
  { ops, layout: { batch, lanes } }: TrainingContext,
  [rows, columns]: readonly [readonly number[], readonly number[]],
  x: Tensor,
  [channels, height, width]: MapShape,
): Lowered => {
  const blocks = batch / lanes;
  const map = ops.reshape(x, channels, blocks, height, width, lanes);
  const larger = ops.gather(ops.gather(map, 2, rows), 3, columns);
  return {
    output: ops.reshape(larger, channels, batch * rows.length * columns.length),
    backward: (gradient) => {
      const whole = ops.reshape(gradient, channels, blocks, rows.length, columns.length, lanes);
      const inner = putBack(ops, putBack(ops, whole, 3, columns, width), 2, rows, height);
      return [ops.reshape(inner, channels, batch * height * width)];
    },
  };
};

/**
 * The transpose of a gather along an axis of five: what was taken from a place several times is added there. As gathers, since a scatter
 * has no parallel kernel; a place that was taken fewer times than others reads a zero behind the end.
 */
const putBack = (
  ops: TensorOps,
  gradient: Tensor,
  axis: number,
  places: readonly number[],
  size: number,
): Tensor => {
  const takenAs = Array.from({ length: size }, (_, place) =>
    places.flatMap((taken, i) => (taken === place ? [i] : [])),
  );
  const most = Math.max(...takenAs.map(({ length }) => length));
  const isEven = takenAs.every(({ length }) => length === most);
  const end = Array.from({ length: 5 }, (_, one) => (one === axis && !isEven ? 1 : 0));
  const withZero = ops.pad(gradient, [0, 0, 0, 0, 0], end);
  return ops.total(
    Array.from({ length: most }, (_, nth) =>
      ops.gather(
        withZero,
        axis,
        takenAs.map((taken) => taken[nth] ?? places.length),
      ),
    ),
  );
};
