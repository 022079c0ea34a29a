import { randomStream } from '../random.js';

/**
 * Indices of the training images that are kept and that are held out for validation, each in their order. The same images for everyone:
 * within each class, the first of a fixed random order, as many as `countOf` says for a class of so many images.
 */
export const heldOut = (
  labels: Uint8Array | Uint16Array,
  classes: number,
  countOf: (members: number) => number,
): { readonly kept: Uint32Array; readonly held: Uint32Array } => {
  const byClass = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, index) => {
    byClass[label]?.push(index);
  });
  const isHeld = new Uint8Array(labels.length);
  for (const [label, members] of byClass.entries()) {
    const order = randomStream(0, 'validation', label).permutation(members.length);
    for (const position of order.subarray(0, countOf(members.length))) isHeld[members[position] ?? 0] = 1;
  }
  const indices = Uint32Array.from(labels.keys());
  return {
    kept: indices.filter((index) => isHeld[index] === 0),
    held: indices.filter((index) => isHeld[index] === 1),
  };
};
