/** Where the numeric Jacobian of a graph is not zero: what its output depends on, found without any rule about structure. */
import type { Graph } from '../../harness/graph/graph.js';
import { elementCount, isMap, type MapShape, type Shape } from '../../harness/graph/shape.js';
import { randomValues, randomWeights } from './random.js';
import { referenceOutput } from './reference.js';

/** Channels, or rows, or columns of a map. */
export type Axis = 0 | 1 | 2;

/**
 * For every position of the output along an axis, the positions of the input along it whose values change it. Random weights, images
 * and changes; in float64 and with the same order of operations, what does not depend on a value does not change at all. Where an
 * activation is flat or a maximum lies elsewhere a change may be missed: `tries` repeats it with other numbers.
 */
export const dependenciesAlong = (
  graph: Graph,
  axis: Axis,
  tries: number,
): readonly (readonly number[])[] => {
  const found = Array.from({ length: mapShape(graph.output.shape)[axis] }, () => new Set<number>());
  for (let seed = 1; seed <= tries; seed++) {
    for (const [output, input] of changes(graph, axis, seed)) found[output]?.add(input);
  }
  return found.map((inputs) => [...inputs].sort((a, b) => a - b));
};

const changes = (graph: Graph, axis: Axis, seed: number): readonly (readonly [number, number])[] => {
  const { shape } = graph.input;
  const size = elementCount(shape);
  const positions = shape[axis];
  const [base, other] = [randomValues(size, 2 * seed, 2), randomValues(size, 2 * seed + 1, 2)];
  const images = Float64Array.from({ length: (positions + 1) * size }, (_, i) => {
    const [image, element] = [Math.floor(i / size), i % size];
    return (image === positionOf(element, shape, axis) ? other[element] : base[element]) ?? Number.NaN;
  });
  const values = referenceOutput(graph, randomWeights(graph, seed), images, {
    batch: positions + 1,
    mode: 'inference',
  });
  const outputs = values.length / (positions + 1);
  const unchanged = values.subarray(positions * outputs);
  return Array.from({ length: positions * outputs }, (_, i) => i)
    .filter((i) => values[i] !== unchanged[i % outputs])
    .map((i) => [positionOf(i % outputs, mapShape(graph.output.shape), axis), Math.floor(i / outputs)]);
};

/** A vector is a map of one pixel. */
const mapShape = (shape: Shape): MapShape => (isMap(shape) ? shape : [shape[0], 1, 1]);

const positionOf = (element: number, [, height, width]: MapShape, axis: Axis): number => {
  if (axis === 0) return Math.floor(element / (height * width));
  return axis === 1 ? Math.floor(element / width) % height : element % width;
};
