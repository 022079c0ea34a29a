/** Channels, height, width of one image's activation. The batch dimension is never part of a shape. */
export type MapShape = readonly [channels: number, height: number, width: number];

/** Features of one image after flattening. */
export type VectorShape = readonly [features: number];

/** Of what an operation gives for one image. */
export type Shape = MapShape | VectorShape;

export const isMap = (shape: Shape): shape is MapShape => shape.length === 3;

export const elementCount = (shape: readonly number[]): number => {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
};

export const isSameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

export const formatShape = (shape: readonly number[]): string => shape.join('x');
