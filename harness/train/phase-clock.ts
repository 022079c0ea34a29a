/** Where the wall time of a training goes. */
import type { Phase, PhaseSeconds } from '../../results/training/phases.js';

/** Adds up the wall time of each phase; one phase at a time. */
export interface PhaseClock {
  /** Counts what the action takes, whether it succeeds or not. */
  readonly time: <T>(phase: Phase, action: () => Promise<T>) => Promise<T>;
  /** Counts what was measured elsewhere. */
  readonly add: (phase: Phase, seconds: number) => void;
  /** Of every phase that has been counted. */
  readonly seconds: () => PhaseSeconds;
}

export const phaseClock = (): PhaseClock => {
  const counted: Partial<Record<Phase, number>> = {};
  const add = (phase: Phase, seconds: number): void => {
    counted[phase] = (counted[phase] ?? 0) + seconds;
  };
  return {
    add,
    seconds: () => ({ ...counted }),
    time: async (phase, action) => {
      const start = performance.now();
      try {
        return await action();
      } finally {
        add(phase, (performance.now() - start) / 1000);
      }
    },
  };
};

/** The items, and what was waited for each, in seconds. */
export async function* timedItems<T>(
  source: AsyncIterable<T>,
  waited: (seconds: number) => void,
): AsyncGenerator<T> {
  let start = performance.now();
  for await (const item of source) {
    waited((performance.now() - start) / 1000);
    yield item;
    start = performance.now();
  }
}
