import type { Predictor } from '../harness/engines/engine.js';

/** Nothing is calibrated: after every run the processor is kept busy for that share of the time that this run took. */
export const slowedPredictor = (predictor: Predictor, share: number): Predictor => ({
  ...predictor,
  run: async (images) => {
    const start = performance.now();
    const output = await predictor.run(images);
    const end = performance.now() + share * (performance.now() - start);
    while (performance.now() < end);
    return output;
  },
});
