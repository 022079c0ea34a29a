/**
 * Canvases of batches that were used, to be painted again: memory that the system hands out anew must be cleared first, which takes about
 * as long as painting it.
 */
export interface CanvasPool {
  /** So many values, whatever they are. */
  readonly take: (length: number) => Float32Array;
  /** The caller will read them no more. */
  readonly give: (canvases: Float32Array) => void;
}

export const canvasPool = (): CanvasPool => {
  const free: Float32Array[] = [];
  return {
    take: (length) => {
      const place = free.findIndex((one) => one.length === length);
      return free.splice(place, place < 0 ? 0 : 1)[0] ?? new Float32Array(length);
    },
    give: (canvases) => void free.push(canvases),
  };
};
