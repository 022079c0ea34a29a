import { isMap, type MapShape, type Shape } from '../../../../graph/shape.js';

/** Shape of a value that the shape rules guarantee to be a map. */
export const mapShape = (shape: Shape | undefined): MapShape => {
  if (shape && isMap(shape)) return shape;
  throw new TypeError('A map was expected.');
};
