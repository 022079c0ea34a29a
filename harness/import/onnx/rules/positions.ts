/** Sine codes of positions, computed without the image and projected by a 1x1 convolution: one operation where they are added to a map. */
import type { Op } from '../../../graph/operations/ops.js';
import { positionCodes } from '../../../graph/operations/position-codes.js';
import { elementCount } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import type { BinaryOperator } from '../formula.js';
import { type Constant, floats, type Variable } from '../operand.js';
import { type PendingVariable, type Rule, type Site, UNSUPPORTED } from '../site.js';
import { isSameView } from '../view.js';

/** Codes are computed in float32. */
const TOLERANCE = 1e-5;

/** Of DETR (arXiv:2005.12872), and of all who took over its code. */
const USUAL_TEMPERATURE = 10_000;

/** The convolution of a constant. It waits for its map. */
export const projectedPositions: Rule = (site) => {
  const [codes, weight] = [site.constant(0, 'its input'), site.parameter(1, 'its weight')];
  const [outChannels = 0, , ...kernel] = weight.shape;
  const [, , height = 0, width = 0] = codes.shape;
  const op = elementCount(kernel) === 1 && site.number('group', 1) === 1 ? operationOf(codes) : null;
  if (op === null || !site.inputs[2]) {
    throw new UserError(
      'it convolves a constant that is not the sine codes of positions, by a 1x1 kernel with bias',
      UNSUPPORTED,
    );
  }
  const bias = site.parameter(2, 'its bias');
  const weights = { weight: () => floats(weight), bias: () => floats(bias) };
  const path = site.path(weight);
  const place = site.value(site.sketch.add(path, { kind: 'input', shape: [outChannels, height, width] }, []));
  return { ...place, pending: { state: 'positions', path, op, weights } };
};

/** Null where the values are others. */
const operationOf = ({ shape, values }: Constant): Op<'addPositions'> | null => {
  const [images, channels = 0, height = 1, width = 1] = shape;
  if (shape.length !== 4 || images !== 1 || channels % 2 !== 0) return null;
  const codes = channels / 2;
  for (const temperature of [USUAL_TEMPERATURE, temperatureOf(codes, [height, width], values)]) {
    const op = { kind: 'addPositions', codes, temperature } as const;
    const expected = temperature >= 1 ? positionCodes(op, [height, width]) : null;
    if (expected?.every((value, i) => Math.abs(value - (values[i] ?? Number.NaN)) <= TOLERANCE)) return op;
  }
  return null;
};

/** From the third code of the first pixel: the sine of p / temperature^(2 / codes), where 0 < p <= pi. */
const temperatureOf = (
  codes: number,
  [height, width]: readonly [number, number],
  values: ArrayLike<number>,
): number => {
  const [position, sine = 0] = [(2 * Math.PI) / (height + 1e-6), values[2 * height * width]];
  return Number(((position / Math.asin(sine)) ** (codes / 2)).toPrecision(5));
};

/** Where they are added to a map of their size, in the same arrangement. Throws UserError, as `variable` does, where they are not. */
export const ofPositions = (
  site: Site,
  operator: BinaryOperator,
  positions: PendingVariable<'positions'>,
  place: number,
): Variable => {
  const map = site.variable(1 - place);
  const node = site.sketch.settle(map);
  const isSameShape = elementCount(site.sketch.at(node).shape) === elementCount(site.shapeOf(positions));
  if (operator !== 'Add' || !isSameShape || !isSameView(map.view, positions.view))
    return site.variable(place);
  const { path, op, weights } = positions.pending;
  return site.value(site.sketch.add(path, op, [node], weights), map.view);
};
