/** Several GPUs of this machine, one training on each. */

/** Which GPU a job is for; of none where it takes what the engine takes. */
interface OnGpu {
  readonly gpu?: number;
}

/**
 * Lends these GPUs, each to one piece of work at a time; without any, work is told of none. Rejects with RangeError where all are lent.
 */
export const lendGpus = (gpus?: readonly number[]) => {
  const free = [...(gpus ?? [])];
  return async <T>(work: (where: OnGpu) => Promise<T>): Promise<T> => {
    if (gpus === undefined) return work({});
    const gpu = free.shift();
    if (gpu === undefined) throw new RangeError(`All of ${gpus.length} GPUs are at work.`);
    try {
      return await work({ gpu });
    } finally {
      free.push(gpu);
    }
  };
};

/** As `lendGpus` makes it. */
export type LendGpu = ReturnType<typeof lendGpus>;
