/** Which pixel along an axis each pixel of a larger or smaller map is. */

/** The map with its first and last pixel repeated before and after it. */
export const edgePlaces = (before: number, size: number, after: number): readonly number[] =>
  Array.from({ length: before + size + after }, (_, i) => Math.min(Math.max(i - before, 0), size - 1));

/** Nearest neighbours: floor(i size / newSize). */
export const nearestPlaces = (size: number, newSize: number): readonly number[] =>
  Array.from({ length: newSize }, (_, i) => Math.floor((i * size) / newSize));
