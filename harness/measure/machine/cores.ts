import { availableParallelism } from 'node:os';

/**
 * Cores that this process may use: under `taskset` or in a control group fewer than the machine has, which is what `os.cpus()` lists.
 */
export const usableCores = (): number => availableParallelism();
