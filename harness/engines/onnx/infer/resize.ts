/** Nearest neighbours in ONNX's operators. */
import type { Pair } from '../../../graph/operations/ops.js';
import { nearestPlaces } from '../../../graph/operations/places.js';
import type { OnnxModel, Tensor } from '../model.js';

/**
 * A Resize by factors of all four axes. Sizes of all four would fix the batch; and where onnxruntime lays the channels of quantised maps out
 * anew, it takes what is given for two axes to be given for four. Factors are float32: where none gives the pixels of the operation, a
 * Gather along each axis takes its place.
 */
export const resizedTo = (
  model: OnnxModel,
  [height, width]: Pair,
  x: Tensor,
  [, oldHeight = 1, oldWidth = 1]: readonly number[],
  name: string,
): Tensor => {
  const [down, across] = [exactFactor(oldHeight, height), exactFactor(oldWidth, width)];
  if (down === undefined || across === undefined) {
    const rows = model.integers(...nearestPlaces(oldHeight, height));
    const columns = model.integers(...nearestPlaces(oldWidth, width));
    const picked = model.node('Gather', [x, rows], { attributes: { axis: 2 } });
    return model.node('Gather', [picked, columns], { name, attributes: { axis: 3 } });
  }
  return model.node('Resize', [x, ABSENT, model.constant([1, 1, down, across])], {
    name,
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  });
};

/** ONNX's name of an optional input that is not given. */
const ABSENT: Tensor = '';

/** The quotient as a float32, or a last digit more, so that the size is not one less; by float64 too, as ONNX's own checker computes it. */
const exactFactor = (size: number, newSize: number): number | undefined => {
  const places = nearestPlaces(size, newSize);
  const nearest = Math.fround(newSize / size);
  return [nearest, Math.fround(nearest * (1 + 2 ** -23))].find(
    (factor) =>
      Math.floor(size * factor) === newSize &&
      Math.floor(Math.fround(size * factor)) === newSize &&
      places.every((place, i) => Math.floor(Math.fround(i / factor)) === place),
  );
};
